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
    bfl_scans s = {arena, record, rulebook, visits, BFL_MODALITY_BONE_SCAN, NULL, NULL};
    s.now = BFL_NEW_ARRAY(arena, visits->lesion_count, bfl_scan_course);
    s.then = BFL_NEW_ARRAY(arena, visits->lesion_count, bfl_scan_course);
    if (studied_after_baseline(&s)) return s;
    s.modality = BFL_MODALITY_CT;
    if (!studied_after_baseline(&s)) s.modality = BFL_MODALITY_NONE;
    return s;
}

/* The first dated row of the visit. Rows stand by day. */
static size_t first_row(const bfl_scans *s, const bfl_visit *visit) {
    size_t low = 0, high = s->visits->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->record->lesions[s->visits->rows[middle]].when.day < visit->first_day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool bfl_scans_done(const bfl_scans *s, size_t visit) {
    const bfl_visit *v = &s->visits->items[visit];
    for (size_t i = first_row(s, v); i < s->visits->row_count; i++) {
        const bfl_lesion *row = &s->record->lesions[s->visits->rows[i]];
        if (row->when.day > v->day) break;
        if (counts(s, row) && row->state != BFL_LESION_NOT_EVALUABLE) return true;
    }
    return false;
}

bfl_event_list bfl_scans_rows(const bfl_scans *s, size_t visit) {
    bfl_event_list events = {0};
    const bfl_visit *v = &s->visits->items[visit];
    for (size_t i = first_row(s, v); i < s->visits->row_count; i++) {
        const bfl_lesion *row = &s->record->lesions[s->visits->rows[i]];
        if (row->when.day > v->day) break;
        if (counts(s, row)) bfl_event_push(s->arena, &events, BFL_EVENT_LESION, s->visits->rows[i]);
    }
    return events;
}

static bfl_decimal number_of(const bfl_lesion *row) {
    bfl_decimal one = bfl_decimal_of(1);
    return row->count.present && bfl_decimal_compare(row->count.value, one) > 0 ? row->count.value : one;
}

typedef bfl_scan_course course;

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

/* The course of one lesion up to a visit: what was read of it goes on where it ended, or starts again when it went further. */
static const course *follow(const bfl_scans *s, const bfl_tracked *lesion, size_t until, course *c) {
    if (c->read > until + 1) *c = (course){.read = 0};
    if (c->read == 0) read_rows(s, bfl_visits_until(lesion, &s->visits->items[0]), false, c);
    for (size_t i = c->read > 1 ? c->read : 1; i <= until; i++)
        read_rows(s, bfl_visits_rows(lesion, &s->visits->items[i]), true, c);
    c->read = until + 1;
    return c;
}

bfl_decimal bfl_scans_new(const bfl_scans *s, size_t at, size_t reference) {
    bfl_decimal sum = {0, 0};
    for (size_t i = 0; i < s->visits->lesion_count; i++) {
        const bfl_tracked *lesion = &s->visits->lesions[i];
        if (lesion->organ != BFL_ORGAN_BONE) continue;
        const course *now = follow(s, lesion, at, &s->now[i]), *before = follow(s, lesion, reference, &s->then[i]);
        bool judged = now->called_new || now->numbered;
        bfl_decimal more = bfl_decimal_subtract(now->now, before->most);
        if (judged && bfl_decimal_compare(more, bfl_decimal_of(0)) > 0) sum = bfl_decimal_add(sum, more);
    }
    return sum;
}

bool bfl_scans_any(const bfl_scans *s, size_t at) {
    for (size_t i = 0; i < s->visits->lesion_count; i++) {
        if (s->visits->lesions[i].organ != BFL_ORGAN_BONE) continue;
        if (!bfl_decimal_is_zero(follow(s, &s->visits->lesions[i], at, &s->now[i])->now)) return true;
    }
    return false;
}
