/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weighing a day. Days that bring values of the laboratory alone change nothing but serum: what was found apart from it, and the
 * prior, stand; and where the same rules speak, so does the sum, whatever they found.
 */
#include "flare/standing.h"

#include "flare/past.h"
#include "flare/prior.h"

/* What was combined last, serum too. */
typedef struct last_sum {
    BFL_LIST(const bfl_rule *) rules; /* as they were found */
    evidence_list combined;           /* the same with what it counted, strongest first */
} last_sum;

struct standing {
    bfl_arena *scratch[2]; /* what is remembered stays whole in one, or is what stands */
    size_t current, remembered;
    episode episode; /* of it only numbers are read; without a study, nothing stands */
    int32_t day;
    bfl_bone bone;       /* its prior, and the probabilities of the sum */
    evidence_list found; /* apart from serum, strongest first */
    last_sum sum;
};

standing *standing_new(bfl_arena *arena) {
    standing *s = BFL_NEW(arena, standing);
    s->scratch[0] = bfl_arena_scratch(arena);
    s->scratch[1] = bfl_arena_scratch(arena);
    return s;
}

void standing_remember(standing *s) { s->remembered = s->current; }

/* ---- what is found apart from serum ---- */

static bool still_stands(const standing *s, const bfl_findings *f, const episode *e) {
    if (!s->episode.imaging || !e->imaging || anything_but_serum(f->record, s->day, f->as_of)) return false;
    const episode *was = &s->episode;
    return was->first == e->first && was->last == e->last && was->judged == e->judged &&
           was->study_count == e->study_count && was->after_day == e->after_day && was->therapy_day == e->therapy_day;
}

/* The prior and what is found apart from serum. */
static void find_without_serum(inquiry *q, bfl_bone *bone) {
    prior_set(q, bone);
    prior_publish(q, bone);
    evidence_from_images(q);
    evidence_from_patient(q);
}

/* The same as it stands, found anew where it does not. */
static void take_found(inquiry *q, bfl_bone *bone, standing *s) {
    if (!still_stands(s, q->findings, q->episode)) {
        s->current = 1 - s->remembered;
        bfl_arena_reset(s->scratch[s->current]);
        inquiry apart = {.arena = s->scratch[s->current], .findings = q->findings, .episode = q->episode};
        s->bone = *bone;
        find_without_serum(&apart, &s->bone);
        evidence_order(apart.found.items, apart.found.count); /* so that each day has but its serum to put in order */
        s->episode = *q->episode;
        s->day = q->findings->as_of;
        s->found = apart.found;
        s->sum = (last_sum){.combined = {0}};
    }
    bone->onset = s->bone.onset;
    bone->prior_rule = s->bone.prior_rule;
    bone->prior_p_flare = s->bone.prior_p_flare;
    bone->prior_p_other = s->bone.prior_p_other;
    for (size_t i = 0; i < s->found.count; i++) *BFL_PUSH(q->arena, &q->found) = s->found.items[i];
}

/* ---- the sum ---- */

static bool same_rules(const standing *s, const evidence_list *found) {
    if (s->sum.rules.count != found->count) return false;
    for (size_t i = 0; i < found->count; i++)
        if (s->sum.rules.items[i] != found->items[i].rule) return false;
    return true;
}

/* What the same rules counted on an earlier day, about what was found today. */
static void take_sum(inquiry *q, bfl_bone *bone, const standing *s) {
    bfl_evidence *items = BFL_NEW_ARRAY(q->arena, q->found.count, bfl_evidence);
    for (size_t i = 0; i < q->found.count; i++) {
        bfl_evidence *today = q->found.items;
        while (today->rule != s->sum.combined.items[i].rule) today++;
        items[i] = s->sum.combined.items[i];
        items[i].finding = today->finding;
        items[i].events = today->events;
        items[i].event_count = today->event_count;
        today->rule = NULL; /* taken: a rule may have found twice */
    }
    bone->log_odds = s->bone.log_odds, bone->log_odds_sd = s->bone.log_odds_sd;
    bone->p_flare = s->bone.p_flare, bone->p_progression = s->bone.p_progression, bone->p_other = s->bone.p_other;
    bone->low = s->bone.low, bone->high = s->bone.high;
    bone->losses = s->bone.losses;
    q->found.items = items;
    q->found.capacity = q->found.count;
    bone->evidence = items;
    bone->evidence_count = q->found.count;
}

/* Findings of the same rules weigh the same, whatever they found. */
static void combine(inquiry *q, bfl_bone *bone, standing *s) {
    if (same_rules(s, &q->found)) {
        take_sum(q, bone, s);
        return;
    }
    bfl_arena *scratch = s->scratch[s->current];
    s->sum.rules.count = s->sum.combined.count = 0;
    for (size_t i = 0; i < q->found.count; i++) *BFL_PUSH(scratch, &s->sum.rules) = q->found.items[i].rule;
    evidence_combine(q, bone);
    for (size_t i = 0; i < q->found.count; i++) *BFL_PUSH(scratch, &s->sum.combined) = q->found.items[i];
    s->bone = *bone;
}

bfl_bone weigh(inquiry *q, standing *s) {
    const episode *e = q->episode;
    int32_t day = q->findings->as_of;
    bfl_bone bone = {
        .day = day, .question = true, .asked_day = e->first_day, .therapy_day = day - e->therapy->start.day};
    if (s)
        take_found(q, &bone, s);
    else
        find_without_serum(q, &bone);
    evidence_from_serum(q);
    if (s)
        combine(q, &bone, s);
    else
        evidence_combine(q, &bone);
    return bone;
}
