/* SPDX-License-Identifier: Apache-2.0 */
/* Response of the non-target lesions. */
#include "criteria/recist/parts.h"
#include "criteria/study.h"

#include <string.h>

static bfl_seen look_at(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit);
static bool confirmed_later(const bfl_recist_case *c, const bfl_followed *lesion, const uint8_t *seen, size_t visit);
static bfl_response markers_raised(const bfl_recist_case *c, size_t visit, bfl_response response, bfl_response target,
                                   bfl_reason_list *reasons);

void bfl_recist_look(bfl_recist_case *c) {
    uint8_t *seen = BFL_NEW_ARRAY(c->arena, c->lesion_count * c->visits->count, uint8_t);
    c->nontargets = BFL_NEW_ARRAY(c->arena, c->lesion_count, bfl_followed *);
    for (size_t i = 0; i < c->lesion_count; i++) {
        if (!c->lesions[i].nontarget) continue;
        c->nontargets[c->nontarget_count++] = &c->lesions[i];
        c->lesions[i].seen = seen;
        for (size_t visit = 1; visit < c->visits->count; visit++)
            seen[visit] = (uint8_t)look_at(c, &c->lesions[i], visit);
        for (size_t visit = 1; visit < c->visits->count; visit++)
            if (seen[visit] == BFL_SEEN_MAYBE_WORSE && confirmed_later(c, &c->lesions[i], seen, visit))
                seen[visit] = BFL_SEEN_WORSE_LATER;
        seen += c->visits->count;
    }
}

static bfl_rows rows_at(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit) {
    return bfl_visits_rows(lesion->tracked, &c->visits->items[visit]);
}

static bool counts(const bfl_followed *lesion, size_t visit, bfl_recist_lens lens) {
    return lesion->seen[visit] != BFL_SEEN_NOT_KNOWN && bfl_recist_in_lens(lesion, lens);
}

bool bfl_recist_same_nontarget(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens) {
    for (size_t i = 0; i < c->nontarget_count; i++) {
        const bfl_followed *lesion = c->nontargets[i];
        if (lesion->tracked->organ != BFL_ORGAN_BONE) continue;
        if (lens == BFL_LENS_SOFT_TISSUE || lesion->seen[visit] >= BFL_SEEN_WORSE_LATER) return false;
    }
    return true;
}

typedef struct tally {
    size_t followed, gone, unseen;
    bfl_event_list there; /* the rows of those that are there; with no room when nobody reads them */
    const char *unseen_id;
    bool progressed;
} tally;

/* A worse bone lesion that may be healing is not progression under the note on flare. */
static bool progressed(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit, bfl_recist_lens lens,
                       bfl_reason_list *reasons) {
    bool later = lesion->seen[visit] == BFL_SEEN_WORSE_LATER;
    bfl_rows rows = rows_at(c, lesion, visit);
    bfl_event_list events = bfl_visits_events(lesion->tracked, &c->visits->items[visit]);
    bfl_rule_index rule = BFL_RULE_RECIST11_NONTARGET_PD;
    if (lens == BFL_LENS_FLARE_NOTE && bfl_recist_may_be_flare(c, lesion, rows, false, &rule)) {
        bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, rule), &events,
                       "'%s' looks worse and may be healing: not counted as progression", lesion->tracked->id);
        return false;
    }
    if (!reasons) return true;
    const char *finding =
        BFL_FINDING(c->arena, BFL_TEXT("'"), bfl_text_of(lesion->tracked->id),
                    later ? BFL_TEXT("' was equivocal and progressed at the next assessment: dated back")
                          : BFL_TEXT("' progressed"));
    bfl_reason_push(
        c->arena, reasons,
        bfl_rule_of(c->rulebook, later ? BFL_RULE_RECIST11_NONTARGET_EQUIVOCAL : BFL_RULE_RECIST11_NONTARGET_PD),
        &events, finding);
    return true;
}

static void count_in(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit, bfl_recist_lens lens, tally *t,
                     bfl_reason_list *reasons) {
    uint8_t seen = lesion->seen[visit];
    t->followed++;
    if (seen >= BFL_SEEN_WORSE_LATER) t->progressed |= progressed(c, lesion, visit, lens, reasons);
    t->gone += seen == BFL_SEEN_GONE;
    if (seen >= BFL_SEEN_THERE && reasons) {
        bfl_event_list rows = bfl_visits_events(lesion->tracked, &c->visits->items[visit]);
        for (size_t j = 0; j < rows.count; j++) t->there.items[t->there.count++] = rows.items[j];
    }
    if (seen == BFL_SEEN_NOT && t->unseen++ == 0) t->unseen_id = lesion->tracked->id;
}

/* Mostly as many as at the visit before. */
static void tell_persisting(const bfl_recist_case *c, const tally *t, bfl_reason_list *reasons) {
    if (!reasons) return;
    bfl_persisting *told = c->persisting;
    size_t there = t->followed - t->gone;
    bfl_digits of_there, of_all;
    if (!told->finding || told->there != there || told->followed != t->followed)
        *told = (bfl_persisting){there, t->followed,
                                 BFL_FINDING(c->arena, bfl_digits_whole(&of_there, (int64_t)there), BFL_TEXT(" of "),
                                             bfl_digits_whole(&of_all, (int64_t)t->followed),
                                             BFL_TEXT(" non-target lesions persist"))};
    bfl_reason_push(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_NONTARGET_NON_CR), &t->there,
                    told->finding);
}

bfl_response bfl_recist_nontarget(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, bfl_response target,
                                  bfl_reason_list *reasons) {
    tally t = {.unseen_id = ""};
    if (visit == 0) return BFL_RESPONSE_NONE;
    const bfl_visit *at = &c->visits->items[visit];
    if (reasons) t.there = bfl_events_for(c->arena, at->to - at->from); /* all that it may have */
    for (size_t i = 0; i < c->nontarget_count; i++)
        if (counts(c->nontargets[i], visit, lens)) count_in(c, c->nontargets[i], visit, lens, &t, reasons);
    if (t.followed == 0) return markers_raised(c, visit, BFL_RESPONSE_NONE, target, reasons);
    if (t.progressed) return BFL_RESPONSE_PD;
    if (t.unseen > 0) {
        bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_NONTARGET_NE), NULL,
                       "%zu of %zu non-target lesions were not evaluated ('%s')", t.unseen, t.followed, t.unseen_id);
        return BFL_RESPONSE_NE;
    }
    if (t.gone == t.followed) {
        bfl_response response = markers_raised(c, visit, BFL_RESPONSE_CR, target, reasons);
        if (response == BFL_RESPONSE_CR)
            bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_NONTARGET_CR), NULL,
                           "all %zu non-target lesions are gone", t.followed);
        return response;
    }
    tell_persisting(c, &t, reasons);
    return BFL_RESPONSE_NON_CR_NON_PD;
}

static bool node_is_normal(const bfl_recist_case *c, const bfl_followed *lesion, const bfl_lesion *row) {
    bfl_decimal normal = bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_MEASURABLE_NODE__PATHOLOGICAL_MM);
    return lesion->tracked->organ == BFL_ORGAN_NODE && row->short_mm.present &&
           bfl_decimal_compare(row->short_mm.value, normal) < 0;
}

static bfl_seen look_at_row(const bfl_recist_case *c, const bfl_followed *lesion, const bfl_lesion *row) {
    if (row->state == BFL_LESION_NOT_EVALUABLE) return BFL_SEEN_NOT;
    if (row->state == BFL_LESION_PROGRESSED) return BFL_SEEN_WORSE;
    if (row->state == BFL_LESION_EQUIVOCAL) return BFL_SEEN_MAYBE_WORSE;
    if (row->state == BFL_LESION_ABSENT)
        return bfl_visits_had_shown(c->record, lesion->tracked, row) ? BFL_SEEN_GONE : BFL_SEEN_NOT;
    return node_is_normal(c, lesion, row) ? BFL_SEEN_GONE : BFL_SEEN_THERE;
}

/* The worst that any study of the visit says. */
static bfl_seen look_at(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit) {
    bfl_rows rows = rows_at(c, lesion, visit);
    bfl_seen worst = BFL_SEEN_NOT;
    if (bfl_visits_until(lesion->tracked, &c->visits->items[visit]).count == 0) return BFL_SEEN_NOT_KNOWN;
    for (size_t i = 0; i < rows.count; i++) {
        bfl_seen state = look_at_row(c, lesion, &c->record->lesions[rows.items[i]]);
        if (state > worst) worst = state;
    }
    return worst;
}

/* Does the next visit that describes the lesion call it progressed? */
static bool confirmed_later(const bfl_recist_case *c, const bfl_followed *lesion, const uint8_t *seen, size_t visit) {
    for (size_t next = visit + 1; next < c->visits->count; next++)
        if (rows_at(c, lesion, next).count > 0) return seen[next] == BFL_SEEN_WORSE;
    return false;
}

static bool raised(const bfl_lab *lab) {
    return lab->ref_high.present && lab->canonical.present && lab->comparator != BFL_BELOW &&
           bfl_decimal_compare(lab->canonical.value, lab->ref_high.value) > 0;
}

/* The last usable value of a marker in (after, until]; SIZE_MAX when there is none. Laboratory rows are in day order. */
static size_t last_value(const bfl_record *record, const bfl_analyte *marker, int32_t after, int32_t until) {
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < record->lab_count; i++) {
        const bfl_lab *lab = &record->labs[i];
        if (lab->usable && lab->analyte == marker && lab->when.day > after && lab->when.day <= until) last = i;
    }
    return last;
}

/* Complete response needs every marker that was raised at baseline to be normal. */
static bfl_response markers_raised(const bfl_recist_case *c, size_t visit, bfl_response response, bfl_response target,
                                   bfl_reason_list *reasons) {
    bool complete = response == BFL_RESPONSE_CR ? target == BFL_RESPONSE_CR || target == BFL_RESPONSE_NONE
                                                : target == BFL_RESPONSE_CR;
    int32_t baseline = c->visits->items[0].day > 0 ? c->visits->items[0].day : 0;
    for (size_t i = 0; complete && i < bfl_analyte_count(); i++) {
        const bfl_analyte *marker = bfl_analyte_at(i);
        if (strcmp(marker->role, "tumour") != 0) continue;
        size_t before = last_value(c->record, marker, INT32_MIN, baseline);
        size_t now = last_value(c->record, marker, baseline, c->visits->items[visit].day);
        if (before == SIZE_MAX || now == SIZE_MAX) continue;
        if (!raised(&c->record->labs[before]) || !raised(&c->record->labs[now])) continue;
        bfl_event_list events = {0};
        bfl_event_add(c->arena, &events, BFL_EVENT_LAB, before);
        bfl_event_add(c->arena, &events, BFL_EVENT_LAB, now);
        bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_NONTARGET_MARKER), &events,
                       "%s was above its limit at baseline and still is: no complete response", marker->name);
        return BFL_RESPONSE_NON_CR_NON_PD;
    }
    return response;
}
