/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/visits.h"
#include "criteria/study.h"

#include <string.h>

typedef BFL_LIST(bfl_visit) visit_list;

static size_t count_dated(const bfl_record *record);
static void group_visits(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook, bfl_visits *visits);
static void group_lesions(bfl_arena *arena, const bfl_record *record, bfl_visits *visits);

const bfl_visits *bfl_visits_group(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_visits *visits = BFL_NEW(arena, bfl_visits);
    visits->window = bfl_rule_days(rulebook, BFL_NUM_RECIST11_VISIT_WINDOW__WINDOW_DAYS);
    visits->row_count = count_dated(record);
    if (visits->row_count == 0) return visits;
    group_visits(arena, record, rulebook, visits);
    group_lesions(arena, record, visits);
    return visits;
}

/* A record has its lesions by day, undated ones last. */
static size_t count_dated(const bfl_record *record) {
    size_t count = record->lesion_count;
    while (count > 0 && !record->lesions[count - 1].when.known) count--;
    return count;
}

/* Adds the visit that starts at row `from`; returns the first row after it. */
static size_t add_visit(bfl_arena *arena, const bfl_record *record, const bfl_visits *visits, size_t from,
                        visit_list *list) {
    int32_t first = record->lesions[from].when.day, last = first;
    size_t row = from;
    for (; row < visits->row_count; row++) {
        int32_t day = record->lesions[row].when.day;
        if (day - first > visits->window) break;
        last = day;
    }
    *BFL_PUSH(arena, list) = (bfl_visit){first, last, list->count - 1, from, row};
    return row;
}

/* The baseline is what was done within its window before the last study at or before day 0; a later study never joins it. */
static void group_visits(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook, bfl_visits *visits) {
    int32_t window = bfl_rule_days(rulebook, BFL_NUM_RECIST11_BASELINE_WINDOW__WINDOW_DAYS);
    visit_list list = {0};
    size_t before = 0;
    while (before < visits->row_count && record->lesions[before].when.day <= 0) before++;
    if (before > 0) {
        int32_t last = record->lesions[before - 1].when.day;
        size_t first = before - 1;
        while (first > 0 && last - record->lesions[first - 1].when.day <= window) first--;
        *BFL_PUSH(arena, &list) = (bfl_visit){record->lesions[first].when.day, last, 0, first, before};
    }
    visits->baseline_late = before == 0;
    for (size_t row = before; row < visits->row_count;) row = add_visit(arena, record, visits, row, &list);
    visits->items = list.items;
    visits->count = list.count;
}

static inline int order_of(const char *a, const char *b) {
    if (*a != *b) return (unsigned char)*a < (unsigned char)*b ? -1 : 1; /* mostly the first letter decides */
    return a == b ? 0 : strcmp(a, b);
}

/* A lesion without an id is told apart by its site. */
static int by_lesion(const void *a, const void *b, const void *context) {
    const bfl_record *record = context;
    const bfl_lesion *x = &record->lesions[*(const size_t *)a], *y = &record->lesions[*(const size_t *)b];
    int order = order_of(x->id, y->id);
    if (order != 0 || *x->id) return order;
    order = order_of(x->site, y->site);
    return order != 0 ? order : (int)x->organ - (int)y->organ;
}

/* Where the next row of a lesion goes. */
typedef struct place {
    size_t *row;
    bfl_event_ref *event;
    bfl_stretch *at; /* of each visit: `to` counts its rows; what is before the baseline counts in the first `from` */
} place;

static void put_row(place *p, size_t row) {
    *p->row++ = row;
    *p->event++ = (bfl_event_ref){BFL_EVENT_LESION, (uint32_t)row};
}

/* Every row to its lesion. What is before the baseline comes first. */
static void put_rows(const bfl_visits *visits, const uint32_t *number_of, place *places) {
    for (size_t row = 0; row < visits->items[0].from; row++) {
        put_row(&places[number_of[row]], row);
        places[number_of[row]].at->from++;
    }
    for (size_t i = 0; i < visits->count; i++)
        for (size_t row = visits->items[i].from; row < visits->items[i].to; row++) {
            put_row(&places[number_of[row]], row);
            places[number_of[row]].at[i].to++;
        }
}

/* From counts to places. */
static void add_up(bfl_stretch *at, size_t visits) {
    uint32_t from = at[0].from;
    for (size_t i = 0; i < visits; i++) {
        at[i].from = from;
        from = at[i].to += from;
    }
}

/* Organ and place are the first ones stated. */
static void describe(const bfl_record *record, bfl_tracked *lesion) {
    for (size_t i = 0; i < lesion->row_count && (lesion->organ == BFL_ORGAN_NONE || !*lesion->site); i++) {
        const bfl_lesion *row = &record->lesions[lesion->rows[i]];
        if (lesion->organ == BFL_ORGAN_NONE) lesion->organ = row->organ;
        if (!*lesion->site) lesion->site = row->site;
    }
}

/* Only the lesions are sorted, by a row of each; their rows stand by day already. */
static void group_lesions(bfl_arena *arena, const bfl_record *record, bfl_visits *visits) {
    size_t number_count, count = 0, from = 0;
    const uint32_t *number_of = bfl_record_lesion_numbers(arena, record, true, &number_count);
    size_t *row_counts = BFL_NEW_ARRAY(arena, number_count, size_t),
           *firsts = BFL_NEW_ARRAY(arena, number_count, size_t);
    for (size_t row = 0; row < visits->row_count; row++)
        if (row_counts[number_of[row]]++ == 0) firsts[count++] = row;
    bfl_sort(arena, firsts, count, sizeof *firsts, by_lesion, record);
    size_t *rows = BFL_NEW_ARRAY(arena, visits->row_count, size_t);
    bfl_event_ref *events = BFL_NEW_ARRAY(arena, visits->row_count, bfl_event_ref);
    bfl_stretch *at = BFL_NEW_ARRAY(arena, count * visits->count, bfl_stretch);
    place *places = BFL_NEW_ARRAY(arena, number_count, place);
    bfl_tracked *lesions = BFL_NEW_ARRAY(arena, count, bfl_tracked);
    for (size_t i = 0; i < count; i++) {
        size_t number = number_of[firsts[i]];
        places[number] = (place){rows + from, events + from, at + i * visits->count};
        lesions[i] = (bfl_tracked){.id = record->lesions[firsts[i]].id, .site = ""};
        lesions[i].rows = rows + from;
        lesions[i].row_count = row_counts[number];
        lesions[i].events = events + from;
        lesions[i].at = at + i * visits->count;
        from += row_counts[number];
    }
    put_rows(visits, number_of, places);
    for (size_t i = 0; i < count; i++) {
        describe(record, &lesions[i]);
        add_up(at + i * visits->count, visits->count);
    }
    visits->lesions = lesions;
    visits->lesion_count = count;
}

bool bfl_visits_had_shown(const bfl_record *record, const bfl_tracked *lesion, const bfl_lesion *now) {
    bool shown = false;
    for (size_t i = 0; i < lesion->row_count; i++) {
        const bfl_lesion *row = &record->lesions[lesion->rows[i]];
        if (row->when.day >= now->when.day) break;
        if (!bfl_study_present(row)) continue;
        if (bfl_study_functional(row) == bfl_study_functional(now)) return true;
        shown = true;
    }
    return !shown;
}
