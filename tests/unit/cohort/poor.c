/* SPDX-License-Identifier: Apache-2.0 */
/* Poor studies: nobody, one patient, one group, no events, missing markers, dirty dates. Words, never NaN, never a wrong number. */
#include "small.h"

/* No number of a cohort is NaN or infinite, and what is missing says nothing or why. */
static void check_all_finite(const bfl_cohort *c) {
    for (size_t t = 0; t < c->table_count; t++)
        for (size_t i = 0; i < c->tables[t].row_count * c->tables[t].column_count; i++) {
            const bfl_cell *cell = &c->tables[t].cells[i];
            CHECK(isfinite(cell->number));
            CHECK(cell->text != NULL && strstr(cell->text, "nan") == NULL && strstr(cell->text, "inf") != cell->text);
        }
}

static const char *const one_patient = THERAPY "a,gefitinib,,,d0,\n";

TEST(nobody) {
    bfl_cohort *c = small_cohort((small_tables){.patients = "patient,sex\n"}, (bfl_cohort_options){0});
    CHECK_INT(c->patient_count, 0);
    CHECK_INT(c->group_count, 0);
    CHECK(c->remark_count > 0);
    CHECK_TEXT(small_cell(c, "survival", "pfs|all", "median"), "no patients");
    CHECK_TEXT(small_cell(c, "flare", "all|flare, confirmed", "percent"), "no patients");
    check_all_finite(c);
    bfl_cohort_free(c);
}

TEST(one_patient_without_images) {
    bfl_cohort *c = small_cohort((small_tables){.therapy = one_patient}, (bfl_cohort_options){0});
    CHECK_INT(c->patient_count, 1);
    CHECK_TEXT(small_cell(c, "response", "all|recist11_flare_note|no assessment", "n"), "1");
    CHECK_TEXT(small_cell(c, "survival_tests", "pfs|log-rank", "statistic"), "no events");
    CHECK_TEXT(small_cell(c, "baseline", "age|median (range), years", "all"), "not stated");
    CHECK_TEXT(small_cell(c, "baseline", "sex|not stated", "gefitinib"), "1 (100.0 %)");
    CHECK_TEXT(small_cell(c, "landmark", "landmark day 84", "flare_n"), "nobody is at risk");
    check_all_finite(c);
    bfl_cohort_free(c);
}

TEST(nobody_is_treated) {
    bfl_cohort *c = small_cohort((small_tables){.patients = "patient,sex\na,F\nb,M\n"}, (bfl_cohort_options){0});
    CHECK_INT(c->group_count, 1);
    CHECK_TEXT(c->groups[0].label, "not stated");
    CHECK(!c->groups[0].stated);
    check_all_finite(c);
    bfl_cohort_free(c);
}

static const char *const two_arms = THERAPY "a,gefitinib,,,d0,\nb,gefitinib,,,d0,\nc,pemetrexed,,,d0,\n"
                                            "d,pemetrexed,,,d0,\n";
static const char *const sizes =
    LESIONS "a,d-1,t,lung,lung,target,,ct,50,measured,\na,d42,t,lung,lung,target,,ct,20,measured,\n"
            "b,d-1,t,lung,lung,target,,ct,50,measured,\nb,d42,t,lung,lung,target,,ct,40,measured,\n"
            "c,d-1,t,lung,lung,target,,ct,50,measured,\nc,d42,t,lung,lung,target,,ct,80,measured,\n"
            "d,d-1,t,lung,lung,target,,ct,50,measured,\n"
            "d,d42,t,lung,lung,target,,ct,75,measured,\n";

/* All events in one group: the ratio runs away, the log-rank test stands. */
TEST(one_group_without_events) {
    bfl_cohort *c = small_cohort((small_tables){.therapy = two_arms, .lesions = sizes}, (bfl_cohort_options){0});
    CHECK_TEXT(small_cell(c, "cox", "pfs|groups|pemetrexed: gefitinib", "ratio"),
               "cannot be estimated: one side has no events");
    CHECK_TEXT(small_cell(c, "survival_tests", "pfs|log-rank", "df"), "1");
    CHECK_TEXT(small_cell(c, "survival", "pfs|gefitinib", "median"), "not reached");
    CHECK_TEXT(small_cell(c, "forest", "all", "ratio"), "cannot be estimated: one side has no events");
    CHECK_TEXT(small_cell(c, "response", "pemetrexed|recist11|PD", "n"), "2");
    check_all_finite(c);
    bfl_cohort_free(c);
}

TEST(markers_without_a_baseline_or_with_one_of_zero) {
    small_tables t = {.therapy = THERAPY "a,gefitinib,,,d0,\nb,gefitinib,,,d0,\nc,gefitinib,,,d0,\n",
                      .lesions = LESIONS
                      "a,d-1,b,T8,bone,non_target,lytic,ct,,present,\nb,d-1,b,T8,bone,non_target,lytic,ct,,present,\n"
                      "c,d-1,b,T8,bone,non_target,lytic,ct,,present,\n",
                      .labs = LABS "a,d5,ALP,100,U/L,45,125\na,d21,ALP,90,U/L,45,125\n" /* no baseline */
                                   "b,d-1,CEA,0,ng/mL,0,5\nb,d21,CEA,3,ng/mL,0,5\n"     /* of zero */
                                   "c,d-1,ALP,100,U/L,45,125\n"};                       /* nothing later */
    bfl_cohort *c = small_cohort(t, (bfl_cohort_options){0});
    CHECK_INT(c->marker_count, 0);
    CHECK(strstr(c->remarks[0], "no serial markers") != NULL);
    const bfl_cohort_course *course = &c->patients[0].courses[0];
    CHECK(!course->points[0].percent.present && !course->points[0].baseline);
    check_all_finite(c);
    bfl_cohort_free(c);
}

TEST(text_that_would_break_a_table) {
    small_tables t = {.patients = "patient,sex\n\"x,\"\"y\",F\n",
                      .therapy = THERAPY "\"x,\"\"y\",\"drug, \"\"A\"\"\",chemotherapy,anticancer,d0,\n"};
    bfl_cohort *c = small_cohort(t, (bfl_cohort_options){0});
    CHECK_TEXT(c->groups[0].label, "drug, \"A\"");
    check_all_finite(c);
    bfl_cohort_free(c);
}

/* Death before therapy, a death without a calendar, events in the wrong order: kept as issues, not as times. */
TEST(dirty_dates) {
    small_tables t = {.patients = "patient,death_date\na,d-5\nb,2019-05-01\nc,d30\n",
                      .therapy = THERAPY "a,gefitinib,,,d0,\nb,gefitinib,,,d0,\nc,gefitinib,,,d0,\n",
                      .lesions = LESIONS
                      "c,d-1,t,lung,lung,target,,ct,50,measured,\nc,d42,t,lung,lung,target,,ct,20,measured,\n"};
    bfl_cohort *c = small_cohort(t, (bfl_cohort_options){0});
    CHECK_INT(c->patient_count, 3);
    CHECK(c->issue_count > 0);
    check_all_finite(c);
    bfl_cohort_free(c);
}

TEST_CASES(CASE(nobody), CASE(one_patient_without_images), CASE(nobody_is_treated), CASE(one_group_without_events),
           CASE(markers_without_a_baseline_or_with_one_of_zero), CASE(text_that_would_break_a_table), CASE(dirty_dates))
