/* SPDX-License-Identifier: Apache-2.0 */
/* Tables 1 to 3 of Eisenhauer 2009, row by row in their own words. */
#include "test.h"

#include "criteria/recist/parts.h"

#define CR BFL_RESPONSE_CR
#define PR BFL_RESPONSE_PR
#define SD BFL_RESPONSE_SD
#define NON BFL_RESPONSE_NON_CR_NON_PD
#define PD BFL_RESPONSE_PD
#define NE BFL_RESPONSE_NE
#define NONE BFL_RESPONSE_NONE
#define NO BFL_NEW_NONE
#define YES BFL_NEW_UNEQUIVOCAL

static const char *overall(bfl_response target, bfl_response nontarget, bfl_new_lesions new_lesions) {
    bfl_rule_index table;
    return bfl_response_word(bfl_recist_overall(target, nontarget, new_lesions, &table));
}

/* "Table 1 - Time point response: patients with target (+/- non-target) disease." */
TEST(table_1_target_disease) {
    CHECK_TEXT(overall(CR, CR, NO), "CR");  /* CR | CR | No | CR */
    CHECK_TEXT(overall(CR, NON, NO), "PR"); /* CR | Non-CR/non-PD | No | PR */
    CHECK_TEXT(overall(CR, NE, NO), "PR");  /* CR | Not evaluated | No | PR */
    CHECK_TEXT(overall(PR, CR, NO), "PR");  /* PR | Non-PD or not all evaluated | No | PR */
    CHECK_TEXT(overall(PR, NON, NO), "PR");
    CHECK_TEXT(overall(PR, NE, NO), "PR");
    CHECK_TEXT(overall(SD, CR, NO), "SD"); /* SD | Non-PD or not all evaluated | No | SD */
    CHECK_TEXT(overall(SD, NON, NO), "SD");
    CHECK_TEXT(overall(SD, NE, NO), "SD");
    CHECK_TEXT(overall(NE, CR, NO), "NE"); /* Not all evaluated | Non-PD | No | NE */
    CHECK_TEXT(overall(NE, NON, NO), "NE");
    CHECK_TEXT(overall(NE, NE, NO), "NE");
    const bfl_response any[] = {CR, PR, SD, NE, PD};
    const bfl_response any_nontarget[] = {NONE, CR, NON, PD, NE};
    for (size_t i = 0; i < 5; i++) {
        CHECK_TEXT(overall(PD, any_nontarget[i], NO), "PD"); /* PD | Any | Yes or No | PD */
        CHECK_TEXT(overall(PD, any_nontarget[i], YES), "PD");
        CHECK_TEXT(overall(any[i], PD, NO), "PD"); /* Any | PD | Yes or No | PD */
        CHECK_TEXT(overall(any[i], PD, YES), "PD");
        for (size_t j = 0; j < 5; j++)
            CHECK_TEXT(overall(any[i], any_nontarget[j], YES), "PD"); /* Any | Any | Yes | PD */
    }
}

TEST(table_1_without_non_target_lesions) {
    CHECK_TEXT(overall(CR, NONE, NO), "CR");
    CHECK_TEXT(overall(PR, NONE, NO), "PR");
    CHECK_TEXT(overall(SD, NONE, NO), "SD");
    CHECK_TEXT(overall(NE, NONE, NO), "NE");
}

/* "Table 2 - Time point response: patients with non-target disease only." */
TEST(table_2_non_target_disease_only) {
    CHECK_TEXT(overall(NONE, CR, NO), "CR");             /* CR | No | CR */
    CHECK_TEXT(overall(NONE, NON, NO), "non-CR/non-PD"); /* Non-CR/non-PD | No | Non-CR/non-PD */
    CHECK_TEXT(overall(NONE, NE, NO), "NE");             /* Not all evaluated | No | NE */
    CHECK_TEXT(overall(NONE, PD, NO), "PD");             /* Unequivocal PD | Yes or No | PD */
    CHECK_TEXT(overall(NONE, PD, YES), "PD");
    CHECK_TEXT(overall(NONE, CR, YES), "PD"); /* Any | Yes | PD */
    CHECK_TEXT(overall(NONE, NON, YES), "PD");
    CHECK_TEXT(overall(NONE, NE, YES), "PD");
    CHECK_TEXT(overall(NONE, NONE, YES), "PD");
    CHECK_TEXT(overall(NONE, NONE, NO), "-");
}

TEST(equivocal_new_lesions_are_not_progression) {
    CHECK_TEXT(overall(SD, NON, BFL_NEW_EQUIVOCAL), "SD");
    CHECK_TEXT(overall(NONE, NON, BFL_NEW_EQUIVOCAL), "non-CR/non-PD");
}

static const bfl_best_rules rules = {.start_day = 0, .minimum_days = 42, .interval_days = 28};

static const char *best_at(bool confirmed, bfl_response first, int32_t first_day, bfl_response then, int32_t then_day) {
    const bfl_criterion_visit visits[] = {
        {.day = 0, .response = NONE}, {.day = first_day, .response = first}, {.day = then_day, .response = then}};
    return bfl_response_word(bfl_recist_best(visits, 3, rules, confirmed));
}

/* First time point on day 56, when the minimum for stable disease is met; and on day 28, when it is not. */
static const char *late(bfl_response first, bfl_response then) { return best_at(true, first, 56, then, 112); }
static const char *early(bfl_response first, bfl_response then) { return best_at(true, first, 28, then, 112); }

/* "Table 3 - Best overall response when confirmation of CR and PR required." */
TEST(table_3_confirmation) {
    CHECK_TEXT(late(CR, CR), "CR"); /* CR | CR | CR */
    CHECK_TEXT(early(CR, CR), "CR");
    CHECK_TEXT(late(CR, PR), "SD"); /* CR | PR | SD, PD or PR (a): seen again after CR is PD at that point */
    CHECK_TEXT(early(CR, PR), "PD");
    CHECK_TEXT(late(CR, SD), "SD"); /* CR | SD | SD provided minimum criteria for SD duration met, otherwise, PD */
    CHECK_TEXT(early(CR, SD), "PD");
    CHECK_TEXT(late(CR, PD), "SD"); /* CR | PD | SD provided ..., otherwise, PD */
    CHECK_TEXT(early(CR, PD), "PD");
    CHECK_TEXT(late(CR, NE), "SD"); /* CR | NE | SD provided ..., otherwise NE */
    CHECK_TEXT(early(CR, NE), "NE");
    CHECK_TEXT(late(PR, CR), "PR"); /* PR | CR | PR */
    CHECK_TEXT(late(PR, PR), "PR"); /* PR | PR | PR */
    CHECK_TEXT(late(PR, SD), "SD"); /* PR | SD | SD */
    CHECK_TEXT(early(PR, SD), "SD");
    CHECK_TEXT(late(PR, PD), "SD"); /* PR | PD | SD provided ..., otherwise, PD */
    CHECK_TEXT(early(PR, PD), "PD");
    CHECK_TEXT(late(PR, NE), "SD"); /* PR | NE | SD provided ..., otherwise NE */
    CHECK_TEXT(early(PR, NE), "NE");
    CHECK_TEXT(late(NE, NE), "NE"); /* NE | NE | NE */
}

TEST(confirmation_needs_four_weeks) {
    CHECK_TEXT(best_at(true, PR, 56, PR, 56 + 28), "PR");
    CHECK_TEXT(best_at(true, PR, 56, PR, 56 + 27), "SD");
    CHECK_TEXT(best_at(false, PR, 56, PR, 56 + 27), "PR");
}

TEST(a_visit_that_cannot_be_evaluated_may_stand_between) {
    const bfl_criterion_visit between[] = {
        {.day = 0}, {.day = 40, .response = PR}, {.day = 60, .response = NE}, {.day = 90, .response = PR}};
    CHECK_TEXT(bfl_response_word(bfl_recist_best(between, 4, rules, true)), "PR");
    const bfl_criterion_visit stable[] = {
        {.day = 0}, {.day = 40, .response = PR}, {.day = 60, .response = SD}, {.day = 90, .response = PR}};
    CHECK_TEXT(bfl_response_word(bfl_recist_best(stable, 4, rules, true)), "SD");
}

TEST(stable_disease_needs_its_minimum) {
    CHECK_TEXT(best_at(false, SD, 42, PD, 84), "SD");
    CHECK_TEXT(best_at(false, SD, 41, PD, 84), "PD");
    CHECK_TEXT(best_at(false, SD, 41, NE, 84), "NE");
    CHECK_TEXT(best_at(false, NON, 42, PD, 84), "non-CR/non-PD");
}

TEST(nothing_counts_after_progression) {
    CHECK_TEXT(best_at(false, PD, 42, CR, 84), "PD");
    CHECK_TEXT(best_at(false, NONE, 42, NONE, 84), "-");
}

TEST_CASES(CASE(table_1_target_disease), CASE(table_1_without_non_target_lesions),
           CASE(table_2_non_target_disease_only), CASE(equivocal_new_lesions_are_not_progression),
           CASE(table_3_confirmation), CASE(confirmation_needs_four_weeks),
           CASE(a_visit_that_cannot_be_evaluated_may_stand_between), CASE(stable_disease_needs_its_minimum),
           CASE(nothing_counts_after_progression))
