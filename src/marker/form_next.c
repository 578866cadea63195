/* SPDX-License-Identifier: Apache-2.0 */
/* What the next value should be, over all shapes; and beyond which value another shape would be the likeliest. */
#include "marker/form.h"

#include <math.h>

/* The next log value under one curve: normal, near enough once the size is kept above 0. */
typedef struct branch {
    bfl_form form;
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
    return (branch){part->curve->form, part->weight, series->centre + level + h * size, sqrt(total)};
}

/* Branches that matter: a ten-thousandth of the heaviest is left out. */
static outlook look(bfl_arena *arena, const bfl_form_series *series, const bfl_form_part *parts, size_t count,
                    const bfl_form_fit *fit) {
    outlook o = {.branches = BFL_NEW_ARRAY(arena, count, branch), .best = fit->best};
    double heaviest = 0;
    for (size_t i = 0; i < count; i++) heaviest = fmax(heaviest, parts[i].weight);
    for (size_t i = 0; i < count; i++)
        if (parts[i].weight * 100 * 100 > heaviest) o.branches[o.count++] = branch_of(series, &parts[i], fit->next_day);
    return o;
}

static double below(const outlook *o, double x) {
    double p = 0, all = 0;
    for (size_t i = 0; i < o->count; i++) {
        p += o->branches[i].weight * bfl_form_normal((x - o->branches[i].mean) / o->branches[i].sd);
        all += o->branches[i].weight;
    }
    return p / all;
}

/* The log value that the fraction p lies below, to a ten-thousandth. */
static double quantile(const outlook *o, double p) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < o->count; i++) {
        double reach = 2 * 2 * 2 * o->branches[i].sd;
        low = fmin(low, o->branches[i].mean - reach);
        high = fmax(high, o->branches[i].mean + reach);
    }
    while ((high - low) * 100 * 100 > 1) {
        double middle = (low + high) / 2;
        if (below(o, middle) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
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
    double centre = expected_by(&o), step = reach / 100, at = 0;
    if (!holds(&o, centre)) return;
    out->has_above = turns(&o, centre, step, reach, &at);
    if (out->has_above) out->above = exp(at);
    out->has_below = turns(&o, centre, -step, reach, &at);
    if (out->has_below) out->below = exp(at);
}
