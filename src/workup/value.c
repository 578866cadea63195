/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a test is worth: the expected value of its information. Answering today (flare or progression, without waiting) has an
 * expected loss. After the test each answer it may give has a least loss of its own, waiting allowed; their mean by the chance of
 * each answer, the days of failing therapy while the result is awaited, and the burden of the test are taken from it. The answers
 * are findings of the verdict's own rulebook, so the state named after each is what the verdict would say then.
 */
#include "workup/plan.h"

#include <string.h>

static double number(const bfl_rule *rule, const char *key) {
    bfl_maybe value = bfl_rule_value(rule, key);
    return value.present ? bfl_decimal_double(value.value) : 0;
}

static int32_t whole(const bfl_rule *rule, const char *key) { return (int32_t)number(rule, key); }

/* ---- does it apply ---- */

static int32_t counts_from(const bfl_plan *plan, const bfl_rule *rule) {
    const char *since = bfl_workup_words(rule, "since");
    if (strcmp(since, "therapy") == 0) return plan->therapy_day;
    if (strcmp(since, "question") == 0) return plan->question_day;
    if (strcmp(since, "raise") == 0) return bfl_workup_window(plan);
    return strcmp(since, "scan") == 0 ? plan->scan_day : plan->scan_day + whole(rule, "after_days");
}

static bool applies(bfl_plan *plan, const bfl_rule *rule) {
    const char *tumour = bfl_workup_words(rule, "tumour");
    if (*tumour && !bfl_workup_contains(plan->record->patient.tumour, tumour)) return false;
    bfl_word_list conditions = bfl_rules_list(plan->arena, plan->rulebook, bfl_workup_words(rule, "when"));
    if (bfl_workup_says(plan, conditions) != BFL_SAID_YES) return false;
    bfl_word_list detectors = bfl_rules_list(plan->arena, plan->rulebook, bfl_workup_words(rule, "done_by"));
    return !bfl_workup_done(plan, detectors, counts_from(plan, rule)).done;
}

/* ---- its answers ---- */

static bfl_bone after(bfl_plan *plan, const bfl_rule *with, double other_ratio) {
    bfl_what_if change = {.with = with, .other_ratio = other_ratio};
    return bfl_flare_what_if(plan->arena, plan->rulebook, &plan->verdict->now, &change);
}

static double share(const bfl_bone *bone) { return bone->p_flare / (bone->p_flare + bone->p_progression); }

/* The chance of the answer for flare under which the mean of both answers is what is believed today. */
static double chance_of(double today, double if_for, double if_against) {
    if (if_for <= if_against) return 0;
    double chance = (today - if_against) / (if_for - if_against);
    return chance < 0 ? 0 : chance > 1 ? 1 : chance;
}

static bfl_test_worth weigh(bfl_plan *plan, const bfl_rule *rule) {
    const bfl_bone *now = &plan->verdict->now;
    bfl_what_if nothing = {.with = NULL};
    bfl_bone today = bfl_flare_what_if(plan->arena, plan->rulebook, now, &nothing);
    bfl_test_worth t = {.rule = rule};
    t.if_for = bfl_rulebook_find(plan->rulebook, bfl_workup_words(rule, "for"));
    t.if_against = bfl_rulebook_find(plan->rulebook, bfl_workup_words(rule, "against"));
    double detect = number(rule, "other_detect_fraction"), wrong = number(rule, "other_false_fraction");
    double silent = detect > 0 ? (1 - detect) / (1 - wrong) : 0, loud = detect > 0 ? detect / wrong : 0;
    t.chance_other = today.p_other * detect + (1 - today.p_other) * wrong;
    bfl_bone pro = after(plan, t.if_for, silent), contra = after(plan, t.if_against, silent),
             other = after(plan, NULL, loud);
    double split = t.if_for ? chance_of(share(&today), share(&pro), share(&contra)) : 1;
    t.chance_for = (1 - t.chance_other) * split;
    t.chance_against = (1 - t.chance_other) * (1 - split);
    t.p_flare_for = pro.p_flare, t.p_flare_against = contra.p_flare, t.p_flare_other = other.p_flare;
    t.state_for = pro.state, t.state_against = contra.state, t.state_other = other.state;
    int32_t scan = plan->scan_day + whole(rule, "after_days");
    t.from_day = scan > plan->as_of ? scan : plan->as_of;
    t.by_day = t.from_day + whole(rule, "result_days");
    double later = t.chance_for * bfl_flare_least_loss(&pro.losses, true) +
                   t.chance_against * bfl_flare_least_loss(&contra.losses, true) +
                   t.chance_other * bfl_flare_least_loss(&other.losses, true);
    double delay = today.p_progression * (t.by_day - plan->as_of);
    t.value_days = bfl_flare_least_loss(&today.losses, false) - later - delay - number(rule, "burden_days");
    t.decisive = (t.chance_for > 0 && t.state_for != today.state) ||
                 (t.chance_against > 0 && t.state_against != today.state) ||
                 (t.chance_other > 0 && t.state_other != today.state);
    return t;
}

/* ---- the list ---- */

/* A test that can turn the answer comes before one that can only move the probability. */
static int by_value(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_test_worth *x = a, *y = b;
    if (x->decisive != y->decisive) return x->decisive ? -1 : 1;
    if (x->value_days < y->value_days || x->value_days > y->value_days) return x->value_days > y->value_days ? -1 : 1;
    return strcmp(x->rule->id, y->rule->id);
}

const bfl_test_worth *bfl_workup_tests(bfl_plan *plan, size_t *count) {
    static const bfl_rule_index all[] = {
        BFL_RULE_WORKUP_TEST_ALP,       BFL_RULE_WORKUP_TEST_BIOPSY, BFL_RULE_WORKUP_TEST_BONE_MARKERS,
        BFL_RULE_WORKUP_TEST_BONE_SCAN, BFL_RULE_WORKUP_TEST_CT,     BFL_RULE_WORKUP_TEST_FDG_PET,
        BFL_RULE_WORKUP_TEST_GGT,       BFL_RULE_WORKUP_TEST_ICTP,   BFL_RULE_WORKUP_TEST_LIVER_IMAGING,
        BFL_RULE_WORKUP_TEST_PSMA_PET};
    bfl_bone_state state = plan->verdict->now.state;
    *count = 0;
    if (state != BFL_BONE_FLARE_SUSPECTED && state != BFL_BONE_UNDETERMINED) return NULL;
    bfl_test_worth *tests = BFL_NEW_ARRAY(plan->arena, sizeof all / sizeof *all, bfl_test_worth);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const bfl_rule *rule = bfl_rule_of(plan->rulebook, all[i]);
        if (!applies(plan, rule)) continue;
        bfl_test_worth t = weigh(plan, rule);
        if (t.value_days > 0) tests[(*count)++] = t;
    }
    bfl_sort(plan->arena, tests, *count, sizeof *tests, by_value, NULL);
    return tests;
}
