/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict taken apart: from the prior finding by finding to the posterior, in the order of the groups, and each single fact
 * that would turn the answer if it were otherwise. Every number comes from the functions that made the verdict.
 */
#include "flare/decide.h"

#include <math.h>
#include <string.h>

static bfl_evidence anew(const bfl_evidence *e) {
    bfl_evidence fresh = *e;
    fresh.log_lr = e->raw_log_lr;
    fresh.log_lr_sd = e->raw_log_lr_sd;
    return fresh;
}

/* A finding whose ratio is 1 and uncertain still widens the interval. */
static bool weighs(const bfl_evidence *e) { return e->raw_log_lr != 0.0 || e->raw_log_lr_sd > 0; }

/* Findings with weight, those of one group together, groups and findings strongest first; what is told apart comes last. */
static bfl_evidence *in_groups(bfl_arena *arena, const bfl_bone *bone, size_t *count) {
    bfl_evidence *items = BFL_NEW_ARRAY(arena, bone->evidence_count, bfl_evidence);
    bool *taken = BFL_NEW_ARRAY(arena, bone->evidence_count, bool);
    *count = 0;
    for (int other = 0; other < 2; other++)
        for (size_t i = 0; i < bone->evidence_count; i++) {
            const bfl_evidence *first = &bone->evidence[i];
            if (taken[i] || !weighs(first) || (first->direction == BFL_FOR_OTHER) != (other == 1)) continue;
            for (size_t k = i; k < bone->evidence_count; k++) {
                const bfl_evidence *e = &bone->evidence[k];
                if (taken[k] || !weighs(e) || strcmp(e->group, first->group) != 0) continue;
                taken[k] = true;
                items[(*count)++] = *e;
            }
        }
    return items;
}

/* The belief after the first `count` of the findings. */
static bfl_bone after(bfl_arena *arena, const bfl_rulebook *book, const bfl_bone *bone, const bfl_evidence *items,
                      size_t count) {
    bfl_bone then = *bone;
    bfl_evidence *some = BFL_NEW_ARRAY(arena, count, bfl_evidence);
    for (size_t i = 0; i < count; i++) some[i] = anew(&items[i]);
    then.evidence = some;
    then.evidence_count = count;
    return bfl_flare_what_if(arena, book, &then, &(bfl_what_if){.with = NULL});
}

static void add_steps(bfl_arena *arena, const bfl_rulebook *book, const bfl_bone *bone, bfl_explanation *out) {
    double z = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__INTERVAL_Z_RATIO);
    size_t count = 0;
    const bfl_evidence *items = in_groups(arena, bone, &count);
    bfl_explain_step *steps = BFL_NEW_ARRAY(arena, count + 1, bfl_explain_step);
    for (size_t i = 0; i <= count; i++) {
        bfl_bone then = after(arena, book, bone, items, i);
        const bfl_evidence *e = i ? &items[i - 1] : NULL;
        double log_lr = e ? e->raw_log_lr : bone->onset.log_odds;
        double sd = e ? e->raw_log_lr_sd : bone->onset.log_odds_sd;
        steps[i] = (bfl_explain_step){.evidence = e,
                                      .ratio = exp(log_lr),
                                      .ratio_low = exp(log_lr - z * sd),
                                      .ratio_high = exp(log_lr + z * sd),
                                      .counted = e ? exp(e->share * e->raw_log_lr) : exp(log_lr),
                                      .log_odds_before = i ? steps[i - 1].log_odds : 0,
                                      .log_odds = then.log_odds,
                                      .p_flare = then.p_flare,
                                      .low = then.low,
                                      .high = then.high};
    }
    out->steps = steps;
    out->step_count = count + 1;
}

/* ---- which fact would turn it ---- */

static const bfl_evidence *strongest_of(const bfl_bone *bone, const char *group) {
    for (size_t i = 0; i < bone->evidence_count; i++)
        if (strcmp(bone->evidence[i].group, group) == 0) return &bone->evidence[i];
    return NULL;
}

static bool found(const bfl_bone *bone, const bfl_rule *rule) {
    for (size_t i = 0; i < bone->evidence_count; i++)
        if (bone->evidence[i].rule == rule) return true;
    return false;
}

/* What several findings of which may stand side by side: another one is added; elsewhere it takes the place of the one there. */
static bool adds_up(const char *group) {
    static const char *const groups[] = {"matrix", "uptake", "molecular", "pathology", "other"};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(group, groups[i]) == 0) return true;
    return false;
}

typedef struct turning {
    bfl_arena *arena;
    const bfl_rulebook *book;
    const bfl_record *record;
    const bfl_bone *bone;
    bfl_bone_state answer; /* today */
    BFL_LIST(bfl_explain_fact) facts;
} turning;

static void try_fact(turning *t, const bfl_rule *rule, const char *what, bfl_what_if change) {
    bfl_bone then = bfl_flare_what_if(t->arena, t->book, t->bone, &change);
    if (then.state == t->answer) return;
    *BFL_PUSH(t->arena, &t->facts) = (bfl_explain_fact){
        .rule = rule, .what = what, .present = change.with == NULL, .p_flare = then.p_flare, .state = then.state};
}

static bool found_any(const turning *t, const bfl_rule_index *rules, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (found(t->bone, bfl_rule_of(t->book, rules[i]))) return true;
    return false;
}

/* Can the finding be made in this patient, at this question? Only the conditions that no further examination changes. */
static bool can_be_found(const turning *t, const bfl_rule *rule) {
    static const bfl_rule_index news[] = {BFL_RULE_FLARE_EVIDENCE_NEW_BLASTIC, BFL_RULE_FLARE_EVIDENCE_NEW_LYTIC,
                                          BFL_RULE_FLARE_EVIDENCE_NEW_UNSTATED};
    const bfl_bone *bone = t->bone;
    int32_t near = bfl_rule_days(t->book, BFL_NUM_FLARE_SERUM__NEAR_DAYS);
    int32_t first_weeks = bfl_rule_days(t->book, BFL_NUM_FLARE_EVIDENCE_ALP_RISING_EARLY__TO_DAYS);
    int32_t half_a_year = bfl_rule_days(t->book, BFL_NUM_FLARE_TIME_LATE__TO_DAYS);
    int32_t asked = bone->therapy_day - (bone->day - bone->asked_day); /* day of therapy */
    if (rule == bfl_rule_of(t->book, BFL_RULE_FLARE_OTHER_NEW_PAIN_ICI)) return under_checkpoint_inhibitor(t->record);
    if (rule == bfl_rule_of(t->book, BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY)) return asked - near <= first_weeks;
    if (rule == bfl_rule_of(t->book, BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE))
        return bone->therapy_day + near > first_weeks;
    /* It raised the question itself, or cannot: a scan is worse, or the first weeks are over. */
    if (rule == bfl_rule_of(t->book, BFL_RULE_FLARE_EVIDENCE_ALP_FLARE_ALONE)) return false;
    if (rule == bfl_rule_of(t->book, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP) ||
        rule == bfl_rule_of(t->book, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_NOT_UP))
        return asked <= half_a_year;
    if (rule == bfl_rule_of(t->book, BFL_RULE_FLARE_EVIDENCE_BASELINE_SEEN) ||
        rule == bfl_rule_of(t->book, BFL_RULE_FLARE_EVIDENCE_BASELINE_CLEAR))
        return found_any(t, news, sizeof news / sizeof *news);
    return true;
}

static void add_facts(turning *t) {
    const bfl_bone *bone = t->bone;
    for (size_t i = 0; i < bone->evidence_count; i++)
        if (weighs(&bone->evidence[i]))
            try_fact(t, bone->evidence[i].rule, bone->evidence[i].finding,
                     (bfl_what_if){.without = &bone->evidence[i]});
    for (size_t i = 0; i < bfl_rulebook_count(t->book); i++) {
        const bfl_rule *rule = bfl_rulebook_at(t->book, i);
        bool finding = bfl_text_starts(bfl_text_of(rule->id), BFL_TEXT("flare.evidence.")) ||
                       bfl_text_starts(bfl_text_of(rule->id), BFL_TEXT("flare.other."));
        if (!finding || found(bone, rule) || !can_be_found(t, rule)) continue;
        bfl_evidence e = bfl_flare_evidence_of(t->book, rule);
        const bfl_evidence *instead = adds_up(e.group) ? NULL : strongest_of(bone, e.group);
        try_fact(t, rule, rule->title, (bfl_what_if){.with = rule, .without = instead});
    }
}

const bfl_explanation *bfl_flare_explain(bfl_arena *arena, const bfl_rulebook *book, const bfl_record *record,
                                         const bfl_bone *bone) {
    bfl_explanation *out = BFL_NEW(arena, bfl_explanation);
    if (!bone->question) return out;
    add_steps(arena, book, bone, out);
    bfl_bone today = bfl_flare_what_if(arena, book, bone, &(bfl_what_if){.with = NULL});
    turning t = {.arena = arena, .book = book, .record = record, .bone = bone, .answer = today.state};
    add_facts(&t);
    out->answer = today.state;
    out->facts = t.facts.items;
    out->fact_count = t.facts.count;
    return out;
}
