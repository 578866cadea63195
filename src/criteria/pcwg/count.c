/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/pcwg/count.h"
#include "criteria/study.h"

static bfl_modality choose_modality(const bfl_scans *s);
static const bfl_scan *read_scans(const bfl_scans *s);
static void follow_lesions(bfl_scans *s);

bfl_scans bfl_scans_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                       const bfl_visits *visits) {
    bfl_scans s = {.arena = arena, .record = record, .rulebook = rulebook, .visits = visits};
    s.modality = choose_modality(&s);
    s.at = read_scans(&s);
    follow_lesions(&s);
    return s;
}

static bool counts(const bfl_scans *s, const bfl_lesion *row) {
    return row->organ == BFL_ORGAN_BONE && row->modality == s->modality;
}

static bfl_modality choose_modality(const bfl_scans *s) {
    bfl_modality chosen = BFL_MODALITY_NONE;
    size_t first = s->visits->count > 1 ? s->visits->items[1].from : s->visits->row_count;
    for (size_t i = first; i < s->visits->row_count; i++) {
        const bfl_lesion *row = &s->record->lesions[i];
        if (row->organ != BFL_ORGAN_BONE || row->state == BFL_LESION_NOT_EVALUABLE) continue;
        if (row->modality == BFL_MODALITY_BONE_SCAN) return row->modality;
        if (row->modality == BFL_MODALITY_CT) chosen = row->modality;
    }
    return chosen;
}

static const bfl_scan *read_scans(const bfl_scans *s) {
    bfl_scan *scans = BFL_NEW_ARRAY(s->arena, s->visits->count, bfl_scan);
    bfl_event_ref *next = BFL_NEW_ARRAY(s->arena, s->visits->row_count, bfl_event_ref);
    for (size_t i = 0; i < s->visits->count; i++) {
        scans[i].rows.items = next;
        for (size_t row = s->visits->items[i].from; row < s->visits->items[i].to; row++) {
            size_t index = row;
            const bfl_lesion *lesion = &s->record->lesions[index];
            if (!counts(s, lesion)) continue;
            *next++ = (bfl_event_ref){BFL_EVENT_LESION, (uint32_t)index};
            scans[i].rows.count++;
            scans[i].done |= lesion->state != BFL_LESION_NOT_EVALUABLE;
        }
    }
    return scans;
}

/* A row stands for one lesion, or for the number that it states. */
static void count_row(const bfl_lesion *row, bfl_decimal *most) {
    const bfl_decimal one = {1, 0};
    bool several = row->count.present && bfl_decimal_compare(row->count.value, one) > 0;
    if (several && bfl_decimal_compare(row->count.value, *most) > 0) *most = row->count.value;
    if (bfl_decimal_is_zero(*most)) *most = one;
}

static void read_rows(const bfl_scans *s, bfl_rows rows, bool after_baseline, bfl_scan_course *c) {
    bfl_decimal here = {0, 0};
    bool described = false;
    for (size_t i = 0; i < rows.count; i++) {
        const bfl_lesion *row = &s->record->lesions[rows.items[i]];
        if (!counts(s, row)) continue;
        bool present = bfl_study_present(row);
        if (after_baseline)
            c->called_new |= row->role == BFL_ROLE_NEW && present;
        else
            c->numbered |= row->count.present && present;
        described |= present || bfl_study_absent(row);
        if (present) count_row(row, &here);
    }
    if (!described) return;
    c->now = here;
    if (bfl_decimal_compare(here, c->most) > 0) c->most = here;
}

/* Each visit goes on where the one before ended. */
static void follow_lesions(bfl_scans *s) {
    const bfl_visits *v = s->visits;
    for (size_t i = 0; i < v->lesion_count; i++) s->lesion_count += v->lesions[i].organ == BFL_ORGAN_BONE;
    bfl_scan_course *c = BFL_NEW_ARRAY(s->arena, s->lesion_count * v->count, bfl_scan_course);
    s->courses = c;
    for (size_t i = 0; i < v->lesion_count; i++) {
        if (v->lesions[i].organ != BFL_ORGAN_BONE) continue;
        read_rows(s, bfl_visits_until(&v->lesions[i], &v->items[0]), false, c);
        for (size_t k = 1; k < v->count; k++) {
            c[k] = c[k - 1];
            read_rows(s, bfl_visits_rows(&v->lesions[i], &v->items[k]), true, &c[k]);
        }
        c += v->count;
    }
}

bfl_decimal bfl_scans_new(const bfl_scans *s, size_t at, size_t reference) {
    bfl_decimal sum = {0, 0};
    const bfl_scan_course *c = s->courses;
    for (size_t i = 0; i < s->lesion_count; i++, c += s->visits->count) {
        if (!c[at].called_new && !c[at].numbered) continue;
        bfl_decimal more = bfl_decimal_subtract(c[at].now, c[reference].most);
        if (more.mantissa > 0) sum = bfl_decimal_add(sum, more);
    }
    return sum;
}

bool bfl_scans_any(const bfl_scans *s, size_t at) {
    const bfl_scan_course *c = s->courses;
    for (size_t i = 0; i < s->lesion_count; i++, c += s->visits->count)
        if (!bfl_decimal_is_zero(c[at].now)) return true;
    return false;
}
