/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare's probability of progression against what was true: Brier score, discrimination, slope and intercept of the logistic
 * recalibration (Cox 1958), the reliability table, and decision curves (Vickers and Elkin 2006). */
#include "evaluate/trace.h"

#include <math.h>

/* ---- forecasts ---- */

static void forecast(const bfl_question *q, double least, bfl_forecasts *f) {
    double p = q->has_probability ? q->probability : least;
    f->without += !q->has_probability;
    f->probability[f->count] = fmin(fmax(p, least), 1 - least);
    f->progression[f->count++] = q->progression;
}

bfl_forecasts bfl_eval_forecasts(const bfl_measure *m, bfl_traces traces) {
    double least = bfl_rule_double(m->rulebook, BFL_NUM_EVALUATE_INTERVALS__CLIP_FRACTION);
    size_t most = 0;
    for (size_t i = 0; i < traces.count; i++) most += traces.items[i]->question_count;
    bfl_forecasts f = {.probability = BFL_NEW_ARRAY(m->arena, most, double),
                       .progression = BFL_NEW_ARRAY(m->arena, most, bool),
                       .first = BFL_NEW_ARRAY(m->arena, traces.count + 1, size_t)};
    for (size_t i = 0; i < traces.count; i++) {
        size_t before = f.count;
        for (size_t k = 0; k < traces.items[i]->question_count; k++)
            if (bfl_eval_counts(&traces, &traces.items[i]->questions[k]))
                forecast(&traces.items[i]->questions[k], least, &f);
        if (f.count == before) continue;
        f.first[f.patients++] = before;
    }
    f.first[f.patients] = f.count;
    return f;
}

/* The questions of the patients drawn, one after the other. */
typedef struct drawn {
    double *p;
    bool *ill;
    size_t count;
} drawn;

static drawn draw(bfl_arena *arena, const bfl_forecasts *f, const uint32_t *pick) {
    size_t total = 0;
    for (size_t i = 0; i < f->patients; i++) {
        size_t patient = pick ? pick[i] : i;
        total += f->first[patient + 1] - f->first[patient];
    }
    drawn d = {BFL_NEW_ARRAY(arena, total, double), BFL_NEW_ARRAY(arena, total, bool), 0};
    for (size_t i = 0; i < f->patients; i++) {
        size_t patient = pick ? pick[i] : i;
        for (size_t k = f->first[patient]; k < f->first[patient + 1]; k++) {
            d.p[d.count] = f->probability[k];
            d.ill[d.count++] = f->progression[k];
        }
    }
    return d;
}

bfl_num_real bfl_eval_brier(const bfl_forecasts *f, const uint32_t *pick) {
    bfl_num_sum sum = {0, 0};
    double count = 0;
    for (size_t i = 0; i < f->patients; i++) {
        size_t patient = pick ? pick[i] : i;
        for (size_t k = f->first[patient]; k < f->first[patient + 1]; k++, count++) {
            double gap = f->probability[k] - (f->progression[k] ? 1 : 0);
            bfl_num_sum_add(&sum, gap * gap);
        }
    }
    return count > 0 ? bfl_num_some(bfl_num_sum_total(sum) / count) : bfl_num_none();
}

/* Mann and Whitney: ill above well counts 1, a tie one half. */
bfl_num_real bfl_eval_auc(bfl_arena *arena, const bfl_forecasts *f, const uint32_t *pick) {
    drawn d = draw(arena, f, pick);
    uint32_t *order = bfl_num_order(arena, d.p, d.count);
    double ill = 0, well = 0, above = 0;
    for (size_t from = 0, to; from < d.count; from = to) {
        double ill_here = 0, well_here = 0;
        for (to = from; to < d.count && d.p[order[to]] <= d.p[order[from]]; to++)
            *(d.ill[order[to]] ? &ill_here : &well_here) += 1;
        above += ill_here * (well + well_here / 2);
        ill += ill_here;
        well += well_here;
    }
    return ill > 0 && well > 0 ? bfl_num_some(above / (ill * well)) : bfl_num_none();
}

/* ---- recalibration ---- */

/* Log likelihood of logit P(ill) = a + b x. */
static double likelihood(const drawn *d, double a, double b) {
    double sum = 0;
    for (size_t i = 0; i < d->count; i++) {
        double t = d->ill[i] ? a + b * d->p[i] : -a - b * d->p[i];
        sum += t > 0 ? -log1p(exp(-t)) : t - log1p(exp(t));
    }
    return sum;
}

/* One Newton step of the logistic regression, halved until it does not lose; false when the information cannot be inverted. */
static bool newton(const drawn *d, double *a, double *b) {
    double ga = 0, gb = 0, info_aa = 0, info_ab = 0, info_bb = 0;
    for (size_t i = 0; i < d->count; i++) {
        double x = d->p[i], p = 1 / (1 + exp(-*a - *b * x)), w = p * (1 - p), r = (d->ill[i] ? 1 : 0) - p;
        ga += r;
        gb += r * x;
        info_aa += w;
        info_ab += w * x;
        info_bb += w * x * x;
    }
    double determinant = info_aa * info_bb - info_ab * info_ab;
    if (!(determinant > info_aa * info_bb / (100.0 * 100 * 100 * 100 * 100))) return false;
    double da = (info_bb * ga - info_ab * gb) / determinant, db = (info_aa * gb - info_ab * ga) / determinant;
    double now = likelihood(d, *a, *b);
    for (int halvings = 0; halvings < 100 && likelihood(d, *a + da, *b + db) < now; halvings++) da /= 2, db /= 2;
    *a += da;
    *b += db;
    return true;
}

/* Do the probabilities of the two classes overlap? Where they do not, the slope runs to infinity. */
static bool overlap(const double *x, const bool *y, size_t n) {
    double least[2] = {HUGE_VAL, HUGE_VAL}, most[2] = {-HUGE_VAL, -HUGE_VAL};
    for (size_t i = 0; i < n; i++) {
        least[y[i]] = fmin(least[y[i]], x[i]);
        most[y[i]] = fmax(most[y[i]], x[i]);
    }
    return least[0] < most[1] && least[1] < most[0];
}

bfl_recalibration bfl_eval_recalibrate(bfl_arena *arena, const bfl_forecasts *f, const uint32_t *pick) {
    bfl_recalibration none = {bfl_num_none(), bfl_num_none()};
    drawn d = draw(arena, f, pick);
    for (size_t i = 0; i < d.count; i++) d.p[i] = log(d.p[i] / (1 - d.p[i]));
    if (!overlap(d.p, d.ill, d.count)) return none;
    double a = 0, b = 0; /* from the origin Newton does not start on a plateau */
    for (int step = 0; step < 100; step++) {
        double a0 = a, b0 = b;
        if (!newton(&d, &a, &b)) return none;
        if (fabs(a - a0) + fabs(b - b0) < 1.0 / (100.0 * 100 * 100 * 100))
            return (bfl_recalibration){bfl_num_some(b), bfl_num_some(a)};
    }
    return none;
}

/* ---- with intervals ---- */

typedef enum quantity { QUANTITY_BRIER, QUANTITY_AUC, QUANTITY_SLOPE, QUANTITY_INTERCEPT } quantity;

typedef struct question {
    const bfl_measure *m;
    const bfl_forecasts *f;
    quantity wanted;
} question;

static bfl_num_real value_of(void *context, const uint32_t *pick) {
    const question *q = context;
    bfl_arena *arena = q->m->arena;
    bfl_arena_mark here = bfl_arena_here(arena);
    bfl_num_real value = bfl_num_none();
    switch (q->wanted) {
    case QUANTITY_BRIER: value = bfl_eval_brier(q->f, pick); break;
    case QUANTITY_AUC: value = bfl_eval_auc(arena, q->f, pick); break;
    case QUANTITY_SLOPE: value = bfl_eval_recalibrate(arena, q->f, pick).slope; break;
    case QUANTITY_INTERCEPT: value = bfl_eval_recalibrate(arena, q->f, pick).intercept; break;
    }
    bfl_arena_back(arena, here);
    return value;
}

void bfl_eval_calibrate(const bfl_measure *m, const bfl_forecasts *f, bfl_eval_group *out) {
    bfl_eval_number *targets[] = {&out->brier, &out->auc, &out->slope, &out->intercept};
    for (size_t k = 0; k < sizeof targets / sizeof *targets; k++) {
        question q = {m, f, (quantity)k};
        bfl_num_real value = value_of(&q, NULL);
        *targets[k] =
            (bfl_eval_number){.value = value.value, .low = value.value, .high = value.value, .present = value.present};
        bfl_eval_bootstrap(m, f->patients, 2, value_of, &q, targets[k]);
    }
}

/* ---- tables ---- */

/* Patients with questions in the bin give its interval. */
static bfl_eval_number observed(const bfl_measure *m, const bfl_forecasts *f, double from, double to) {
    bfl_tally t = {BFL_NEW_ARRAY(m->arena, f->patients, double), BFL_NEW_ARRAY(m->arena, f->patients, double),
                   f->patients};
    for (size_t i = 0; i < f->patients; i++)
        for (size_t k = f->first[i]; k < f->first[i + 1]; k++) {
            if (f->probability[k] < from || f->probability[k] >= to) continue;
            t.trials[i]++;
            t.events[i] += f->progression[k];
        }
    return bfl_eval_share(m, t, 1);
}

const bfl_eval_bin *bfl_eval_reliability(const bfl_measure *m, const bfl_forecasts *f, size_t *count) {
    size_t bins = (size_t)bfl_rule_days(m->rulebook, BFL_NUM_EVALUATE_INTERVALS__BINS_COUNT);
    bfl_eval_bin *out = BFL_NEW_ARRAY(m->arena, bins, bfl_eval_bin);
    for (size_t b = 0; b < bins; b++) {
        bfl_eval_bin *bin = &out[b];
        bin->from = (double)b / (double)bins;
        bin->to = (double)(b + 1) / (double)bins;
        for (size_t i = 0; i < f->count; i++) {
            if (f->probability[i] < bin->from || f->probability[i] >= bin->to) continue;
            bin->count++;
            bin->progressions += f->progression[i];
            bin->expected += f->probability[i];
        }
        if (bin->count) bin->expected /= (double)bin->count;
        bin->observed = observed(m, f, bin->from, bin->to);
    }
    *count = bins;
    return out;
}

/* True stops less false ones at the odds of the threshold, per question. */
static double benefit(double right, double wrong, double n, double threshold) {
    return n > 0 ? right / n - wrong / n * threshold / (1 - threshold) : 0;
}

/* Questions and stops of a threshold, [progressed]. */
typedef struct stops {
    double asked[2], boneflare[2], methods[BFL_EVAL_METHOD_COUNT][2];
} stops;

static stops count_stops(const bfl_traces *traces, double probability) {
    stops s = {.asked = {0, 0}};
    for (size_t i = 0; i < traces->count; i++)
        for (size_t k = 0; k < traces->items[i]->question_count; k++) {
            const bfl_question *q = &traces->items[i]->questions[k];
            s.asked[q->progression]++;
            s.boneflare[q->progression] += q->has_probability && q->probability >= probability;
            for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++)
                s.methods[m][q->progression] += q->calls[m] == BFL_CALL_STOP;
        }
    return s;
}

static bfl_eval_threshold at_threshold(bfl_traces traces, double probability) {
    stops s = count_stops(&traces, probability);
    double n = s.asked[0] + s.asked[1];
    bfl_eval_threshold out = {.probability = probability};
    out.boneflare = benefit(s.boneflare[1], s.boneflare[0], n, probability);
    out.stop_all = benefit(s.asked[1], s.asked[0], n, probability);
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++)
        out.methods[m] = benefit(s.methods[m][1], s.methods[m][0], n, probability);
    return out;
}

const bfl_eval_threshold *bfl_eval_decision_curve(const bfl_measure *m, bfl_traces traces, size_t *count) {
    double step = bfl_rule_double(m->rulebook, BFL_NUM_EVALUATE_INTERVALS__THRESHOLD_STEP_FRACTION);
    BFL_LIST(bfl_eval_threshold) out = {0};
    for (int k = 1; step > 0 && k * step < 1 - step / 2; k++)
        *BFL_PUSH(m->arena, &out) = at_threshold(traces, k * step);
    *count = out.count;
    return out.items;
}
