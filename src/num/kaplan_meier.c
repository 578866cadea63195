/* SPDX-License-Identifier: Apache-2.0 */
#include "num/survival.h"

#include "num/distribution.h"

#include <math.h>

typedef struct walk {
    const bfl_num_times *times;
    bool reverse;
    double z;
    const uint32_t *by_time, *by_start; /* by_start: NULL without delayed entry */
    size_t entered, left;               /* rows that have entered, and that have left before now */
    double survival;
    bfl_num_sum greenwood;
} walk;

/* Events, censorings and numbers at risk at the next distinct time. */
static void count(walk *w, bfl_num_step *step) {
    const bfl_num_times *t = w->times;
    step->time = t->time[w->by_time[w->left]];
    if (w->by_start)
        while (w->entered < t->n && t->start[w->by_start[w->entered]] < step->time) w->entered++;
    step->at_risk = w->entered - w->left;
    for (; w->left < t->n && t->time[w->by_time[w->left]] <= step->time; w->left++) {
        bool event = (t->event[w->by_time[w->left]] != 0) != w->reverse;
        step->events += event;
        step->censored += !event;
    }
}

static void estimate(walk *w, bfl_num_step *step) {
    double n = (double)step->at_risk, d = (double)step->events;
    w->survival *= (n - d) / n;
    if (step->events == step->at_risk) w->survival = 0;
    step->survival = w->survival;
    if (w->survival <= 0) return;
    bfl_num_sum_add(&w->greenwood, d / (n * (n - d)));
    double se_log = sqrt(bfl_num_sum_total(w->greenwood));
    step->se = bfl_num_some(w->survival * se_log);
    if (w->survival >= 1) return;
    double centre = log(-log(w->survival)), half = w->z * se_log / log(w->survival);
    step->low = bfl_num_some(exp(-exp(centre - half)));
    step->high = bfl_num_some(exp(-exp(centre + half)));
}

static bfl_num_curve curve(bfl_arena *arena, const bfl_num_times *times, double level, bool reverse) {
    bfl_num_curve result = {.state = bfl_num_times_state(times), .n = times->n, .level = level};
    if (result.state == BFL_NUM_OK && !bfl_num_level_valid(level)) result.state = BFL_NUM_BAD_INPUT;
    if (result.state != BFL_NUM_OK) return result;
    walk w = {.times = times, .reverse = reverse, .z = bfl_num_z(level), .entered = times->n, .survival = 1};
    w.by_time = bfl_num_order(arena, times->time, times->n);
    if (times->start) {
        w.by_start = bfl_num_order(arena, times->start, times->n);
        w.entered = 0;
    }
    BFL_LIST(bfl_num_step) steps = {0};
    while (w.left < times->n) {
        bfl_num_step step = {0};
        count(&w, &step);
        estimate(&w, &step);
        result.events += step.events;
        *BFL_PUSH(arena, &steps) = step;
    }
    result.steps = steps.items;
    result.count = steps.count;
    return result;
}

bfl_num_curve bfl_num_kaplan_meier(bfl_arena *arena, const bfl_num_times *times, double level) {
    return curve(arena, times, level, false);
}

bfl_num_curve bfl_num_reverse_kaplan_meier(bfl_arena *arena, const bfl_num_times *times, double level) {
    return curve(arena, times, level, true);
}

typedef enum line { SURVIVAL, LOW, HIGH } line;

/* The curve or a limit of it; missing limits at survival 1 count as 1, at survival 0 the line ends. */
static bfl_num_real height(const bfl_num_step *step, line which) {
    bfl_num_real limit = which == LOW ? step->low : step->high;
    if (which == SURVIVAL) return bfl_num_some(step->survival);
    if (!limit.present && step->survival >= 1) return bfl_num_some(1);
    return limit;
}

/* The line meets the target exactly at step i: the middle of the flat stretch, which may last until the end. */
static bfl_num_real middle_of_flat(const bfl_num_curve *c, line which, size_t i, double slack) {
    double here = height(&c->steps[i], which).value, end = c->steps[c->count - 1].time;
    for (size_t j = i + 1; j < c->count; j++) {
        bfl_num_real next = height(&c->steps[j], which);
        if (!next.present) return bfl_num_none();
        if (next.value >= here - slack) continue;
        end = c->steps[j].time;
        break;
    }
    return bfl_num_some((c->steps[i].time + end) / 2);
}

/* First time at which the line is at or below `target`. */
static bfl_num_real crossing(const bfl_num_curve *c, line which, double target) {
    double slack = 1.4901161193847656e-8; /* 2^-26: R's tolerance for a curve that meets the target exactly */
    for (size_t i = 0; i < c->count; i++) {
        bfl_num_real here = height(&c->steps[i], which);
        if (!here.present) return bfl_num_none();
        if (here.value > target + slack) continue;
        if (here.value < target - slack) return bfl_num_some(c->steps[i].time);
        return middle_of_flat(c, which, i, slack);
    }
    return bfl_num_none();
}

bfl_num_time_quantile bfl_num_curve_quantile(const bfl_num_curve *curve, double p) {
    bfl_num_time_quantile result = {bfl_num_none(), bfl_num_none(), bfl_num_none()};
    if (curve->state != BFL_NUM_OK || !(p > 0 && p < 1)) return result;
    result.time = crossing(curve, SURVIVAL, 1 - p);
    result.low = crossing(curve, LOW, 1 - p);
    result.high = crossing(curve, HIGH, 1 - p);
    return result;
}

bfl_num_curve_point bfl_num_curve_at(const bfl_num_curve *curve, double t) {
    bfl_num_curve_point point = {1, bfl_num_some(0), bfl_num_none(), bfl_num_none(), false};
    size_t first = 0, end = curve->count; /* the first step after t */
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (curve->steps[middle].time <= t)
            first = middle + 1;
        else
            end = middle;
    }
    if (first > 0) {
        const bfl_num_step *step = &curve->steps[first - 1];
        point = (bfl_num_curve_point){step->survival, step->se, step->low, step->high, false};
    }
    point.beyond =
        first == curve->count && point.survival > 0 && (curve->count == 0 || t > curve->steps[curve->count - 1].time);
    return point;
}
