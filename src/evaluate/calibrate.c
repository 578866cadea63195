/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare's probability of progression against what was true: Brier score, discrimination, slope and intercept of the logistic
 * recalibration (Cox 1958), the reliability table, and decision curves (Vickers and Elkin 2006). */
#include "evaluate/trace.h"

#include <math.h>

/* ---- forecasts ---- */

bfl_forecasts bfl_eval_forecasts(const bfl_measure *m, bfl_traces traces) {
    double least = bfl_rule_double(m->rulebook, BFL_NUM_EVALUATE_INTERVALS__CLIP_FRACTION);
    bfl_forecasts f = {.probability = BFL_NEW_ARRAY(m->arena, traces.count, double),
                       .progression = BFL_NEW_ARRAY(m->arena, traces.count, bool)};
    for (size_t i = 0; i < traces.count; i++) {
        const bfl_trace *t = traces.items[i];
        if (!t->asked) continue;
        double p = t->has_probability ? t->probability : least;
        f.without += !t->has_probability;
        f.probability[f.count] = fmin(fmax(p, least), 1 - least);
        f.progression[f.count++] = t->progression;
    }
    return f;
}

static size_t picked(const uint32_t *pick, size_t i) { return pick ? pick[i] : i; }

double bfl_eval_brier(const bfl_forecasts *f, const uint32_t *pick) {
    bfl_num_sum sum = {0, 0};
    for (size_t i = 0; i < f->count; i++) {
        size_t k = picked(pick, i);
        double gap = f->probability[k] - (f->progression[k] ? 1 : 0);
        bfl_num_sum_add(&sum, gap * gap);
    }
    return f->count ? bfl_num_sum_total(sum) / (double)f->count : 0;
}

/* Mann and Whitney: ill above well counts 1, a tie one half. */
bfl_num_real bfl_eval_auc(bfl_arena *arena, const bfl_forecasts *f, const uint32_t *pick) {
    double *p = BFL_NEW_ARRAY(arena, f->count, double);
    for (size_t i = 0; i < f->count; i++) p[i] = f->probability[picked(pick, i)];
    uint32_t *order = bfl_num_order(arena, p, f->count);
    double ill = 0, well = 0, above = 0;
    for (size_t from = 0, to; from < f->count; from = to) {
        double ill_here = 0, well_here = 0;
        for (to = from; to < f->count && p[order[to]] <= p[order[from]]; to++)
            *(f->progression[picked(pick, order[to])] ? &ill_here : &well_here) += 1;
        above += ill_here * (well + well_here / 2);
        ill += ill_here;
        well += well_here;
    }
    return ill > 0 && well > 0 ? bfl_num_some(above / (ill * well)) : bfl_num_none();
}

/* ---- recalibration ---- */

/* One Newton step of the logistic regression; false when the information cannot be inverted. */
static bool newton(const double *x, const bool *y, size_t n, double *a, double *b) {
    double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
    for (size_t i = 0; i < n; i++) {
        double p = 1 / (1 + exp(-*a - *b * x[i])), w = p * (1 - p), r = (y[i] ? 1 : 0) - p;
        ga += r;
        gb += r * x[i];
        haa += w;
        hab += w * x[i];
        hbb += w * x[i] * x[i];
    }
    double determinant = haa * hbb - hab * hab;
    if (!(determinant > haa * hbb / (100.0 * 100 * 100 * 100))) return false;
    double da = (hbb * ga - hab * gb) / determinant, db = (haa * gb - hab * ga) / determinant;
    double longest = fmax(fabs(da), fabs(db)), shrink = longest > 2 ? 2 / longest : 1;
    *a += shrink * da;
    *b += shrink * db;
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

bfl_recalibration bfl_eval_recalibrate(const bfl_measure *m, const bfl_forecasts *f, const uint32_t *pick) {
    bfl_recalibration none = {bfl_num_none(), bfl_num_none()};
    double *x = BFL_NEW_ARRAY(m->arena, f->count, double);
    bool *y = BFL_NEW_ARRAY(m->arena, f->count, bool);
    for (size_t i = 0; i < f->count; i++) {
        double p = f->probability[picked(pick, i)];
        x[i] = log(p / (1 - p));
        y[i] = f->progression[picked(pick, i)];
    }
    if (!overlap(x, y, f->count)) return none;
    double a = 0, b = 1;
    for (int step = 0; step < 100; step++) {
        double a0 = a, b0 = b;
        if (!newton(x, y, f->count, &a, &b)) return none;
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
    case QUANTITY_BRIER: value = q->f->count ? bfl_num_some(bfl_eval_brier(q->f, pick)) : value; break;
    case QUANTITY_AUC: value = bfl_eval_auc(arena, q->f, pick); break;
    case QUANTITY_SLOPE: value = bfl_eval_recalibrate(q->m, q->f, pick).slope; break;
    case QUANTITY_INTERCEPT: value = bfl_eval_recalibrate(q->m, q->f, pick).intercept; break;
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
        bfl_eval_bootstrap(m, f->count, (uint32_t)(100 + k), value_of, &q, targets[k]);
    }
}

/* ---- tables ---- */

const bfl_eval_bin *bfl_eval_reliability(const bfl_measure *m, const bfl_forecasts *f, size_t *count) {
    size_t bins = (size_t)bfl_rule_days(m->rulebook, BFL_NUM_EVALUATE_INTERVALS__BINS_COUNT);
    bfl_eval_bin *out = BFL_NEW_ARRAY(m->arena, bins, bfl_eval_bin);
    for (size_t i = 0; i < f->count; i++) {
        size_t at = (size_t)(f->probability[i] * (double)bins);
        bfl_eval_bin *bin = &out[at < bins ? at : bins - 1];
        bin->count++;
        bin->progressions += f->progression[i];
        bin->expected += f->probability[i];
    }
    for (size_t i = 0; i < bins; i++) {
        out[i].from = (double)i / (double)bins;
        out[i].to = (double)(i + 1) / (double)bins;
        if (out[i].count) out[i].expected /= (double)out[i].count;
        out[i].observed = bfl_eval_share(m, out[i].progressions, out[i].count);
    }
    *count = bins;
    return out;
}

/* True stops less false ones at the odds of the threshold, per question. */
static double benefit(double right, double wrong, double n, double threshold) {
    return n > 0 ? right / n - wrong / n * threshold / (1 - threshold) : 0;
}

static bfl_eval_threshold at_threshold(bfl_traces traces, double probability) {
    bfl_eval_threshold out = {.probability = probability};
    double n = 0, ill = 0, right = 0, wrong = 0;
    double stops[BFL_EVAL_METHOD_COUNT][2] = {{0}};
    for (size_t i = 0; i < traces.count; i++) {
        const bfl_trace *t = traces.items[i];
        if (!t->asked) continue;
        n++;
        ill += t->progression;
        bool stop = t->has_probability && t->probability >= probability;
        *(t->progression ? &right : &wrong) += stop;
        for (int k = 0; k < BFL_EVAL_METHOD_COUNT; k++) stops[k][t->progression] += t->calls[k] == BFL_CALL_STOP;
    }
    out.boneflare = benefit(right, wrong, n, probability);
    out.stop_all = benefit(ill, n - ill, n, probability);
    for (int k = 0; k < BFL_EVAL_METHOD_COUNT; k++) out.methods[k] = benefit(stops[k][1], stops[k][0], n, probability);
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
