/* SPDX-License-Identifier: Apache-2.0 */
/* PERCIST 1.0, visit by visit. The case folder holds SUVmax and no liver uptake; the first reason of a course says so. */
#include "criteria/percist/percist.h"
#include "criteria/study.h"

typedef struct course {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_visits *visits;
} course;

/* What the PET of one visit shows. */
typedef struct look {
    bfl_maybe hottest;
    bool done, glowing, new_lesion; /* any PET; any lesion with uptake; one of them called new */
    bfl_event_list events;
} look;

static look look_at(const course *c, size_t visit);
static bool all_gone(const course *c, size_t visit);
static bfl_response judge(const course *c, size_t visit, bfl_decimal baseline, const look *now,
                          bfl_reason_list *reasons);

static const char *word_of(bfl_response response) {
    static const char *const words[] = {"-", "CMR", "PMR", "SMD", "SMD", "PMD", "NE", "PMD"};
    return words[response];
}

static bool pet_later(const course *c) {
    for (size_t i = 1; i < c->visits->count; i++)
        if (look_at(c, i).done) return true;
    return false;
}

const bfl_criterion_visit *bfl_percist_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                              const bfl_visits *visits) {
    course c = {arena, record, rulebook, visits};
    bfl_criterion_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < visits->count; i++) out[i].day = visits->items[i].day;
    look baseline = visits->count ? look_at(&c, 0) : (look){.done = false};
    if (!baseline.hottest.present || !pet_later(&c)) return out;
    bool said = false;
    for (size_t i = 1; i < visits->count; i++) {
        bfl_reason_list reasons = {0};
        look now = look_at(&c, i);
        out[i].response = judge(&c, i, baseline.hottest.value, &now, &reasons);
        out[i].word = word_of(out[i].response);
        if (now.done && !said)
            bfl_reason_add(arena, &reasons, bfl_rule_of(rulebook, BFL_RULE_PERCIST10_SUV), &baseline.events,
                           "SUVmax at baseline %s", bfl_decimal_z(arena, baseline.hottest.value, -1));
        said |= now.done;
        out[i].reasons = reasons.items;
        out[i].reason_count = reasons.count;
    }
    return out;
}

static bool is_pet(const bfl_lesion *row) {
    return row->modality == BFL_MODALITY_FDG_PET && row->state != BFL_LESION_NOT_EVALUABLE;
}

static bool glows(const bfl_lesion *row) { return bfl_study_present(row) && row->uptake != BFL_UPTAKE_ABSENT; }

static look look_at(const course *c, size_t visit) {
    const bfl_visit *v = &c->visits->items[visit];
    look l = {.done = false};
    for (size_t i = v->from; i < v->to; i++) {
        const bfl_lesion *row = &c->record->lesions[i];
        if (!is_pet(row)) continue;
        l.done = true;
        bfl_event_push(c->arena, &l.events, BFL_EVENT_LESION, i);
        if (!glows(row)) continue;
        l.glowing = true;
        l.new_lesion |= visit > 0 && row->role == BFL_ROLE_NEW;
        if (row->suv_max.present &&
            (!l.hottest.present || bfl_decimal_compare(row->suv_max.value, l.hottest.value) > 0))
            l.hottest = row->suv_max;
    }
    return l;
}

/* Does PET at this visit find every lesion that glowed at baseline without uptake, and no other with uptake? */
static bool all_gone(const course *c, size_t visit) {
    for (size_t i = 0; i < c->visits->lesion_count; i++) {
        const bfl_tracked *lesion = &c->visits->lesions[i];
        bfl_rows before = bfl_visits_rows(lesion, &c->visits->items[0]);
        bfl_rows rows = bfl_visits_rows(lesion, &c->visits->items[visit]);
        bool glowed = false, seen = false;
        for (size_t j = 0; j < before.count; j++) {
            const bfl_lesion *row = &c->record->lesions[before.items[j]];
            glowed |= is_pet(row) && glows(row);
        }
        for (size_t j = 0; j < rows.count; j++) {
            const bfl_lesion *row = &c->record->lesions[rows.items[j]];
            if (is_pet(row) && glows(row)) return false;
            seen |= is_pet(row) && row->state != BFL_LESION_EQUIVOCAL;
        }
        if (glowed && !seen) return false;
    }
    return true;
}

/* |to - from| is at least so many per cent of `from`, and so many units. */
static bool moved(const course *c, bfl_decimal by, bfl_decimal from, bfl_number_index percent, bfl_number_index units) {
    if (bfl_decimal_compare(by, bfl_rule_number(c->rulebook, units)) < 0) return false;
    return bfl_decimal_compare(bfl_decimal_multiply(by, bfl_decimal_of(100)),
                               bfl_decimal_multiply(from, bfl_rule_number(c->rulebook, percent))) >= 0;
}

static bfl_response judge(const course *c, size_t visit, bfl_decimal baseline, const look *now,
                          bfl_reason_list *reasons) {
    bfl_rule_index rule = BFL_RULE_PERCIST10_NE;
    bfl_response response = BFL_RESPONSE_NE;
    bfl_decimal less = {0, 0}, more = {0, 0};
    if (now->hottest.present) {
        less = bfl_decimal_subtract(baseline, now->hottest.value);
        more = bfl_decimal_subtract(now->hottest.value, baseline);
    }
    if (now->new_lesion) {
        rule = BFL_RULE_PERCIST10_PMD_NEW;
        response = BFL_RESPONSE_PD;
    } else if (now->done && all_gone(c, visit)) {
        rule = BFL_RULE_PERCIST10_CMR;
        response = BFL_RESPONSE_CR;
    } else if (now->hottest.present) {
        bool down =
            moved(c, less, baseline, BFL_NUM_PERCIST10_PMR__DECREASE_PERCENT, BFL_NUM_PERCIST10_PMR__DECREASE_SUV);
        bool up =
            moved(c, more, baseline, BFL_NUM_PERCIST10_PMD__INCREASE_PERCENT, BFL_NUM_PERCIST10_PMD__INCREASE_SUV);
        rule = down ? BFL_RULE_PERCIST10_PMR : up ? BFL_RULE_PERCIST10_PMD : BFL_RULE_PERCIST10_SMD;
        response = down ? BFL_RESPONSE_PR : up ? BFL_RESPONSE_PD : BFL_RESPONSE_SD;
    }
    const char *uptake = now->hottest.present ? bfl_decimal_z(c->arena, now->hottest.value, -1) : "not given";
    bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, rule), &now->events,
                   "%s: hottest lesion %s at baseline, %s now", word_of(response),
                   bfl_decimal_z(c->arena, baseline, -1), uptake);
    return response;
}
