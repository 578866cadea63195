/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a case folder and their columns, in the order in which they are written. docs/case-folder.md explains each. */
#ifndef BFL_CASEFOLDER_TABLES_H
#define BFL_CASEFOLDER_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#define PATIENTS_COLUMNS(X) \
    X(PATIENTS, ID, "patient") X(PATIENTS, SEX, "sex") X(PATIENTS, BIRTH, "birth_date") X(PATIENTS, AGE, "age") \
    X(PATIENTS, TUMOUR, "tumour") X(PATIENTS, HISTOLOGY, "histology") X(PATIENTS, SMOKING, "smoking") \
    X(PATIENTS, STAGE, "stage") X(PATIENTS, TNM, "tnm") X(PATIENTS, TNM_EDITION, "tnm_edition") \
    X(PATIENTS, DEATH, "death_date") X(PATIENTS, DAY0, "day0") X(PATIENTS, LABEL, "label") X(PATIENTS, NOTE, "note") \
    X(PATIENTS, SOURCE, "source")
#define THERAPY_COLUMNS(X) \
    X(THERAPY, ID, "patient") X(THERAPY, DRUG, "drug") X(THERAPY, CLASS, "class") X(THERAPY, INTENT, "intent") \
    X(THERAPY, START, "start") X(THERAPY, STOP, "stop") X(THERAPY, DOSE, "dose") X(THERAPY, LINE, "line") \
    X(THERAPY, REASON, "reason_stopped") X(THERAPY, SITE, "site") X(THERAPY, NOTE, "note") X(THERAPY, SOURCE, "source")
#define LESIONS_COLUMNS(X) \
    X(LESIONS, ID, "patient") X(LESIONS, DATE, "date") X(LESIONS, LESION, "lesion") X(LESIONS, SITE, "site") \
    X(LESIONS, ORGAN, "organ") X(LESIONS, ROLE, "role") X(LESIONS, MATRIX, "matrix") X(LESIONS, MODALITY, "modality") \
    X(LESIONS, LONGEST, "longest_mm") X(LESIONS, SHORT, "short_mm") X(LESIONS, STATE, "state") \
    X(LESIONS, CHANGE, "change") X(LESIONS, HU, "hu_mean") X(LESIONS, SUV, "suv_max") X(LESIONS, UPTAKE, "uptake") \
    X(LESIONS, BEYOND_BONE, "beyond_bone") X(LESIONS, SOFT_TISSUE, "soft_tissue_mm") X(LESIONS, NUMBER, "count") \
    X(LESIONS, SLICE, "slice_mm") X(LESIONS, NOTE, "note") X(LESIONS, SOURCE, "source")
#define LABS_COLUMNS(X) \
    X(LABS, ID, "patient") X(LABS, DATE, "date") X(LABS, ANALYTE, "analyte") X(LABS, VALUE, "value") \
    X(LABS, UNIT, "unit") X(LABS, LOW, "ref_low") X(LABS, HIGH, "ref_high") X(LABS, METHOD, "method") \
    X(LABS, NOTE, "note") X(LABS, SOURCE, "source")
#define CLINICAL_COLUMNS(X) \
    X(CLINICAL, ID, "patient") X(CLINICAL, DATE, "date") X(CLINICAL, ITEM, "item") X(CLINICAL, VALUE, "value") \
    X(CLINICAL, UNIT, "unit") X(CLINICAL, SITE, "site") X(CLINICAL, NOTE, "note") X(CLINICAL, SOURCE, "source")
#define MOLECULAR_COLUMNS(X) \
    X(MOLECULAR, ID, "patient") X(MOLECULAR, DATE, "date") X(MOLECULAR, GENE, "gene") X(MOLECULAR, VARIANT, "variant") \
    X(MOLECULAR, RESULT, "result") X(MOLECULAR, METHOD, "method") X(MOLECULAR, SPECIMEN, "specimen") \
    X(MOLECULAR, NOTE, "note") X(MOLECULAR, SOURCE, "source")
#define PATHOLOGY_COLUMNS(X) \
    X(PATHOLOGY, ID, "patient") X(PATHOLOGY, DATE, "date") X(PATHOLOGY, SITE, "site") X(PATHOLOGY, ORGAN, "organ") \
    X(PATHOLOGY, PROCEDURE, "procedure") X(PATHOLOGY, RESULT, "result") X(PATHOLOGY, NOTE, "note") \
    X(PATHOLOGY, SOURCE, "source")
#define NOTES_COLUMNS(X) \
    X(NOTES, ID, "patient") X(NOTES, DATE, "date") X(NOTES, TOPIC, "topic") X(NOTES, VALUE, "value") \
    X(NOTES, STATED_DAY, "stated_day") X(NOTES, TEXT, "text") X(NOTES, SOURCE, "source")
/* clang-format on */

#define COLUMN_ENUM(table, name, text) table##_##name,
enum { PATIENTS_COLUMNS(COLUMN_ENUM) PATIENTS_COUNT };
enum { THERAPY_COLUMNS(COLUMN_ENUM) THERAPY_COUNT };
enum { LESIONS_COLUMNS(COLUMN_ENUM) LESIONS_COUNT };
enum { LABS_COLUMNS(COLUMN_ENUM) LABS_COUNT };
enum { CLINICAL_COLUMNS(COLUMN_ENUM) CLINICAL_COUNT };
enum { MOLECULAR_COLUMNS(COLUMN_ENUM) MOLECULAR_COUNT };
enum { PATHOLOGY_COLUMNS(COLUMN_ENUM) PATHOLOGY_COUNT };
enum { NOTES_COLUMNS(COLUMN_ENUM) NOTES_COUNT };
enum { LARGEST_COLUMN_COUNT = LESIONS_COUNT };

/* Which table; patients first, for the others name its patients. */
typedef enum table_id {
    TABLE_PATIENTS,
    TABLE_THERAPY,
    TABLE_LESIONS,
    TABLE_LABS,
    TABLE_CLINICAL,
    TABLE_MOLECULAR,
    TABLE_PATHOLOGY,
    TABLE_NOTES,
    TABLE_COUNT
} table_id;

typedef struct table {
    table_id id;
    const char *file;
    const char *const *columns;
    size_t column_count;
    uint32_t needed_columns; /* set of columns the header must have */
    uint32_t needed_cells;   /* set of cells that may not be empty */
} table;

/* tables.c */
extern const table bfl_casefolder_tables[TABLE_COUNT];

#endif
