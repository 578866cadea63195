/* SPDX-License-Identifier: Apache-2.0 */
/* What the next value should be, over all shapes; and beyond which value another shape would be the likeliest. */
#include "marker/form.h"

#include <math.h>

/* The next log value under one curve: normal, near enough once the size is kept above 0. */
typedef struct branch {
    bfl_form form;
    bool doubtful; /* of the larger noise */
    double weight, mean, sd;
} branch;

typedef struct outlook {
    branch *branches;
    size_t count;
    bfl_form best;
} outlook;

/* The normal size cut at 0: its mean and variance. */
static void cut_at_zero(const bfl_form_part *part, double *mean, double *variance) {
    double sd = sqrt(part->vss), t = part->size / sd;
    double hazard = exp(-t * t / 2) / sqrt(2 * acos(-1)) / exp(bfl_form_log_normal(t));
    *mean = part->size + sd * hazard;
    *variance = fmax(part->vss * (1 - hazard * (hazard + t)), 0);
}

static branch branch_of(const bfl_form_series *series, const bfl_form_part *part, double day) {
    double h = bfl_form_curve_at(part->curve, day), size = part->size, variance = part->vss;
    bool directed = part->curve->form != BFL_FORM_STEP && part->curve->form != BFL_FORM_STABLE;
    if (directed) cut_at_zero(part, &size, &variance);
    /* The level follows the size as far as the two go together. */
    double slope = part->vls / part->vss, rest = part->vll - slope * part->vls;
    double level = part->level + slope * (size - part->size);
    double total = part->variance + rest + (slope + h) * (slope + h) * variance;
    bool doubtful = part->variance > series->variance[0];
    return (branch){part->curve->form, doubtful, part->weight, series->centre + level + h * size, sqrt(total)};
}

/* Adds a branch to another: together they keep weight, mean and variance. */
static void merge(branch *into, const branch *b) {
    double weight = into->weight + b->weight, shift = b->mean - into->mean;
    double variance = (into->weight * into->sd * into->sd + b->weight * b->sd * b->sd) / weight +
                      into->weight * b->weight * shift * shift / (weight * weight);
    into->mean += shift * b->weight / weight;
    into->sd = sqrt(variance);
    into->weight = weight;
    into->form = b->form;
}

/* Branches of one shape and noise that expect nearly the same are one: hundreds become some dozens. */
static outlook look(bfl_arena *arena, const bfl_form_series *series, const bfl_form_part *parts, size_t count,
                    const bfl_form_fit *fit) {
    static const size_t BIN_CAPACITY = 8;
    branch *all = BFL_NEW_ARRAY(arena, count, branch),
           *bins = BFL_NEW_ARRAY(arena, 2 * BFL_FORM_COUNT * BIN_CAPACITY, branch);
    double low = HUGE_VAL, high = -HUGE_VAL, heaviest = 0;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) heaviest = fmax(heaviest, parts[i].weight);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].weight * 100 * 100 < heaviest) continue;
        branch b = all[kept++] = branch_of(series, &parts[i], fit->next_day);
        low = fmin(low, b.mean);
        high = fmax(high, b.mean);
    }
    for (size_t i = 0; i < kept; i++) {
        size_t bin = high > low ? (size_t)((all[i].mean - low) / (high - low) * (double)(BIN_CAPACITY - 1)) : 0;
        merge(&bins[((size_t)all[i].form * 2 + all[i].doubtful) * BIN_CAPACITY + bin], &all[i]);
    }
    outlook o = {.branches = bins, .best = fit->best};
    for (size_t i = 0; i < 2 * BFL_FORM_COUNT * BIN_CAPACITY; i++)
        if (bins[i].weight > 0) bins[o.count++] = bins[i];
    return o;
}

/* P(log value <= x) and its density. */
static double below(const outlook *o, double x, double *density) {
    double p = 0, all = 0;
    *density = 0;
    for (size_t i = 0; i < o->count; i++) {
        const branch *b = &o->branches[i];
        double t = (x - b->mean) / b->sd;
        p += b->weight * bfl_form_normal(t);
        *density += b->weight * exp(-t * t / 2) / b->sd;
        all += b->weight;
    }
    *density /= all * sqrt(2 * acos(-1));
    return p / all;
}

/* The log value that the fraction p lies below: Newton's steps, halving the bracket where they leave it. */
static double quantile(const outlook *o, double p) {
    double low = HUGE_VAL, high = -HUGE_VAL, tolerance = 1.0 / (100 * 100 * 100);
    for (size_t i = 0; i < o->count; i++) {
        double reach = 2 * 2 * 2 * o->branches[i].sd;
        low = fmin(low, o->branches[i].mean - reach);
        high = fmax(high, o->branches[i].mean + reach);
    }
    double x = (low + high) / 2;
    while (high - low > tolerance) {
        double density, excess = below(o, x, &density) - p;
        *(excess < 0 ? &low : &high) = x;
        double next = density > 0 ? x - excess / density : low;
        if (fabs(next - x) < tolerance) return next;
        x = next > low && next < high ? next : (low + high) / 2;
    }
    return x;
}

/* Would the shape that is the likeliest now still be so after this value? */
static bool holds(const outlook *o, double x) {
    double weight[BFL_FORM_COUNT] = {0};
    for (size_t i = 0; i < o->count; i++) {
        const branch *b = &o->branches[i];
        double t = (x - b->mean) / b->sd;
        weight[b->form] += b->weight / b->sd * exp(-t * t / 2);
    }
    for (int form = 0; form < BFL_FORM_COUNT; form++)
        if (weight[form] > weight[o->best]) return false;
    return true;
}

/* The nearest log value from `from` on in the direction of `step` at which the shape no longer holds. */
static bool turns(const outlook *o, double from, double step, double reach, double *at) {
    double inside = from;
    while (fabs(inside + step - from) <= reach && holds(o, inside + step)) inside += step;
    if (fabs(inside + step - from) > reach) return false;
    double outside = inside + step;
    while (fabs(outside - inside) * 100 * 100 > 1) {
        double middle = (inside + outside) / 2;
        if (holds(o, middle))
            inside = middle;
        else
            outside = middle;
    }
    *at = (inside + outside) / 2;
    return true;
}

/* Where the likeliest shape itself expects the next value. */
static double expected_by(const outlook *o) {
    double sum = 0, weight = 0;
    for (size_t i = 0; i < o->count; i++)
        if (o->branches[i].form == o->best) {
            sum += o->branches[i].weight * o->branches[i].mean;
            weight += o->branches[i].weight;
        }
    return sum / weight;
}

void bfl_form_forecast(bfl_arena *arena, const bfl_rulebook *rulebook, const bfl_form_series *series,
                       const bfl_form_part *parts, size_t count, bfl_form_fit *out) {
    int32_t ahead = bfl_rule_days(rulebook, BFL_NUM_MARKER_FORM_NEXT__AHEAD_DAYS);
    double tail = (1 - bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_NEXT__INTERVAL_FRACTION)) / 2;
    double reach = log(bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_NEXT__REACH_RATIO));
    out->next_day = (int32_t)series->values[series->count - 1].day + ahead;
    outlook o = look(arena, series, parts, count, out);
    out->next = exp(quantile(&o, 1.0 / 2));
    out->next_low = exp(quantile(&o, tail));
    out->next_high = exp(quantile(&o, 1 - tail));
    double centre = expected_by(&o), step = reach / (2 * 2 * 2 * 2), at = 0;
    if (!holds(&o, centre)) return;
    out->has_above = turns(&o, centre, step, reach, &at);
    if (out->has_above) out->above = exp(at);
    out->has_below = turns(&o, centre, -step, reach, &at);
    if (out->has_below) out->below = exp(at);
}
