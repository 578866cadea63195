/* SPDX-License-Identifier: Apache-2.0 */
/* Tables 1 and 2 of Eisenhauer 2009, in their own words and order. */
#include "criteria/disease.h"

#define IS(response) (1u << BFL_RESPONSE_##response)
#define NO (1u << BFL_NEW_NONE | 1u << BFL_NEW_EQUIVOCAL)
#define YES (1u << BFL_NEW_UNEQUIVOCAL)
#define ANY (IS(NONE) | IS(CR) | IS(PR) | IS(SD) | IS(NON_CR_NON_PD) | IS(PD) | IS(NE))
#define NON_PD (IS(NONE) | IS(CR) | IS(NON_CR_NON_PD))

typedef struct line {
    unsigned target, nontarget, new_lesions;
    bfl_response overall;
} line;

/* Table 1. Time point response: patients with target (with or without non-target) disease. */
static const line table1[] = {
    {IS(CR), IS(CR) | IS(NONE), NO, BFL_RESPONSE_CR},
    {IS(CR), IS(NON_CR_NON_PD), NO, BFL_RESPONSE_PR},
    {IS(CR), IS(NE), NO, BFL_RESPONSE_PR},
    {IS(PR), NON_PD | IS(NE), NO, BFL_RESPONSE_PR},
    {IS(SD), NON_PD | IS(NE), NO, BFL_RESPONSE_SD},
    {IS(NE), NON_PD | IS(NE), NO, BFL_RESPONSE_NE},
    {IS(PD), ANY, NO | YES, BFL_RESPONSE_PD},
    {ANY, IS(PD), NO | YES, BFL_RESPONSE_PD},
    {ANY, ANY, YES, BFL_RESPONSE_PD},
};

/* Table 2. Time point response: patients with non-target disease only. */
static const line table2[] = {
    {IS(NONE), IS(CR), NO, BFL_RESPONSE_CR}, {IS(NONE), IS(NON_CR_NON_PD), NO, BFL_RESPONSE_NON_CR_NON_PD},
    {IS(NONE), IS(NE), NO, BFL_RESPONSE_NE}, {IS(NONE), IS(PD), NO | YES, BFL_RESPONSE_PD},
    {IS(NONE), ANY, YES, BFL_RESPONSE_PD},   {IS(NONE), IS(NONE), NO, BFL_RESPONSE_NONE},
};

static bfl_response look_up(const line *table, size_t lines, unsigned target, unsigned nontarget,
                            unsigned new_lesions) {
    for (size_t i = 0; i < lines; i++)
        if ((table[i].target & target) && (table[i].nontarget & nontarget) && (table[i].new_lesions & new_lesions))
            return table[i].overall;
    return BFL_RESPONSE_NE;
}

bfl_response bfl_recist_overall(bfl_response target, bfl_response nontarget, bfl_new_lesions new_lesions,
                                bfl_rule_index *rule) {
    bool first = target != BFL_RESPONSE_NONE;
    *rule = first ? BFL_RULE_RECIST11_OVERALL_TARGET : BFL_RULE_RECIST11_OVERALL_NONTARGET;
    return first ? look_up(table1, sizeof table1 / sizeof *table1, 1u << target, 1u << nontarget, 1u << new_lesions)
                 : look_up(table2, sizeof table2 / sizeof *table2, 1u << target, 1u << nontarget, 1u << new_lesions);
}
