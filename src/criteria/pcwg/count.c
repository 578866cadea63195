/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/pcwg/count.h"
#include "criteria/study.h"

static bool counts(const bfl_scans *s, const bfl_lesion *row) {
    return row->organ == BFL_ORGAN_BONE && row->modality == s->modality;
}

static bool studied_after_baseline(const bfl_scans *s) {
    for (size_t i = 1; i < s->visits->count; i++)
        if (bfl_scans_done(s, i)) return true;
    return false;
}

bfl_scans bfl_scans_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                       const bfl_visits *visits) {
    bfl_scans s = {arena, record, rulebook, visits, BFL_MODALITY_BONE_SCAN};
    if (studied_after_baseline(&s)) return s;
    s.modality = BFL_MODALITY_CT;
    if (!studied_after_baseline(&s)) s.modality = BFL_MODALITY_NONE;
    return s;
}

bool bfl_scans_done(const bfl_scans *s, size_t visit) {
    const bfl_visit *v = &s->visits->items[visit];
    for (size_t i = 0; i < s->visits->row_count; i++) {
        const bfl_lesion *row = &s->record->lesions[s->visits->rows[i]];
        if (row->when.day < v->first_day || row->when.day > v->day) continue;
        if (counts(s, row) && row->state != BFL_LESION_NOT_EVALUABLE) return true;
    }
    return false;
}

bfl_event_list bfl_scans_rows(const bfl_scans *s, size_t visit) {
    bfl_event_list events = {0};
    const bfl_visit *v = &s->visits->items[visit];
    for (size_t i = 0; i < s->visits->row_count; i++) {
        const bfl_lesion *row = &s->record->lesions[s->visits->rows[i]];
        if (row->when.day >= v->first_day && row->when.day <= v->day && counts(s, row))
            bfl_event_add(s->arena, &events, BFL_EVENT_LESION, s->visits->rows[i]);
    }
    return events;
}

static bfl_decimal number_of(const bfl_lesion *row) {
    bfl_decimal one = bfl_decimal_of(1);
    return row->count.present && bfl_decimal_compare(row->count.value, one) > 0 ? row->count.value : one;
}

/* What rows of one study day after another say: the largest number among those of a visit. */
typedef struct course {
    bfl_decimal now, most; /* at the last visit that described it; ever so far */
    bool described, called_new, numbered;
} course;

static void read_rows(const bfl_scans *s, bfl_rows rows, bool after_baseline, course *c) {
    bfl_decimal here = {0, 0};
    bool described = false;
    for (size_t i = 0; i < rows.count; i++) {
        const bfl_lesion *row = &s->record->lesions[rows.items[i]];
        if (!counts(s, row)) continue;
        if (after_baseline)
            c->called_new |= row->role == BFL_ROLE_NEW && bfl_study_present(row);
        else
            c->numbered |= row->count.present && bfl_study_present(row);
        if (!bfl_study_present(row) && !bfl_study_absent(row)) continue;
        described = true;
        if (bfl_study_present(row) && bfl_decimal_compare(number_of(row), here) > 0) here = number_of(row);
    }
    if (!described) return;
    c->described = true;
    c->now = here;
    if (bfl_decimal_compare(here, c->most) > 0) c->most = here;
}

/* The course of one lesion up to a visit. */
static course follow(const bfl_scans *s, const bfl_tracked *lesion, size_t until) {
    course c = {.described = false};
    read_rows(s, bfl_visits_until(s->record, lesion, s->visits->items[0].day), false, &c);
    for (size_t i = 1; i <= until; i++)
        read_rows(s, bfl_visits_rows(s->record, lesion, &s->visits->items[i]), true, &c);
    return c;
}

bfl_decimal bfl_scans_new(const bfl_scans *s, size_t at, size_t reference) {
    bfl_decimal sum = {0, 0};
    for (size_t i = 0; i < s->visits->lesion_count; i++) {
        const bfl_tracked *lesion = &s->visits->lesions[i];
        if (lesion->organ != BFL_ORGAN_BONE) continue;
        course now = follow(s, lesion, at), before = follow(s, lesion, reference);
        bool judged = now.called_new || now.numbered;
        bfl_decimal more = bfl_decimal_subtract(now.now, before.most);
        if (judged && bfl_decimal_compare(more, bfl_decimal_of(0)) > 0) sum = bfl_decimal_add(sum, more);
    }
    return sum;
}

bool bfl_scans_any(const bfl_scans *s, size_t at) {
    for (size_t i = 0; i < s->visits->lesion_count; i++) {
        course now = follow(s, &s->visits->lesions[i], at);
        if (s->visits->lesions[i].organ == BFL_ORGAN_BONE && !bfl_decimal_is_zero(now.now)) return true;
    }
    return false;
}
