/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weighing a day. Days that bring values of the laboratory alone change nothing but serum: what was found apart from it, and the
 * prior, stand; and where the same rules speak, so does the sum, whatever they found.
 */
#include "flare/standing.h"

#include "flare/past.h"
#include "flare/prior.h"

#include <string.h>

/* What was combined last. */
typedef struct last_sum {
    BFL_LIST(const bfl_rule *) rules; /* of what was found in serum, as it was found; no other findings have these */
    evidence_list combined;           /* all findings with what they counted, strongest first; empty: no sum yet */
} last_sum;

struct standing {
    bfl_arena *scratch[2]; /* what is remembered stays whole in one, or is what stands */
    size_t current, remembered;
    episode episode;     /* of it only numbers are read; without a study, nothing stands */
    known_rows rows;     /* of the day that it was found on */
    bfl_bone bone;       /* its prior, and the probabilities of the sum */
    evidence_list found; /* apart from serum, strongest first */
    last_sum sum;
    bfl_arena *arena;
    serum_findings serum; /* those of the sum, in the arena */
    bool told;            /* what stands was remembered */
};

standing *standing_new(bfl_arena *arena) {
    standing *s = BFL_NEW(arena, standing);
    s->arena = arena;
    s->scratch[0] = bfl_arena_scratch(arena);
    s->scratch[1] = bfl_arena_scratch(arena);
    return s;
}

void standing_remember(standing *s) {
    s->remembered = s->current;
    s->told = true;
}

/* ---- what is found apart from serum ---- */

static bool still_stands(const standing *s, const inquiry *q, const known_rows *now) {
    const episode *e = q->episode;
    if (!s->episode.imaging || !e->imaging || anything_but_serum(q->findings->record, &s->rows, now)) return false;
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

/* Finds it anew. */
static void renew(standing *s, const inquiry *q, const known_rows *now, const bfl_bone *bone) {
    s->current = 1 - s->remembered;
    bfl_arena_reset(s->scratch[s->current]);
    inquiry apart = {.arena = s->scratch[s->current], .findings = q->findings, .episode = q->episode};
    s->bone = *bone;
    find_without_serum(&apart, &s->bone);
    evidence_order(apart.found.items, apart.found.count); /* so that each day has but its serum to put in order */
    s->episode = *q->episode;
    s->rows = *now;
    s->found = apart.found;
    s->sum = (last_sum){.combined = {0}};
}

/* ---- the sum ---- */

static bool same_rules(const last_sum *sum, const evidence_list *serum) {
    if (sum->combined.count == 0 || sum->rules.count != serum->count) return false;
    for (size_t i = 0; i < serum->count; i++)
        if (sum->rules.items[i] != serum->items[i].rule) return false;
    return true;
}

/* A copy with room for as many as there are. */
static evidence_list copy_of(bfl_arena *arena, const bfl_evidence *items, size_t count, size_t room) {
    evidence_list copy = {BFL_NEW_ARRAY(arena, room, bfl_evidence), count, room};
    if (count) memcpy(copy.items, items, count * sizeof *items);
    return copy;
}

/* The findings as they were combined, those in serum as they are today. A rule may have found twice: in the same order. */
static evidence_list as_combined(bfl_arena *arena, const last_sum *sum, const evidence_list *serum) {
    evidence_list all = copy_of(arena, sum->combined.items, sum->combined.count, sum->combined.count);
    for (size_t i = 0; i < serum->count; i++) {
        const bfl_evidence *today = &serum->items[i];
        size_t at = 0, before = 0;
        for (size_t k = 0; k < i; k++) before += serum->items[k].rule == today->rule;
        while (all.items[at].rule != today->rule || before-- > 0) at++;
        all.items[at].finding = today->finding;
        all.items[at].events = today->events;
        all.items[at].event_count = today->event_count;
    }
    return all;
}

/* Findings of the same rules weigh the same, whatever they found. */
static void take_sum(inquiry *q, bfl_bone *bone, const standing *s) {
    q->found = as_combined(q->arena, &s->sum, &q->found);
    bone->log_odds = s->bone.log_odds, bone->log_odds_sd = s->bone.log_odds_sd;
    bone->p_flare = s->bone.p_flare, bone->p_progression = s->bone.p_progression, bone->p_other = s->bone.p_other;
    bone->low = s->bone.low, bone->high = s->bone.high;
    bone->losses = s->bone.losses;
    bone->evidence = q->found.items;
    bone->evidence_count = q->found.count;
}

static void combine(inquiry *q, bfl_bone *bone, standing *s) {
    bfl_arena *scratch = s->scratch[s->current];
    const evidence_list serum = q->found;
    s->sum.rules.count = 0;
    for (size_t i = 0; i < serum.count; i++) *BFL_PUSH(scratch, &s->sum.rules) = serum.items[i].rule;
    q->found = copy_of(q->arena, s->found.items, s->found.count, s->found.count + serum.count);
    for (size_t i = 0; i < serum.count; i++) q->found.items[q->found.count++] = serum.items[i];
    evidence_combine(q, bone);
    if (s->sum.combined.capacity < q->found.count) s->sum.combined = copy_of(scratch, NULL, 0, q->found.capacity);
    s->sum.combined.count = q->found.count;
    memcpy(s->sum.combined.items, q->found.items, q->found.count * sizeof *q->found.items);
    s->bone = *bone;
}

/* Prior, findings and sum, each as it stands or anew. */
static void weigh_with(inquiry *q, bfl_bone *bone, standing *s, const serum_findings *serum) {
    s->told = false;
    s->serum.count = 0;
    for (size_t i = 0; i < serum->count; i++) *BFL_PUSH(s->arena, &s->serum) = serum->items[i];
    bone->onset = s->bone.onset;
    bone->prior_rule = s->bone.prior_rule;
    bone->prior_p_flare = s->bone.prior_p_flare;
    bone->prior_p_other = s->bone.prior_p_other;
    serum_findings_tell(q, serum);
    if (same_rules(&s->sum, &q->found))
        take_sum(q, bone, s);
    else
        combine(q, bone, s);
}

bool weigh(inquiry *q, standing *s, const known_rows *now, bfl_bone *bone) {
    const episode *e = q->episode;
    int32_t day = q->findings->as_of;
    *bone =
        (bfl_bone){.day = day, .question = true, .asked_day = e->first_day, .therapy_day = day - e->therapy->start.day};
    const serum_findings serum = serum_findings_of(q);
    if (!s) {
        find_without_serum(q, bone);
        serum_findings_tell(q, &serum);
        evidence_combine(q, bone);
        return true;
    }
    bool stands = still_stands(s, q, now);
    if (stands && s->told && serum_findings_alike(&s->serum, &serum)) return false;
    if (!stands) renew(s, q, now, bone);
    weigh_with(q, bone, s, &serum);
    return true;
}
