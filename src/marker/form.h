/* SPDX-License-Identifier: Apache-2.0 */
/*
 * marker, inside: shapes of a course, compared. Every shape is a set of curves h(t); the log value is level + size * h(t) + noise,
 * with a normal level and a normal size (kept above 0 where the shape has a direction). So the marginal likelihood of every
 * curve is known in closed form, and the integral over the days of change is a sum over a grid.
 */
#ifndef BFL_MARKER_FORM_H
#define BFL_MARKER_FORM_H

#include "marker/course.h"

/* One value on the log scale. */
typedef struct bfl_form_value {
    double day, log_value;
    bfl_comparator comparator;
    bool method_changed; /* against the value before */
} bfl_form_value;

typedef struct bfl_form_series {
    const bfl_form_value *values; /* by day */
    size_t count, exact_count;
    double centre;      /* mean of the log values: the level is expected around it */
    double variance[2]; /* of the noise: as tabled, and with doubt */
    double level_sd, change_sd, step_sd;
    double noise_weight[2];
} bfl_form_series;

/* One curve: 0 before onset. Fall: down to -1 with time constant `time`. Rise: a ramp up to 1 at `end`. Rise then fall: up to 1
 * at `peak`, down to -below at `end`. Step: 1 from onset on. */
typedef struct bfl_form_curve {
    bfl_form form;
    double onset, peak, end, below, time;
    double log_weight; /* of the curve among all curves of all shapes, before the values */
} bfl_form_curve;
typedef BFL_LIST(bfl_form_curve) bfl_form_curves;

/* What the values say under one curve and one noise. */
typedef struct bfl_form_part {
    const bfl_form_curve *curve;
    double variance;
    double log_likelihood;     /* marginal */
    double log_weight, weight; /* posterior: unnormalised, then normalised */
    double level, size;        /* posterior means, the level from the centre of the series */
    double vll, vls, vss;      /* their covariance, before the size is kept above 0 */
} bfl_form_part;

/* ---- form_curve.c ---- */
double bfl_form_curve_at(const bfl_form_curve *curve, double day);
/* Every curve of every shape for these values. `prior` holds the weight of each shape. */
bfl_form_curves bfl_form_curves_for(bfl_arena *arena, const bfl_rulebook *rulebook, const bfl_form_series *series,
                                    const double *prior);

/* ---- form_fit.c ---- */
/* What the exact values add up to under a curve. */
typedef struct bfl_form_sums {
    double n, h, hh, y, hy, yy;
} bfl_form_sums;
bfl_form_sums bfl_form_sums_of(const bfl_form_series *series, const bfl_form_curve *curve);
/* The curve against the values with noise `variance`; everything but the weights. */
bfl_form_part bfl_form_part_of(const bfl_form_series *series, const bfl_form_curve *curve, const bfl_form_sums *sums,
                               double variance);
/* P(Z <= t) of the standard normal, and its logarithm, finite for every t. */
double bfl_form_normal(double t);
double bfl_form_log_normal(double t);

/* ---- form_next.c ---- */
/* Fills the forecast of `out` from parts that carry their weights. */
void bfl_form_forecast(bfl_arena *arena, const bfl_rulebook *rulebook, const bfl_form_series *series,
                       const bfl_form_part *parts, size_t count, bfl_form_fit *out);

#endif
