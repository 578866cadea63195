/* SPDX-License-Identifier: Apache-2.0 */
/* One record to one row: flares with their days, therapies, courses, statements, variables. */
#include "small.h"

static int32_t day(bfl_maybe value) { return value.present ? (int32_t)bfl_decimal_double(value.value) : INT32_MIN; }

static const char *const tki = THERAPY "a,osimertinib,,,d0,d200\na,docetaxel,,,d210,\n";
static const char *const healing =
    LESIONS "a,d-3,t,lung,lung,target,,ct,50,measured,\na,d-3,b,T8,bone,non_target,lytic,ct,,present,\n"
            "a,d42,t,lung,lung,target,,ct,25,measured,\na,d42,b,T8,bone,non_target,,ct,,present,sclerosed;denser\n"
            "a,d98,t,lung,lung,target,,ct,22,measured,\na,d98,b,T8,bone,non_target,,ct,,present,stable\n"
            "a,d200,t,lung,lung,target,,ct,60,measured,\na,d200,b,T8,bone,non_target,,ct,,present,stable\n";

TEST(a_flare_with_its_days) {
    bfl_cohort *c = small_cohort((small_tables){.therapy = tki, .lesions = healing}, (bfl_cohort_options){0});
    const bfl_cohort_patient *p = &c->patients[0];
    CHECK(p->flare == BFL_FLARE_CONFIRMED && p->is_flare && p->image_flare && !p->alp_flare);
    CHECK_INT(day(p->flare_day), 42);
    CHECK(day(p->flare_known_day) >= 42);
    CHECK(p->course_group == BFL_COURSE_FLARE);
    CHECK(p->bone_at_baseline);
    CHECK_INT(day(p->progression_day), 200);
    CHECK_INT(p->time[BFL_COHORT_PFS].day, 200);
    CHECK_INT(p->time[BFL_COHORT_PFS].days, 201); /* policy duration: inclusive */
    CHECK_DECIMAL(p->best_change_percent.value, "-56.0");
    CHECK_TEXT(p->stated_flare, ""); /* nobody's source says anything */
    bfl_cohort_free(c);
}

TEST(therapies_of_one_day_make_one_bar) {
    small_tables t = {.therapy = THERAPY
                      "a,paclitaxel,,,d0,d63\na,carboplatin,,,d0,d84\na,zoledronic acid,,,d0,\na,docetaxel,,,d90,\n",
                      .lesions = healing};
    bfl_cohort *c = small_cohort(t, (bfl_cohort_options){0});
    const bfl_cohort_patient *p = &c->patients[0];
    CHECK_INT(p->therapy_count, 2); /* a bone agent is no anticancer therapy */
    CHECK_TEXT(p->therapies[0].drugs, "carboplatin + paclitaxel");
    CHECK_TEXT(p->therapies[0].classes, "chemotherapy");
    CHECK_INT(p->therapies[0].stop, 84);
    CHECK(p->therapies[0].index && !p->therapies[0].going_on);
    CHECK(p->therapies[1].going_on && !p->therapies[1].index);
    CHECK_INT(p->therapies[1].stop, p->last_day);
    bfl_cohort_free(c);
}

TEST(statements_and_genes) {
    small_tables t = {
        .therapy = THERAPY "a,osimertinib,,,d0,\nb,osimertinib,,,d0,\nc,osimertinib,,,d0,\n",
        .notes = NOTES "a,d40,flare,,45,,\nb,d33,flare,,,,\n",
        .molecular =
            "patient,date,gene,variant,result\na,d-1,EGFR,L858R,\nb,d-1,EGFR,,negative\nb,d90,EGFR,T790M,positive\n"
            "c,d-1,KRAS,G12C,positive\n"};
    bfl_cohort *c = small_cohort(t, (bfl_cohort_options){.by = "KRAS", .flares = BFL_FLARES_STATED});
    CHECK_TEXT(c->patients[0].egfr, "positive"); /* a variant that is named */
    CHECK_TEXT(c->patients[1].egfr, "negative"); /* what came later is no baseline */
    CHECK_TEXT(c->patients[2].egfr, "");
    CHECK_INT(c->group_count, 2);
    CHECK_TEXT(c->groups[c->patients[2].group].label, "positive");
    CHECK_TEXT(c->groups[c->patients[0].group].label, "not stated");
    CHECK_INT(day(c->patients[0].flare_day), 45); /* as printed */
    CHECK_INT(day(c->patients[1].flare_day), 33); /* the date, where no count is printed */
    CHECK_TEXT(c->patients[2].stated_flare, "no");
    CHECK(!c->patients[2].is_flare);
    bfl_cohort_free(c);
}

TEST(courses_as_percent_of_baseline) {
    small_tables t = {
        .therapy = THERAPY "a,osimertinib,,,d0,\n",
        .labs = LABS
        "a,d-20,ALP,150,U/L,45,125\na,d-1,ALP,200,U/L,45,125\na,d20,ALP,300,U/L,45,125\na,d43,ALP,<50,U/L,45,125\n"};
    bfl_cohort *c = small_cohort(t, (bfl_cohort_options){0});
    const bfl_cohort_course *course = &c->patients[0].courses[0];
    CHECK_INT(course->point_count, 4);
    CHECK(!course->points[0].baseline && course->points[1].baseline); /* the last before therapy */
    CHECK(course->points[0].percent.value == 75.0);
    CHECK(course->points[2].percent.value == 150.0);
    CHECK(course->points[3].comparator == BFL_BELOW);
    bfl_cohort_free(c);
}

TEST_CASES(CASE(a_flare_with_its_days), CASE(therapies_of_one_day_make_one_bar), CASE(statements_and_genes),
           CASE(courses_as_percent_of_baseline))
