/* SPDX-License-Identifier: Apache-2.0 */
/* The curves of every shape. Turning points lie at equal parts of the series of values, so that dense weeks get more of them
 * than a long gap, and a little beyond the last value: a rise may still be going on. */
#include "marker/form.h"

#include <math.h>

double bfl_form_curve_at(const bfl_form_curve *c, double day) {
    if (c->form == BFL_FORM_STABLE || day < c->onset) return 0;
    switch (c->form) {
    case BFL_FORM_FALL: return expm1((c->onset - day) / c->time);
    case BFL_FORM_RISE: return day >= c->end ? 1 : (day - c->onset) / (c->end - c->onset);
    case BFL_FORM_RISE_FALL:
        if (day >= c->end) return -c->below;
        if (day < c->peak) return (day - c->onset) / (c->peak - c->onset);
        return 1 - (1 + c->below) * (day - c->peak) / (c->end - c->peak);
    case BFL_FORM_STABLE:
    case BFL_FORM_STEP:
    case BFL_FORM_COUNT: break;
    }
    return 1;
}

typedef struct maker {
    bfl_arena *arena;
    const bfl_rulebook *rulebook;
    const bfl_form_series *series;
    int parts, beyond; /* turning points 0..parts within the series, as many as `beyond` after it */
    bfl_form_curves curves;
} maker;

/* Day of the k-th turning point. */
static double turn(const maker *m, int k) {
    const bfl_form_value *values = m->series->values;
    double last = (double)(m->series->count - 1), at = k * last / m->parts;
    if (at >= last) {
        double step = (values[m->series->count - 1].day - values[0].day) / m->parts;
        return values[m->series->count - 1].day + (k - m->parts) * step;
    }
    size_t i = (size_t)at;
    return values[i].day + (at - (double)i) * (values[i + 1].day - values[i].day);
}

static bfl_form_curve *add(maker *m, bfl_form form, double onset) {
    bfl_form_curve *curve = BFL_PUSH(m->arena, &m->curves);
    curve->form = form;
    curve->onset = onset;
    return curve;
}

/* Divides the weight of a shape among its curves, those from `first` on. */
static void share(maker *m, size_t first, double weight) {
    for (size_t i = first; i < m->curves.count; i++)
        m->curves.items[i].log_weight = log(weight / (double)(m->curves.count - first));
}

static void add_falls(maker *m) {
    static const bfl_number_index times[] = {BFL_NUM_MARKER_FORM_CHANGE_POINTS__FALL_FAST_DAYS,
                                             BFL_NUM_MARKER_FORM_CHANGE_POINTS__FALL_MIDDLE_DAYS,
                                             BFL_NUM_MARKER_FORM_CHANGE_POINTS__FALL_SLOW_DAYS};
    for (int k = 0; k < m->parts; k++)
        for (size_t i = 0; i < sizeof times / sizeof *times; i++)
            add(m, BFL_FORM_FALL, turn(m, k))->time = bfl_rule_double(m->rulebook, times[i]);
}

static void add_rises(maker *m) {
    for (int k = 0; k < m->parts; k++)
        for (int e = k + 1; e <= m->parts + m->beyond; e++) add(m, BFL_FORM_RISE, turn(m, k))->end = turn(m, e);
}

static void add_rise_falls(maker *m) {
    double below = bfl_rule_double(m->rulebook, BFL_NUM_MARKER_FORM_CHANGE_POINTS__BELOW_FRACTION);
    for (int k = 0; k < m->parts; k++)
        for (int p = k + 1; p < m->parts; p++)
            for (int e = p + 1; e <= m->parts + m->beyond; e++)
                for (int depth = 0; depth < 2; depth++) {
                    bfl_form_curve *curve = add(m, BFL_FORM_RISE_FALL, turn(m, k));
                    curve->peak = turn(m, p);
                    curve->end = turn(m, e);
                    curve->below = depth * below;
                }
}

/* Where rows name different methods the step lies there; else it may lie anywhere. */
static void add_steps(maker *m, bool said) {
    for (size_t i = 1; i < m->series->count; i++)
        if (!said || m->series->values[i].method_changed) (void)add(m, BFL_FORM_STEP, m->series->values[i].day);
}

bfl_form_curves bfl_form_curves_for(bfl_arena *arena, const bfl_rulebook *rulebook, const bfl_form_series *series,
                                    const double *prior) {
    maker m = {.arena = arena,
               .rulebook = rulebook,
               .series = series,
               .parts = bfl_rule_days(rulebook, BFL_NUM_MARKER_FORM_CHANGE_POINTS__PARTS_COUNT),
               .beyond = bfl_rule_days(rulebook, BFL_NUM_MARKER_FORM_CHANGE_POINTS__BEYOND_COUNT)};
    if (m.parts < 1) m.parts = 1; /* an overlay may say anything */
    bool said = false;
    for (size_t i = 1; i < series->count; i++) said = said || series->values[i].method_changed;
    for (int form = 0; form < BFL_FORM_COUNT; form++) {
        size_t first = m.curves.count;
        switch ((bfl_form)form) {
        case BFL_FORM_STABLE: (void)add(&m, BFL_FORM_STABLE, 0); break;
        case BFL_FORM_FALL: add_falls(&m); break;
        case BFL_FORM_RISE: add_rises(&m); break;
        case BFL_FORM_RISE_FALL: add_rise_falls(&m); break;
        case BFL_FORM_STEP: add_steps(&m, said); break;
        case BFL_FORM_COUNT: break;
        }
        share(&m, first, prior[form]);
    }
    return m.curves;
}
