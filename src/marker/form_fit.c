/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One curve against the values. Exact values: the closed form of a linear model with normal prior. Bounds (<, >) are taken one
 * after the other: the probability that the model puts on their side, then the normal distribution nearest to what is left
 * (assumed-density filtering). A size with a direction is cut at 0 last: the marginal is multiplied by 2 P(size > 0 | values).
 */
#include "marker/form.h"

#include <float.h>
#include <math.h>

double bfl_form_normal(double t) { return erfc(-t / sqrt(2)) / 2; }

double bfl_form_log_normal(double t) { return log(fmax(bfl_form_normal(t), DBL_MIN)); }

bfl_form_sums bfl_form_sums_of(const bfl_form_series *series, const bfl_form_curve *curve) {
    bfl_form_sums s = {0, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < series->count; i++) {
        const bfl_form_value *v = &series->values[i];
        if (v->comparator != BFL_EXACTLY) continue;
        double h = bfl_form_curve_at(curve, v->day), y = v->log_value - series->centre;
        s.n++;
        s.h += h;
        s.hh += h * h;
        s.y += y;
        s.hy += h * y;
        s.yy += y * y;
    }
    return s;
}

static void exact_values(bfl_form_part *part, const bfl_form_sums *s, double level_variance, double size_variance) {
    double v = part->variance;
    double a = s->n / v + 1 / level_variance, b = s->h / v, d = s->hh / v + 1 / size_variance;
    double determinant = a * d - b * b, p = s->y / v, q = s->hy / v;
    part->vll = d / determinant;
    part->vls = -b / determinant;
    part->vss = a / determinant;
    part->level = part->vll * p + part->vls * q;
    part->size = part->vls * p + part->vss * q;
    double explained = p * part->level + q * part->size;
    part->log_likelihood =
        -(s->n * log(2 * acos(-1) * v) + log(level_variance * size_variance * determinant) + s->yy / v - explained) / 2;
}

/* One bound: the value lies below (above) it. */
static void bound(bfl_form_part *part, double h, double limit, double side) {
    double cl = part->vll + h * part->vls, cs = part->vls + h * part->vss;
    double sd = sqrt(part->variance + cl + h * cs);
    double t = side * (limit - part->level - h * part->size) / sd;
    double mass = fmax(bfl_form_normal(t), DBL_MIN);
    double hazard = exp(-t * t / 2) / sqrt(2 * acos(-1)) / mass, shrink = hazard * (t + hazard) / (sd * sd);
    part->log_likelihood += log(mass);
    part->level -= side * hazard * cl / sd;
    part->size -= side * hazard * cs / sd;
    part->vll -= shrink * cl * cl;
    part->vls -= shrink * cl * cs;
    part->vss -= shrink * cs * cs;
}

bfl_form_part bfl_form_part_of(const bfl_form_series *series, const bfl_form_curve *curve, const bfl_form_sums *sums,
                               double variance) {
    bfl_form_part part = {.curve = curve, .variance = variance};
    bool step = curve->form == BFL_FORM_STEP;
    double sd = step ? series->step_sd : series->change_sd;
    exact_values(&part, sums, series->level_sd * series->level_sd, sd * sd);
    for (size_t i = 0; series->exact_count < series->count && i < series->count; i++) {
        const bfl_form_value *v = &series->values[i];
        if (v->comparator == BFL_EXACTLY) continue;
        bound(&part, bfl_form_curve_at(curve, v->day), v->log_value - series->centre,
              v->comparator == BFL_BELOW ? 1 : -1);
    }
    if (!step) part.log_likelihood += log(2) + bfl_form_log_normal(part.size / sqrt(part.vss));
    return part;
}
