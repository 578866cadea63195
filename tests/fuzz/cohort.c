/* SPDX-License-Identifier: Apache-2.0 */
/* Whole studies: the input is a notes.csv, whose statements about the study are computed. Whatever they say, every table is whole. */
#include "fuzz.h"

#include "cohort/cohort.h"

#include <math.h>

static const char patients[] = "patient,sex,age\na,F,60\nb,M,71\n";
static const char therapy[] = "patient,drug,class,intent,start,stop\na,gefitinib,,,d0,\nb,pemetrexed,,,d0,\n";
static const char lesions[] =
    "patient,date,lesion,site,organ,role,matrix,modality,longest_mm,state,change\n"
    "a,d-1,t,lung,lung,target,,ct,50,measured,\na,d-1,b,T8,bone,non_target,lytic,ct,,present,\n"
    "a,d42,t,lung,lung,target,,ct,20,measured,\na,d42,b,T8,bone,non_target,,ct,,present,sclerosed\n"
    "b,d-1,t,lung,lung,target,,ct,50,measured,\nb,d42,t,lung,lung,target,,ct,70,measured,\n";

static bool take(void *context, const char *data, size_t size) {
    (void)context;
    PROMISE(size == 0 || data != NULL);
    return true;
}

static void check_table(const bfl_cohort_table *t) {
    PROMISE(t->column_count > 0);
    for (size_t i = 0; i < t->row_count * t->column_count; i++)
        PROMISE(t->cells[i].text != NULL && isfinite(t->cells[i].number));
    PROMISE(bfl_cohort_table_csv(t, (bfl_sink){take, NULL}, NULL) == BFL_OK);
}

static void check_cohort(const bfl_cohort *c) {
    const bfl_sink sink = {take, NULL};
    PROMISE(c->patient_count >= 2);
    for (size_t i = 0; i < c->table_count; i++) check_table(&c->tables[i]);
    for (int i = 0; i < BFL_ADAM_COUNT; i++) PROMISE(bfl_cohort_adam(c, (bfl_adam)i, sink, NULL) == BFL_OK);
    PROMISE(bfl_cohort_json(c, sink, NULL) == BFL_OK && bfl_cohort_text(c, sink, NULL) == BFL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const bfl_table_bytes tables[] = {{"patients.csv", BFL_TEXT(patients)},
                                      {"therapy.csv", BFL_TEXT(therapy)},
                                      {"lesions.csv", BFL_TEXT(lesions)},
                                      {"notes.csv", fuzz_text(data, size)}};
    const bfl_limits limits = {.struct_size = sizeof limits, .rows = 100, .field_bytes = 1000};
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {.status = BFL_OK};
    bfl_status status = bfl_casefolder_parse(tables, 4, &limits, &study, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        return 0;
    }
    PROMISE(bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, &err) == BFL_OK);
    for (int whose = BFL_FLARES_CALLED; whose <= BFL_FLARES_STATED; whose++) {
        bfl_cohort_options options = {.struct_size = sizeof options, .threads = 1, .flares = (bfl_flares)whose};
        bfl_cohort *cohort = NULL;
        PROMISE(bfl_cohort_build(study, rulebook, &options, &cohort, &err) == BFL_OK);
        check_cohort(cohort);
        bfl_cohort_free(cohort);
    }
    bfl_rulebook_free(rulebook);
    bfl_study_free(study);
    return 0;
}
