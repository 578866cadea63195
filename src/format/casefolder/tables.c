/* SPDX-License-Identifier: Apache-2.0 */
#include "format/casefolder/tables.h"

#define COLUMN_TEXT(table, name, text) text,
static const char *const patients_columns[] = {PATIENTS_COLUMNS(COLUMN_TEXT)};
static const char *const therapy_columns[] = {THERAPY_COLUMNS(COLUMN_TEXT)};
static const char *const lesions_columns[] = {LESIONS_COLUMNS(COLUMN_TEXT)};
static const char *const labs_columns[] = {LABS_COLUMNS(COLUMN_TEXT)};
static const char *const clinical_columns[] = {CLINICAL_COLUMNS(COLUMN_TEXT)};
static const char *const molecular_columns[] = {MOLECULAR_COLUMNS(COLUMN_TEXT)};
static const char *const pathology_columns[] = {PATHOLOGY_COLUMNS(COLUMN_TEXT)};
static const char *const notes_columns[] = {NOTES_COLUMNS(COLUMN_TEXT)};

#define BIT(column) (1u << (column))

const table bfl_casefolder_tables[TABLE_COUNT] = {
    {TABLE_PATIENTS, "patients.csv", patients_columns, PATIENTS_COUNT, BIT(PATIENTS_ID), BIT(PATIENTS_ID)},
    {TABLE_THERAPY, "therapy.csv", therapy_columns, THERAPY_COUNT,
     BIT(THERAPY_ID) | BIT(THERAPY_DRUG) | BIT(THERAPY_START), BIT(THERAPY_ID) | BIT(THERAPY_DRUG)},
    {TABLE_LESIONS, "lesions.csv", lesions_columns, LESIONS_COUNT,
     BIT(LESIONS_ID) | BIT(LESIONS_DATE) | BIT(LESIONS_LESION), BIT(LESIONS_ID) | BIT(LESIONS_LESION)},
    {TABLE_LABS, "labs.csv", labs_columns, LABS_COUNT,
     BIT(LABS_ID) | BIT(LABS_DATE) | BIT(LABS_ANALYTE) | BIT(LABS_VALUE) | BIT(LABS_UNIT),
     BIT(LABS_ID) | BIT(LABS_ANALYTE) | BIT(LABS_VALUE)},
    {TABLE_CLINICAL, "clinical.csv", clinical_columns, CLINICAL_COUNT,
     BIT(CLINICAL_ID) | BIT(CLINICAL_DATE) | BIT(CLINICAL_ITEM) | BIT(CLINICAL_VALUE),
     BIT(CLINICAL_ID) | BIT(CLINICAL_ITEM) | BIT(CLINICAL_VALUE)},
    {TABLE_MOLECULAR, "molecular.csv", molecular_columns, MOLECULAR_COUNT,
     BIT(MOLECULAR_ID) | BIT(MOLECULAR_GENE) | BIT(MOLECULAR_RESULT), BIT(MOLECULAR_ID) | BIT(MOLECULAR_GENE)},
    {TABLE_PATHOLOGY, "pathology.csv", pathology_columns, PATHOLOGY_COUNT, BIT(PATHOLOGY_ID) | BIT(PATHOLOGY_RESULT),
     BIT(PATHOLOGY_ID) | BIT(PATHOLOGY_RESULT)},
    {TABLE_NOTES, "notes.csv", notes_columns, NOTES_COUNT, BIT(NOTES_ID) | BIT(NOTES_TOPIC),
     BIT(NOTES_ID) | BIT(NOTES_TOPIC)},
};
