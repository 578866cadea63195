/* SPDX-License-Identifier: Apache-2.0 */
/* The published figures: the table says what the papers print, and the simulator stays in their bands. */
#include "sim/sim.h"
#include "test.h"

#include <stdlib.h>

enum { PATIENTS = 400 };

static bfl_rulebook *open_rulebook(void) {
    bfl_rulebook *rulebook = NULL;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    return rulebook;
}

/* What the papers print; a slip in the rulebook would let the simulator be tuned to it. */
static const struct printed {
    const char *rule;
    double published, low, high; /* published 0: only a direction or a span is */
} table[] = {
    {"sim.anchor.chao_share", 0.212, 0.11, 0.38},         /* 7/33 */
    {"sim.anchor.chao_day", 34, 29, 77},                  /* median, range */
    {"sim.anchor.shi_share", 0.233, 0.12, 0.41},          /* 7/30 */
    {"sim.anchor.shi_day", 45, 41, 125},                  /* median, range */
    {"sim.anchor.shi_alp_benefit", 0, 60, 100},           /* falls */
    {"sim.anchor.shi_alp_flare", 0, 42, 100},             /* falls more: 98 of 142, 69 of 164 U/L */
    {"sim.anchor.shi_alp_progression", 0, 100, 250},      /* rises */
    {"sim.anchor.shi_rose_first", 0.571, 0.25, 0.84},     /* 4/7 */
    {"sim.anchor.kanaoka_share", 0.822, 0.69, 0.91},      /* 37/45 */
    {"sim.anchor.stattaus_new", 0.708, 0.51, 0.85},       /* 17/24 */
    {"sim.anchor.stattaus_hu", 153, 76, 230},             /* mean */
    {"sim.anchor.lemieux_worse", 0.242, 0.13, 0.41},      /* 8/33 */
    {"sim.anchor.lemieux_confirmed", 0.25, 0.07, 0.59},   /* 2/8 */
    {"sim.anchor.hong_bone_first", 0.487, 0.38, 0.6},     /* 37/76 */
    {"sim.anchor.hong_day", 271, 146, 395},               /* 8.9 (4.8-13.0) months */
    {"sim.anchor.jung_flare", 0.5, 0.42, 0.58},           /* 80/160 */
    {"sim.anchor.jung_alp", 0, 0.1, 1},                   /* direction */
    {"sim.anchor.jiangsu_flare", -20, -60, 0},            /* U/L */
    {"sim.anchor.jiangsu_progression", 33, 0, 100},       /* U/L */
    {"sim.anchor.coleman_responders", 0.938, 0.72, 0.99}, /* 15/16 */
    {"sim.anchor.coleman_others", 0.217, 0.1, 0.42},      /* 5/23 */
    {"sim.anchor.coleman_scan", 0.75, 0.51, 0.9},         /* 12/16 */
    {"sim.anchor.mikah_peak", 0, 14, 28},                 /* weeks 2-4 */
    {"sim.anchor.mikah_return", 56, 28, 56},              /* 8 weeks */
};
enum { FIGURES = sizeof table / sizeof *table };

TEST(figures_are_those_printed_and_met) {
    bfl_rulebook *rulebook = open_rulebook();
    bfl_sim_calibration *made = NULL;
    CHECK_INT(bfl_sim_calibrate(rulebook, NULL, PATIENTS, &made, NULL), BFL_OK);
    for (size_t i = 0; made && i < FIGURES; i++) {
        const bfl_sim_anchor *a = bfl_sim_calibration_at(made, i);
        CHECK(a != NULL);
        if (!a) break;
        CHECK_TEXT(a->rule->id, table[i].rule);
        CHECK(fabs(a->published - table[i].published) < 1e-9);
        CHECK(a->printed == (fabs(table[i].published) > 0));
        CHECK(fabs(a->low - table[i].low) < 1e-9 && fabs(a->high - table[i].high) < 1e-9);
        CHECK(a->patients >= PATIENTS / 10);
        CHECK(a->fits);
        if (!a->fits)
            printf("# %s: %lld thousandths, allowed %lld to %lld\n", a->rule->id, llround(a->simulated * 1000),
                   llround(a->low * 1000), llround(a->high * 1000));
    }
    if (made) CHECK(bfl_sim_calibration_at(made, FIGURES) == NULL);
    bfl_sim_calibration_free(made);
    bfl_rulebook_free(rulebook);
}

/* Without repair there is no flare, and the comparison says so. */
TEST(a_model_without_flares_is_found_out) {
    bfl_rulebook *rulebook = NULL;
    bfl_sim_calibration *made = NULL;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT("{\"sim.bone.repair\":{\"precursor_ratio\":0}}"), &rulebook, NULL), BFL_OK);
    CHECK_INT(bfl_sim_calibrate(rulebook, NULL, 60, &made, NULL), BFL_OK);
    for (size_t i = 0; made && i < FIGURES; i++) {
        const bfl_sim_anchor *a = bfl_sim_calibration_at(made, i);
        if (strcmp(a->rule->id, "sim.anchor.kanaoka_share") == 0) CHECK(!a->fits && a->simulated < a->low);
        if (strcmp(a->rule->id, "sim.anchor.coleman_responders") == 0) CHECK(!a->fits && a->simulated < a->low);
    }
    bfl_sim_calibration_free(made);
    bfl_rulebook_free(rulebook);
}

TEST(what_it_refuses) {
    bfl_rulebook *rulebook = open_rulebook();
    bfl_sim_calibration *made = NULL;
    bfl_sim_options options = {.struct_size = 1};
    CHECK_INT(bfl_sim_calibrate(NULL, NULL, 10, &made, NULL), BFL_EINVAL);
    CHECK_INT(bfl_sim_calibrate(rulebook, NULL, 10, NULL, NULL), BFL_EINVAL);
    CHECK_INT(bfl_sim_calibrate(rulebook, NULL, 0, &made, NULL), BFL_EINVAL);
    CHECK_INT(bfl_sim_calibrate(rulebook, NULL, 100001, &made, NULL), BFL_EINVAL);
    CHECK_INT(bfl_sim_calibrate(rulebook, &options, 10, &made, NULL), BFL_EINVAL);
    CHECK(made == NULL);
    bfl_sim_calibration_free(NULL);
    bfl_rulebook_free(rulebook);
}

TEST_CASES(CASE(figures_are_those_printed_and_met), CASE(a_model_without_flares_is_found_out), CASE(what_it_refuses))
