/* SPDX-License-Identifier: Apache-2.0 */
/* What a card offers: orders for tests that the assessment names as next. Nothing about a drug is ever offered as an order. */
#include "hooks/hooks.h"

#include <string.h>

enum { MOST_SUGGESTIONS = 5 }; /* a card is read in passing; its detail names every step */

typedef struct request_kind {
    const char *category;
    bfl_text_index steps;
} request_kind;

static const request_kind kinds[] = {
    {"imaging", BFL_TXT_HOOKS_REQUEST__IMAGING_TEXT},
    {"laboratory", BFL_TXT_HOOKS_REQUEST__LABORATORY_TEXT},
    {"procedure", BFL_TXT_HOOKS_REQUEST__PROCEDURE_TEXT},
};

static const char *category_of(const bfl_rulebook *rulebook, const bfl_step *step) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && step->rule; i++)
        if (bfl_fhir_among(step->rule->id, bfl_rule_words(rulebook, kinds[i].steps))) return kinds[i].category;
    return NULL;
}

/* A step that answers the question of the bone. */
static bool is_about_bone(const bfl_rulebook *rulebook, const bfl_step *step) {
    return bfl_fhir_among(step->rule->id, bfl_rule_words(rulebook, BFL_TXT_HOOKS_REQUEST__QUESTION_TEXT));
}

void bfl_hook_offer_steps(bfl_hook_call *call, bfl_hook_card *card, bool bone_only) {
    const bfl_workup *workup = call->assessment->workup;
    const bfl_rulebook *rulebook = call->assessment->rulebook;
    for (size_t i = 0; i < workup->next_count && card->suggestions.count < MOST_SUGGESTIONS; i++) {
        const bfl_step *step = &workup->next[i];
        const char *category = category_of(rulebook, step);
        if (!category || (bone_only && !is_about_bone(rulebook, step))) continue;
        const char *const pairs[] = {"step", step->rule->title, NULL};
        bool best = workup->most_useful && workup->most_useful->rule == step->rule;
        *BFL_PUSH(call->arena, &card->suggestions) = (bfl_hook_suggestion){
            .label = bfl_hook_fill(call->arena, bfl_rule_words(rulebook, BFL_TXT_HOOKS_REQUEST__ORDER_TEXT), pairs),
            .recommended = best,
            .step = step,
            .category = category,
            .description = step->action,
        };
    }
}

void bfl_hook_cite(bfl_hook_call *call, bfl_hook_card *card, const bfl_rule *rule) {
    for (size_t i = 0; i < rule->source_count; i++) {
        bool there = false;
        for (size_t k = 0; k < card->sources.count && !there; k++)
            there = strcmp(card->sources.items[k], rule->sources[i]) == 0;
        if (!there) *BFL_PUSH(call->arena, &card->sources) = rule->sources[i];
    }
}
