/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/visits.h"
#include "criteria/study.h"

#include <string.h>

typedef BFL_LIST(bfl_visit) visit_list;
typedef BFL_LIST(size_t) row_list;
typedef BFL_LIST(bfl_tracked) tracked_list;

static row_list dated_rows(bfl_arena *arena, const bfl_record *record);
static void group_visits(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook, bfl_visits *visits);
static void group_lesions(bfl_arena *arena, const bfl_record *record, bfl_visits *visits);

const bfl_visits *bfl_visits_group(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_visits *visits = BFL_NEW(arena, bfl_visits);
    row_list rows = dated_rows(arena, record);
    visits->window = bfl_rule_days(rulebook, BFL_NUM_RECIST11_VISIT_WINDOW__WINDOW_DAYS);
    visits->rows = rows.items;
    visits->row_count = rows.count;
    if (rows.count == 0) return visits;
    group_visits(arena, record, rulebook, visits);
    group_lesions(arena, record, visits);
    return visits;
}

static int by_day(const void *a, const void *b, const void *context) {
    const bfl_record *record = context;
    int32_t x = record->lesions[*(const size_t *)a].when.day, y = record->lesions[*(const size_t *)b].when.day;
    return (x > y) - (x < y);
}

static row_list dated_rows(bfl_arena *arena, const bfl_record *record) {
    row_list rows = {0};
    for (size_t i = 0; i < record->lesion_count; i++)
        if (record->lesions[i].when.known) *BFL_PUSH(arena, &rows) = i;
    bfl_sort(arena, rows.items, rows.count, sizeof *rows.items, by_day, record);
    return rows;
}

/* Adds the visit that starts at row `from`; returns the first row after it. */
static size_t add_visit(bfl_arena *arena, const bfl_record *record, const bfl_visits *visits, size_t from,
                        visit_list *list) {
    int32_t first = record->lesions[visits->rows[from]].when.day, last = first;
    size_t row = from;
    for (; row < visits->row_count; row++) {
        int32_t day = record->lesions[visits->rows[row]].when.day;
        if (day - first > visits->window) break;
        last = day;
    }
    *BFL_PUSH(arena, list) = (bfl_visit){first, last};
    return row;
}

/* The baseline is what was done within its window before the last study at or before day 0; a later study never joins it. */
static void group_visits(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook, bfl_visits *visits) {
    int32_t window = bfl_rule_days(rulebook, BFL_NUM_RECIST11_BASELINE_WINDOW__WINDOW_DAYS);
    visit_list list = {0};
    size_t before = 0;
    while (before < visits->row_count && record->lesions[visits->rows[before]].when.day <= 0) before++;
    if (before > 0) {
        int32_t last = record->lesions[visits->rows[before - 1]].when.day;
        size_t first = before - 1;
        while (first > 0 && last - record->lesions[visits->rows[first - 1]].when.day <= window) first--;
        *BFL_PUSH(arena, &list) = (bfl_visit){record->lesions[visits->rows[first]].when.day, last};
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

static void group_lesions(bfl_arena *arena, const bfl_record *record, bfl_visits *visits) {
    size_t *sorted = BFL_NEW_ARRAY(arena, visits->row_count, size_t);
    memcpy(sorted, visits->rows, visits->row_count * sizeof *sorted);
    bfl_sort(arena, sorted, visits->row_count, sizeof *sorted, by_lesion, record);
    tracked_list lesions = {0};
    int32_t *days = BFL_NEW_ARRAY(arena, visits->row_count, int32_t);
    for (size_t i = 0; i < visits->row_count; i++) {
        const bfl_lesion *row = &record->lesions[sorted[i]];
        days[i] = row->when.day;
        if (i == 0 || by_lesion(&sorted[i - 1], &sorted[i], record) != 0)
            *BFL_PUSH(arena, &lesions) = (bfl_tracked){.id = row->id, .site = "", .rows = sorted + i, .days = days + i};
        bfl_tracked *lesion = &lesions.items[lesions.count - 1];
        lesion->row_count++;
        if (lesion->organ == BFL_ORGAN_NONE) lesion->organ = row->organ;
        if (!*lesion->site) lesion->site = row->site;
    }
    visits->lesions = lesions.items;
    visits->lesion_count = lesions.count;
}

/* How many rows of the lesion lie before `day`. */
static size_t rows_before(const bfl_tracked *lesion, int64_t day) {
    size_t low = 0, high = lesion->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lesion->days[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bfl_rows bfl_visits_rows(const bfl_tracked *lesion, const bfl_visit *visit) {
    size_t from = rows_before(lesion, visit->first_day);
    return (bfl_rows){lesion->rows + from, rows_before(lesion, (int64_t)visit->day + 1) - from};
}

bfl_rows bfl_visits_until(const bfl_tracked *lesion, int32_t day) {
    return (bfl_rows){lesion->rows, rows_before(lesion, (int64_t)day + 1)};
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
