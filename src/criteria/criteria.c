/* SPDX-License-Identifier: Apache-2.0 */
/* The registry: every criterion over the same visits, and where they contradict each other. */
#include "criteria/criteria.h"
#include "criteria/ca125/ca125.h"
#include "criteria/cea/cea.h"
#include "criteria/ctcae/ctcae.h"
#include "criteria/dili/dili.h"
#include "criteria/irecist/irecist.h"
#include "criteria/mda/mda.h"
#include "criteria/pcwg/pcwg.h"
#include "criteria/percist/percist.h"
#include "criteria/psa/psa.h"
#include "criteria/recist/recist.h"

#include <string.h>

typedef enum criterion {
    RECIST11,
    RECIST11_FLARE_NOTE,
    SOFT_TISSUE,
    MDA2004,
    IRECIST,
    PCWG3_BONE,
    PCWG3,
    PERCIST10,
    PSA_PCWG3,
    CA125_GCIG,
    CEA,
    CRITERION_COUNT
} criterion;

/* What a criterion may look at: the record by visit, the RECIST readings, on which MDA's flare clause rests, and PCWG3's two. */
typedef struct input {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_visits *visits;
    const bfl_recist *recist;
    bfl_pcwg pcwg;
} input;

static void recist(const input *in, bfl_recist_lens lens, bfl_criterion_result *out) {
    out->visits = in->recist->readings[lens];
}
static void recist11(const input *in, bfl_criterion_result *out) { recist(in, BFL_LENS_LITERAL, out); }
static void recist11_note(const input *in, bfl_criterion_result *out) { recist(in, BFL_LENS_FLARE_NOTE, out); }
static void soft_tissue(const input *in, bfl_criterion_result *out) { recist(in, BFL_LENS_SOFT_TISSUE, out); }
static void mda2004(const input *in, bfl_criterion_result *out) {
    out->visits =
        bfl_mda_assess(in->arena, in->record, in->rulebook, in->visits, in->recist->readings[BFL_LENS_SOFT_TISSUE]);
}
static void irecist(const input *in, bfl_criterion_result *out) {
    out->visits = bfl_irecist_assess(in->arena, in->record, in->rulebook, in->visits, &in->recist->disease);
    out->best = bfl_irecist_best(out->visits, in->visits->count);
    out->best_word = bfl_irecist_word(out->best);
}

static void pcwg3_bone(const input *in, bfl_criterion_result *out) { out->visits = in->pcwg.bone; }
static void pcwg3(const input *in, bfl_criterion_result *out) { out->visits = in->pcwg.overall; }

static void percist10(const input *in, bfl_criterion_result *out) {
    out->visits = bfl_percist_assess(in->arena, in->record, in->rulebook, in->visits);
}

static void psa_pcwg3(const input *in, bfl_criterion_result *out) {
    out->visits = bfl_psa_assess(in->arena, in->record, in->rulebook, in->visits);
}

static void ca125_gcig(const input *in, bfl_criterion_result *out) {
    out->visits = bfl_ca125_assess(in->arena, in->record, in->rulebook, in->visits);
}

static void cea(const input *in, bfl_criterion_result *out) {
    out->visits = bfl_cea_assess(in->arena, in->record, in->rulebook, in->visits);
}

static const struct {
    const char *id, *name;
    void (*assess)(const input *in, bfl_criterion_result *out);
} registry[CRITERION_COUNT] = {
    [RECIST11] = {"recist11", "RECIST 1.1", recist11},
    [RECIST11_FLARE_NOTE] = {"recist11_flare_note", "RECIST 1.1 with its note on flare", recist11_note},
    [SOFT_TISSUE] = {"soft_tissue", "RECIST 1.1 without bone", soft_tissue},
    [MDA2004] = {"mda2004", "MDA bone criteria 2004", mda2004},
    [IRECIST] = {"irecist", "iRECIST", irecist},
    [PCWG3_BONE] = {"pcwg3_bone", "PCWG3 bone", pcwg3_bone},
    [PCWG3] = {"pcwg3", "PCWG3", pcwg3},
    [PERCIST10] = {"percist10", "PERCIST 1.0", percist10},
    [PSA_PCWG3] = {"psa_pcwg3", "PSA (PCWG3)", psa_pcwg3},
    [CA125_GCIG] = {"ca125_gcig", "CA-125 (GCIG)", ca125_gcig},
    [CEA] = {"cea", "CEA", cea},
};

static void compare(const input *in, bfl_criteria *out);

/* RECIST over the visits, and nothing else yet. */
static bfl_criteria *read_disease(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook, input *in) {
    bfl_criteria *out = BFL_NEW(arena, bfl_criteria);
    *in = (input){arena, record, rulebook, bfl_visits_group(arena, record, rulebook), NULL, {0}};
    in->recist = bfl_recist_assess(arena, record, rulebook, in->visits);
    out->visits = in->recist->disease.visits;
    out->visit_count = in->visits->count;
    out->measurable = in->recist->measurable;
    out->soft_tissue_stands = in->recist->soft_tissue_stands;
    out->issues = in->recist->issues;
    out->issue_count = in->recist->issue_count;
    return out;
}

const bfl_criteria *bfl_criteria_soft_tissue(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_criteria *out = BFL_NEW(arena, bfl_criteria);
    const bfl_visits *visits = bfl_visits_group(arena, record, rulebook);
    out->visits = bfl_recist_soft_tissue(arena, record, rulebook, visits);
    out->visit_count = visits->count;
    return out;
}

const bfl_criteria *bfl_criteria_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    input in;
    bfl_criteria *out = read_disease(arena, record, rulebook, &in);
    bfl_criterion_result *results = BFL_NEW_ARRAY(arena, CRITERION_COUNT, bfl_criterion_result);
    in.pcwg = bfl_pcwg_assess(arena, record, rulebook, in.visits, in.recist->readings[BFL_LENS_SOFT_TISSUE]);
    for (int i = 0; i < CRITERION_COUNT; i++) {
        results[i] = (bfl_criterion_result){.id = registry[i].id, .name = registry[i].name};
        results[i].visit_count = in.visits->count;
        registry[i].assess(&in, &results[i]);
    }
    out->criteria = results;
    out->criterion_count = CRITERION_COUNT;
    compare(&in, out);
    bfl_ranges ranges = bfl_ranges_of(arena, record, rulebook);
    out->grades = bfl_ctcae_assess(arena, record, rulebook, &ranges, &out->grade_count);
    out->liver = bfl_dili_assess(arena, record, rulebook, &ranges, &out->liver_count);
    return out;
}

static bool controlled(bfl_response r) {
    return r == BFL_RESPONSE_CR || r == BFL_RESPONSE_PR || r == BFL_RESPONSE_SD || r == BFL_RESPONSE_NON_CR_NON_PD;
}

/* "non-PD" of bone alone, or of a marker that cannot respond, contradicts nobody. */
static bool in_control(const bfl_criterion_visit *said) {
    bool silent = said->word && said->response == BFL_RESPONSE_NON_CR_NON_PD && strcmp(said->word, "non-PD") == 0;
    return !silent && controlled(said->response);
}

/* Does one criterion call progression at the visit and another not? */
static bool contradict(const bfl_criteria *all, size_t visit) {
    bool progression = false, control = false;
    for (int k = 0; k < CRITERION_COUNT; k++) {
        const bfl_criterion_visit *said = &all->criteria[k].visits[visit];
        progression |= said->response == BFL_RESPONSE_PD;
        control |= in_control(said);
    }
    return progression && control;
}

/* A criterion that says nothing there, or cannot judge, does not contradict any. */
static bool speaks(const bfl_criterion_visit *said) {
    return said->response != BFL_RESPONSE_NONE && said->response != BFL_RESPONSE_NE;
}

/* Who says what. */
static const char *quote(const input *in, const bfl_criteria *all, size_t visit) {
    bfl_text pieces[2 * 2 * CRITERION_COUNT], *end = pieces;
    for (int k = 0; k < CRITERION_COUNT; k++) {
        if (!speaks(&all->criteria[k].visits[visit])) continue;
        if (end > pieces) *end++ = BFL_TEXT(", ");
        *end++ = bfl_text_of(all->criteria[k].name);
        *end++ = BFL_TEXT(" says ");
        *end++ = bfl_text_of(bfl_criterion_word(&all->criteria[k].visits[visit]));
    }
    return bfl_finding_join(in->arena, pieces, (size_t)(end - pieces));
}

/* Do all criteria say the same at both visits? */
static bool say_the_same(const bfl_criteria *all, size_t one, size_t other) {
    for (int k = 0; k < CRITERION_COUNT; k++) {
        const bfl_criterion_visit *a = &all->criteria[k].visits[one], *b = &all->criteria[k].visits[other];
        if (a->response != b->response || a->word != b->word) return false;
    }
    return true;
}

/* One reason for each visit at which one criterion calls progression and another does not. */
static void compare(const input *in, bfl_criteria *out) {
    bfl_reason_list conflicts = {0};
    bfl_event_set events = bfl_event_sets(in->arena, in->record);
    const char *said = NULL;
    size_t last = 0;
    for (size_t i = 0; i < in->visits->count; i++) {
        if (!contradict(out, i)) continue;
        if (!said || !say_the_same(out, last, i)) said = quote(in, out, i);
        last = i;
        bfl_event_set_begin(&events);
        for (int k = 0; k < CRITERION_COUNT; k++) {
            const bfl_criterion_visit *visit = &out->criteria[k].visits[i];
            if (visit->response == BFL_RESPONSE_PD)
                bfl_event_set_add(in->arena, &events, visit->reasons, visit->reason_count);
        }
        char day[32];
        (void)bfl_record_format_day(in->record, in->visits->items[i].day, day, sizeof day);
        bfl_reason_push(in->arena, &conflicts, bfl_rule_of(in->rulebook, BFL_RULE_MDA2004_CONFLICT), &events.list,
                        BFL_FINDING(in->arena, bfl_text_of(day), BFL_TEXT(": "), bfl_text_of(said)));
    }
    out->conflicts = conflicts.items;
    out->conflict_count = conflicts.count;
}

/* ---- words ---- */

const char *bfl_response_word(bfl_response response) {
    static const char *const words[] = {"-", "CR", "PR", "SD", "non-CR/non-PD", "PD", "NE", "PDu"};
    return (size_t)response < sizeof words / sizeof *words ? words[response] : "-";
}

const char *bfl_criterion_word(const bfl_criterion_visit *visit) {
    return visit->word ? visit->word : bfl_response_word(visit->response);
}

const char *bfl_new_lesions_word(bfl_new_lesions value) {
    static const char *const words[] = {"none", "equivocal", "unequivocal"};
    return (size_t)value < sizeof words / sizeof *words ? words[value] : "none";
}

const char *bfl_liver_pattern_word(bfl_liver_pattern value) {
    static const char *const words[] = {"none", "hepatocellular", "mixed", "cholestatic", "unknown"};
    return (size_t)value < sizeof words / sizeof *words ? words[value] : "none";
}
