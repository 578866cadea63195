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

TEST_CASES(CASE(table_1_target_disease), CASE(table_1_without_non_target_lesions),
           CASE(table_2_non_target_disease_only), CASE(equivocal_new_lesions_are_not_progression))
