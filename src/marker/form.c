/* SPDX-License-Identifier: Apache-2.0 */
/* Which shape a course had: the values, the weights of the curves, and what is told of the likeliest shape. */
#include "marker/form.h"

#include <math.h>

const char *bfl_form_word(bfl_form form) {
    switch (form) {
    case BFL_FORM_STABLE: return "stable";
    case BFL_FORM_FALL: return "fall";
    case BFL_FORM_RISE: return "rise";
    case BFL_FORM_RISE_FALL: return "rise_then_fall";
    case BFL_FORM_STEP: return "step";
    case BFL_FORM_COUNT: break;
    }
    return "unknown";
}

/* ---- the values ---- */

/* Do two rows name different methods, or print different upper limits? */
static bool method_changed(const bfl_record *record, const bfl_marker_point *a, const bfl_marker_point *b) {
    if (a->event.kind != BFL_EVENT_LAB || b->event.kind != BFL_EVENT_LAB) return false;
    const bfl_lab *x = &record->labs[a->event.index], *y = &record->labs[b->event.index];
    if (*x->method && *y->method && !bfl_text_equal_nocase(bfl_text_of(x->method), bfl_text_of(y->method))) return true;
    return x->ref_high.present && y->ref_high.present && bfl_decimal_compare(x->ref_high.value, y->ref_high.value) != 0;
}

/* Not the values long before the baseline, and the latest when there are very many. */
static size_t first_of(const bfl_rulebook *rulebook, const bfl_marker *marker) {
    int32_t lead = bfl_rule_days(rulebook, BFL_NUM_MARKER_FORM_CHANGE_POINTS__LEAD_DAYS);
    size_t most = (size_t)bfl_rule_days(rulebook, BFL_NUM_MARKER_FORM_CHANGE_POINTS__VALUES_COUNT);
    size_t first = 0;
    int32_t base = marker->points[marker->baseline_index].day;
    while (marker->points[first].day < base - lead) first++;
    return marker->point_count - first > most ? marker->point_count - most : first;
}

static bfl_form_series series_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                 const bfl_marker *marker) {
    bfl_form_series series = {.count = 0};
    BFL_LIST(bfl_form_value) values = {0};
    const bfl_marker_point *before = NULL;
    for (size_t i = marker->point_count ? first_of(rulebook, marker) : 0; i < marker->point_count; i++) {
        const bfl_marker_point *p = &marker->points[i];
        double value = bfl_decimal_double(p->value);
        if (value <= 0) continue; /* no logarithm */
        *BFL_PUSH(arena, &values) = (bfl_form_value){.day = p->day,
                                                     .log_value = log(value),
                                                     .comparator = p->comparator,
                                                     .method_changed = before && method_changed(record, before, p)};
        before = p;
        series.centre += log(value);
        series.exact_count += p->comparator == BFL_EXACTLY;
    }
    series.values = values.items;
    series.count = values.count;
    if (values.count) series.centre /= (double)values.count;
    return series;
}

static void set_widths(bfl_form_series *series, const bfl_rulebook *rulebook, const bfl_analyte *analyte) {
    double doubt = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_NOISE__DOUBT_FRACTION);
    double ratio = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_NOISE__DOUBT_RATIO);
    series->variance[0] = bfl_rule_variation(rulebook, analyte)->log_variance;
    series->variance[1] = series->variance[0] * ratio * ratio;
    series->noise_weight[0] = 1 - doubt;
    series->noise_weight[1] = doubt;
    series->level_sd = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_SIZE__LEVEL_SD);
    series->change_sd = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_SIZE__CHANGE_SD);
    series->step_sd = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_SIZE__STEP_SD);
}

/* ---- weights ---- */

static void priors(const bfl_form_series *series, const bfl_rulebook *rulebook, double *prior) {
    bool said = false;
    for (size_t i = 1; i < series->count; i++) said = said || series->values[i].method_changed;
    prior[BFL_FORM_STABLE] = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_PRIOR__STABLE_FRACTION);
    prior[BFL_FORM_FALL] = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_PRIOR__FALL_FRACTION);
    prior[BFL_FORM_RISE] = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_PRIOR__RISE_FRACTION);
    prior[BFL_FORM_RISE_FALL] = bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_PRIOR__RISE_FALL_FRACTION);
    prior[BFL_FORM_STEP] = bfl_rule_double(rulebook, said ? BFL_NUM_MARKER_FORM_PRIOR__STEP_FRACTION
                                                          : BFL_NUM_MARKER_FORM_PRIOR__STEP_UNSAID_FRACTION);
}

/* Weight of each part among all, and of each shape. */
static void weigh(bfl_form_part *parts, size_t count, const double *prior, bfl_form_fit *out) {
    double heaviest = -HUGE_VAL, total = 0, sum[BFL_FORM_COUNT] = {0};
    for (size_t i = 0; i < count; i++) heaviest = fmax(heaviest, parts[i].log_weight);
    for (size_t i = 0; i < count; i++) {
        parts[i].weight = exp(parts[i].log_weight - heaviest);
        sum[parts[i].curve->form] += parts[i].weight;
        total += parts[i].weight;
    }
    for (size_t i = 0; i < count; i++) parts[i].weight /= total;
    for (int form = 0; form < BFL_FORM_COUNT; form++) {
        out->probability[form] = sum[form] / total;
        out->log_marginal[form] = sum[form] > 0 ? heaviest + log(sum[form] / prior[form]) : -HUGE_VAL;
        if (sum[form] > sum[out->best]) out->best = (bfl_form)form;
    }
}

/* Expected days of change under the likeliest shape. */
static void date(const bfl_form_part *parts, size_t count, bfl_form_fit *out) {
    double onset = 0, peak = 0, end = 0, weight = 0;
    for (size_t i = 0; i < count; i++) {
        const bfl_form_curve *curve = parts[i].curve;
        if (curve->form != out->best) continue;
        weight += parts[i].weight;
        onset += parts[i].weight * curve->onset;
        peak += parts[i].weight * curve->peak;
        end += parts[i].weight * curve->end;
    }
    out->has_days = out->best == BFL_FORM_RISE || out->best == BFL_FORM_RISE_FALL || out->best == BFL_FORM_STEP;
    out->onset_day = (int32_t)lround(onset / weight);
    out->peak_day = (int32_t)lround(peak / weight);
    out->return_day = (int32_t)lround(end / weight);
}

bfl_form_fit bfl_forms_compare(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                               const bfl_marker *marker) {
    bfl_form_fit fit = {.rule = bfl_rule_of(rulebook, BFL_RULE_MARKER_FORM_NEXT)};
    bfl_form_series series = series_of(arena, record, rulebook, marker);
    fit.value_count = series.count;
    fit.bound_count = series.count - series.exact_count;
    if (series.count < 2 || series.exact_count == 0) return fit;
    double prior[BFL_FORM_COUNT];
    set_widths(&series, rulebook, marker->analyte);
    priors(&series, rulebook, prior);
    bfl_form_curves curves = bfl_form_curves_for(arena, rulebook, &series, prior);
    bfl_form_part *parts = BFL_NEW_ARRAY(arena, 2 * curves.count, bfl_form_part);
    for (size_t i = 0; i < curves.count; i++) {
        const bfl_form_curve *curve = &curves.items[i];
        bfl_form_sums sums = bfl_form_sums_of(&series, curve);
        for (size_t k = 0; k < 2; k++) {
            bfl_form_part *part = &parts[2 * i + k];
            *part = bfl_form_part_of(&series, curve, &sums, series.variance[k]);
            part->log_weight = curve->log_weight + log(series.noise_weight[k]) + part->log_likelihood;
        }
    }
    weigh(parts, 2 * curves.count, prior, &fit);
    date(parts, 2 * curves.count, &fit);
    fit.fitted = true;
    fit.named = fit.probability[fit.best] >= bfl_rule_double(rulebook, BFL_NUM_MARKER_FORM_NEXT__NAMED_FRACTION);
    bfl_form_forecast(arena, rulebook, &series, parts, 2 * curves.count, &fit);
    return fit;
}

/* ---- the public face ---- */

typedef struct request {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_marker *marker;
    bfl_form_fit fit;
} request;

static bfl_status compare_body(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    (void)err;
    r->fit = bfl_forms_compare(arena, r->record, r->rulebook, r->marker);
    return BFL_OK;
}

bfl_status bfl_marker_compare(const bfl_record *record, const bfl_rulebook *rulebook, const bfl_marker *marker,
                              bfl_form_fit *out, bfl_error *err) {
    if (!record || !rulebook || !marker || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_marker_compare", 0, "record, rulebook, marker and out are needed");
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "bfl_marker_compare", 0, "out of memory");
    request r = {.record = record, .rulebook = rulebook, .marker = marker};
    bfl_status status = bfl_arena_run(arena, compare_body, &r, err);
    bfl_arena_free(arena);
    if (status == BFL_OK) *out = r.fit;
    return status;
}
