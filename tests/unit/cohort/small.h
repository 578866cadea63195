/* SPDX-License-Identifier: Apache-2.0 */
/* Small studies written as tables, and cohorts made of them. */
#ifndef BFL_TEST_SMALL_H
#define BFL_TEST_SMALL_H

#include "test.h"

#include "cohort/cohort.h"

#define THERAPY "patient,drug,class,intent,start,stop\n"
#define LESIONS "patient,date,lesion,site,organ,role,matrix,modality,longest_mm,state,change\n"
#define LABS "patient,date,analyte,value,unit,ref_low,ref_high\n"
#define NOTES "patient,date,topic,value,stated_day,text,source\n"

/* NULL: no such table. */
typedef struct small_tables {
    const char *patients, *therapy, *lesions, *labs, *notes, *molecular;
} small_tables;

static inline bfl_study *small_study(small_tables t) {
    const struct {
        const char *name, *bytes;
    } all[] = {{"patients.csv", t.patients}, {"therapy.csv", t.therapy}, {"lesions.csv", t.lesions},
               {"labs.csv", t.labs},         {"notes.csv", t.notes},     {"molecular.csv", t.molecular}};
    bfl_table_bytes tables[6];
    size_t count = 0;
    bfl_study *study = NULL;
    bfl_error err = {.status = BFL_OK};
    for (size_t i = 0; i < 6; i++)
        if (all[i].bytes) tables[count++] = (bfl_table_bytes){all[i].name, bfl_text_of(all[i].bytes)};
    CHECK_INT(bfl_casefolder_parse(tables, count, NULL, &study, &err), BFL_OK);
    if (!study) printf("# %s: %s\n", err.where, err.message);
    return study;
}

/* The cohort owns nothing of the study, which is gone before it is looked at. */
static inline bfl_cohort *small_cohort(small_tables t, bfl_cohort_options options) {
    bfl_study *study = small_study(t);
    bfl_rulebook *rulebook = NULL;
    bfl_cohort *cohort = NULL;
    bfl_error err = {.status = BFL_OK};
    options.struct_size = sizeof options;
    CHECK_INT(bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, NULL), BFL_OK);
    if (study && rulebook) CHECK_INT(bfl_cohort_build(study, rulebook, &options, &cohort, &err), BFL_OK);
    if (!cohort) printf("# %s: %s\n", err.where, err.message);
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return cohort;
}

/* The cell of a table in the first row whose first cells read as given ("all|median day"); its text, or "(none)". */
static inline const char *small_cell(const bfl_cohort *c, const char *table, const char *row, const char *column) {
    const bfl_cohort_table *t = bfl_cohort_table_find(c, table);
    size_t at = 0;
    if (!t) return "(no table)";
    while (at < t->column_count && strcmp(t->columns[at], column) != 0) at++;
    if (at == t->column_count) return "(no column)";
    for (size_t r = 0; r < t->row_count; r++) {
        const char *wanted = row;
        bool same = true;
        for (size_t k = 0; *wanted && same; k++) {
            const char *cell = t->cells[r * t->column_count + k].text;
            size_t n = strcspn(wanted, "|");
            same = k < t->column_count && strlen(cell) == n && strncmp(cell, wanted, n) == 0;
            wanted += n + (wanted[n] == '|');
        }
        if (same) return t->cells[r * t->column_count + at].text;
    }
    return "(none)";
}

#endif
