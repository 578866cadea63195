/* SPDX-License-Identifier: Apache-2.0 */
#include "num/survival.h"

#include <math.h>
#include <string.h>

bfl_num_state bfl_num_times_state(const bfl_num_times *times) {
    if (times->n == 0) return BFL_NUM_EMPTY;
    if (times->n > UINT32_MAX) return BFL_NUM_BAD_INPUT;
    for (size_t i = 0; i < times->n; i++) {
        double time = times->time[i], start = times->start ? times->start[i] : -1;
        if (!isfinite(time) || time < 0 || !isfinite(start) || !(start < time)) return BFL_NUM_BAD_INPUT;
    }
    return BFL_NUM_OK;
}

bool bfl_num_factor_valid(bfl_num_factor factor, size_t n) {
    for (size_t i = 0; factor.level && i < n; i++)
        if (factor.level[i] >= factor.levels) return false;
    return true;
}

uint32_t *bfl_num_order_within(bfl_arena *arena, const double *key, size_t n, bfl_num_factor strata) {
    uint32_t *order = bfl_num_order(arena, key, n);
    if (!strata.level) return order;
    size_t *place = BFL_NEW_ARRAY(arena, strata.levels + 1, size_t);
    uint32_t *result = BFL_NEW_ARRAY(arena, n, uint32_t);
    for (size_t i = 0; i < n; i++) place[strata.level[i] + 1]++;
    for (size_t s = 1; s <= strata.levels; s++) place[s] += place[s - 1];
    for (size_t i = 0; i < n; i++) result[place[strata.level[order[i]]]++] = order[i];
    return result;
}

uint64_t bfl_num_at_risk(const bfl_num_times *times, double t) {
    uint64_t count = 0;
    for (size_t i = 0; i < times->n; i++) {
        bool entered = !times->start || times->start[i] < t || (t <= 0 && times->start[i] <= t);
        count += entered && times->time[i] >= t;
    }
    return count;
}

/* ---- exposure ---- */

typedef struct builder {
    double *start, *time;
    uint8_t *event, *exposed;
    uint32_t *row;
    size_t n;
} builder;

static builder new_builder(bfl_arena *arena, size_t most) {
    return (builder){BFL_NEW_ARRAY(arena, most, double),   BFL_NEW_ARRAY(arena, most, double),
                     BFL_NEW_ARRAY(arena, most, uint8_t),  BFL_NEW_ARRAY(arena, most, uint8_t),
                     BFL_NEW_ARRAY(arena, most, uint32_t), 0};
}

typedef struct span {
    double start, time;
    uint8_t event;
    bool exposed;
} span;

static void put(builder *b, size_t row, span s) {
    b->start[b->n] = s.start;
    b->time[b->n] = s.time;
    b->event[b->n] = s.event;
    b->exposed[b->n] = s.exposed;
    b->row[b->n++] = (uint32_t)row;
}

static bfl_num_exposed_rows built(const builder *b, bool from_start) {
    return (bfl_num_exposed_rows){.state = b->n ? BFL_NUM_OK : BFL_NUM_EMPTY,
                                  .times = {b->n, from_start ? NULL : b->start, b->time, b->event},
                                  .row = b->row,
                                  .exposed = b->exposed};
}

static bool onsets_valid(const bfl_num_real *onset, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (onset[i].present && !isfinite(onset[i].value)) return false;
    return true;
}

bfl_num_exposed_rows bfl_num_split_at_onset(bfl_arena *arena, const bfl_num_times *times, const bfl_num_real *onset) {
    bfl_num_state state = bfl_num_times_state(times);
    if (state == BFL_NUM_OK && !onsets_valid(onset, times->n)) state = BFL_NUM_BAD_INPUT;
    if (state != BFL_NUM_OK) return (bfl_num_exposed_rows){.state = state};
    builder b = new_builder(arena, 2 * times->n);
    for (size_t i = 0; i < times->n; i++) {
        /* Without delayed entry a row begins before time 0, so that an event at time 0 has a row to be in. */
        span whole = {times->start ? times->start[i] : -1, times->time[i], times->event[i], false};
        double at = onset[i].value;
        if (!onset[i].present || at >= whole.time) {
            put(&b, i, whole);
        } else if (at <= whole.start || (!times->start && at <= 0)) {
            whole.exposed = true;
            put(&b, i, whole);
        } else {
            put(&b, i, (span){whole.start, at, 0, false});
            put(&b, i, (span){at, whole.time, whole.event, true});
        }
    }
    return built(&b, false);
}

bfl_num_exposed_rows bfl_num_landmark(bfl_arena *arena, const bfl_num_times *times, const bfl_num_real *onset,
                                      double landmark) {
    bfl_num_state state = bfl_num_times_state(times);
    if (state == BFL_NUM_OK && (!isfinite(landmark) || !onsets_valid(onset, times->n))) state = BFL_NUM_BAD_INPUT;
    if (state != BFL_NUM_OK) return (bfl_num_exposed_rows){.state = state};
    builder b = new_builder(arena, times->n);
    uint64_t left_out = 0;
    for (size_t i = 0; i < times->n; i++) {
        if (times->time[i] <= landmark || (times->start && times->start[i] > landmark)) {
            left_out++;
            continue;
        }
        bool exposed = onset[i].present && onset[i].value <= landmark;
        put(&b, i, (span){0, times->time[i] - landmark, times->event[i], exposed});
    }
    bfl_num_exposed_rows result = built(&b, true);
    result.left_out = left_out;
    return result;
}
