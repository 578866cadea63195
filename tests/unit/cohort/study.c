/* SPDX-License-Identifier: Apache-2.0 */
/* The bundled study through the C face, and calls that are wrong. */
#include "small.h"

#include <stdlib.h>

static bfl_study *bundled(void) {
    const char *source = getenv("BFL_SOURCE");
    char path[1024];
    bfl_study *study = NULL;
    (void)snprintf(path, sizeof path, "%s/examples/cohort_shi2021/study", source ? source : ".");
    CHECK_INT(bfl_study_read(path, NULL, &study, NULL), BFL_OK);
    return study;
}

static bfl_rulebook *book(const char *overlay) {
    bfl_rulebook *rulebook = NULL;
    CHECK_INT(bfl_rulebook_open(bfl_text_of(overlay), &rulebook, NULL), BFL_OK);
    return rulebook;
}

static bfl_cohort *build(bfl_cohort_options options) {
    bfl_study *study = bundled();
    bfl_rulebook *rulebook = book("");
    bfl_cohort *cohort = NULL;
    options.struct_size = sizeof options;
    if (study && rulebook) CHECK_INT(bfl_cohort_build(study, rulebook, &options, &cohort, NULL), BFL_OK);
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return cohort;
}

TEST(groups_and_their_sizes) {
    bfl_cohort *c = build((bfl_cohort_options){0});
    CHECK_INT(c->patient_count, 57);
    CHECK_INT(c->group_count, 4);
    CHECK_TEXT(c->groups[0].label, "bevacizumab + carboplatin + paclitaxel");
    CHECK_INT(c->groups[0].count, 35);
    CHECK_INT(c->groups[3].count, 5);
    CHECK_TEXT(small_cell(c, "response", "all|recist11_flare_note|PR", "n"), "24");
    CHECK_TEXT(small_cell(c, "response", "all|recist11|PR", "n"), "23"); /* one flare is progression, read literally */
    CHECK_TEXT(small_cell(c, "flare", "all|flare, as the source says", "percent"), "23.3");
    const bfl_cohort_curve *all = bfl_cohort_curve_find(c, BFL_COHORT_PFS, BFL_COHORT_ALL);
    CHECK(all && all->patients == 57);
    CHECK(bfl_cohort_curve_find(c, BFL_COHORT_OS, 4) == NULL);
    CHECK(bfl_cohort_table_find(c, "nothing") == NULL);
    for (size_t i = 0; i < c->curve_count; i++)
        for (size_t k = 0; k < c->risk_count; k++) CHECK(c->curves[i].at_risk[k] <= c->curves[i].patients);
    bfl_cohort_free(c);
}

/* The numbers of rulebook/cohort, each seen in what it does. */
TEST(the_rulebooks_numbers) {
    bfl_cohort *c = build((bfl_cohort_options){.flares = BFL_FLARES_STATED});
    CHECK_INT(c->landmark.day, 84);
    CHECK_TEXT(small_cell(c, "landmark", "landmark day 84", "flare_n"), "5");
    CHECK_TEXT(small_cell(c, "onset", "all|percent of flares up to day 50", "value"), "71.43");
    CHECK_INT(c->markers[0].line[BFL_COURSE_FLARE][1].day, 21);
    CHECK_INT(c->markers[0].line[BFL_COURSE_FLARE][1].n, 7);
    CHECK_TEXT(small_cell(c, "baseline", "age|under 65", "all"), "32 (56.1 %)");
    CHECK_TEXT(small_cell(c, "baseline", "age|65 or over", "all"), "25 (43.9 %)");
    bfl_cohort_free(c);
}

TEST(whose_flares_count) {
    bfl_cohort *called = build((bfl_cohort_options){0});
    bfl_cohort *stated = build((bfl_cohort_options){.flares = BFL_FLARES_STATED});
    size_t ours = 0, theirs = 0;
    for (size_t i = 0; i < 57; i++) {
        CHECK(called->patients[i].flare == stated->patients[i].flare);
        ours += called->patients[i].is_flare;
        theirs += stated->patients[i].is_flare;
        bool suspected = called->patients[i].flare >= BFL_FLARE_SUSPECTED;
        CHECK(called->patients[i].is_flare == suspected);
    }
    CHECK_INT(theirs, 7);
    CHECK(ours <= 7);
    CHECK_INT(stated->markers[0].patients[BFL_COURSE_FLARE], 7);
    CHECK_INT(stated->markers[0].patients[BFL_COURSE_BENEFIT], 13);
    CHECK_INT(stated->markers[0].patients[BFL_COURSE_PROGRESSION], 5);
    bfl_cohort_free(called);
    bfl_cohort_free(stated);
}

static bfl_status build_with(bfl_cohort_options options, const char *overlay, bfl_error *err) {
    static char untouched;
    bfl_study *study = bundled();
    bfl_rulebook *rulebook = book(overlay);
    bfl_cohort *cohort = (bfl_cohort *)(void *)&untouched;
    options.struct_size = sizeof options;
    bfl_status status = bfl_cohort_build(study, rulebook, &options, &cohort, err);
    if (status)
        CHECK((void *)cohort == (void *)&untouched);
    else
        bfl_cohort_free(cohort);
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return status;
}

TEST(wrong_calls_are_refused) {
    bfl_error err = {.status = BFL_OK};
    bfl_cohort *out = NULL;
    CHECK_INT(bfl_cohort_build(NULL, NULL, NULL, &out, &err), BFL_EINVAL);
    CHECK_INT(build_with((bfl_cohort_options){.level = 1}, "", &err), BFL_EINVAL);
    CHECK_TEXT(err.where, "level");
    CHECK_INT(build_with((bfl_cohort_options){.level = -0.5}, "", &err), BFL_EINVAL);
    CHECK_INT(build_with((bfl_cohort_options){.landmark_day = -1}, "", &err), BFL_EINVAL);
    CHECK_TEXT(err.where, "landmark_day");
    CHECK_INT(build_with((bfl_cohort_options){.by = "shoe size"}, "", &err), BFL_ENOTFOUND);
    CHECK(strstr(err.message, "treatment, class, sex") && strstr(err.message, "EGFR"));
    CHECK_INT(build_with((bfl_cohort_options){.criterion = "who1979"}, "", &err), BFL_ENOTFOUND);
    CHECK(strstr(err.message, "recist11_flare_note") != NULL);
    CHECK_INT(build_with((bfl_cohort_options){0}, "{\"endpoint.policy.cr_then_pr\": {\"default\": \"perhaps\"}}", &err),
              BFL_EPARSE);
    CHECK_INT(bfl_cohort_text(NULL, (bfl_sink){NULL, NULL}, &err), BFL_EINVAL);
    CHECK_INT(bfl_cohort_json(NULL, (bfl_sink){NULL, NULL}, &err), BFL_EINVAL);
    CHECK_INT(bfl_cohort_table_csv(NULL, (bfl_sink){NULL, NULL}, &err), BFL_EINVAL);
    CHECK_INT(bfl_cohort_adam(NULL, BFL_ADAM_ADRS, (bfl_sink){NULL, NULL}, &err), BFL_EINVAL);
    CHECK(bfl_cohort_table_find(NULL, "response") == NULL);
    CHECK(bfl_cohort_curve_find(NULL, BFL_COHORT_OS, 0) == NULL);
    bfl_cohort_free(NULL);
}

/* A sink that takes so many calls. */
static bool take(void *context, const char *data, size_t size) {
    (void)data, (void)size;
    return (*(int *)context)-- > 0;
}

TEST(a_full_disk_is_reported) {
    bfl_cohort *c = build((bfl_cohort_options){0});
    for (int calls = 0; calls < 2; calls++) {
        int left = calls;
        bfl_error err = {.status = BFL_OK};
        bfl_status status = bfl_cohort_adam(c, BFL_ADAM_ADRS, (bfl_sink){take, &left}, &err);
        CHECK_INT(status, BFL_EIO);
        CHECK_INT(err.status, BFL_EIO);
    }
    int enough = 1000;
    CHECK_INT(bfl_cohort_adam(c, BFL_ADAM_ADRS, (bfl_sink){take, &enough}, NULL), BFL_OK);
    CHECK_INT(bfl_cohort_adam(c, (bfl_adam)99, (bfl_sink){take, &enough}, NULL), BFL_EINVAL);
    bfl_cohort_free(c);
}

TEST_CASES(CASE(groups_and_their_sizes), CASE(the_rulebooks_numbers), CASE(whose_flares_count),
           CASE(wrong_calls_are_refused), CASE(a_full_disk_is_reported))
