/* SPDX-License-Identifier: Apache-2.0 */
/* Cox's model of progression-free and overall survival: of the groups, and of baseline variables; ties by Efron; hazards checked. */
#include "cohort/study.h"

#include <string.h>

double *design_add(making *m, design *d, const char *name) {
    double *column = BFL_NEW_ARRAY(m->arena, d->n, double);
    *BFL_PUSH(m->arena, &d->names) = name;
    *BFL_PUSH(m->arena, &d->columns) = column;
    return column;
}

double *design_matrix(making *m, const design *d) {
    double *x = BFL_NEW_ARRAY(m->arena, d->n * d->columns.count, double);
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < d->columns.count; k++) x[i * d->columns.count + k] = d->columns.items[k][i];
    return x;
}

/* A model with what its rows need. */
typedef struct model {
    bfl_cohort_endpoint endpoint;
    const char *name;
    time_set set;
    design design;
} model;

static void head(table *t, const model *mo, const char *term, const bfl_num_cox *fit) {
    put_text(t, bfl_cohort_endpoint_word(mo->endpoint));
    put_text(t, mo->name);
    put_text(t, term);
    put_count(t, fit->n);
    put_count(t, fit->events);
}

static void term_row(table *t, const bfl_num_cox_term *term, const bfl_num_chi *check) {
    if (term->aliased || term->infinite) {
        put_gap(t, 8, term->aliased ? "cannot be told apart from the terms before it" : state_words(BFL_NUM_MONOTONE));
        return;
    }
    put_number(t, term->hazard_ratio, 2);
    put_real(t, real_of(term->low), 2, "too large");
    put_real(t, real_of(term->high), 2, "too large");
    put_number(t, term->coefficient, 3);
    put_number(t, term->se, 3);
    put_number(t, term->z, 2);
    put_p(t, term->p);
    if (check && check->df > 0)
        put_p(t, check->p);
    else
        put_missing(t, "cannot be checked");
}

static void write_model(table *t, const model *mo) {
    making *m = t->m;
    bfl_num_cox_data data = {.times = mo->set.times,
                             .x = design_matrix(m, &mo->design),
                             .covariates = mo->design.columns.count,
                             .level = m->options.level};
    bfl_num_cox fit = bfl_num_cox_fit(m->arena, &data);
    fit.n = mo->set.times.n;
    bool usable = fit.state == BFL_NUM_OK || fit.state == BFL_NUM_MONOTONE;
    if (!usable) {
        head(t, mo, "model", &fit);
        put_gap(t, 8, state_words(fit.state));
        return;
    }
    bfl_num_cox_check check = bfl_num_cox_proportional(m->arena, &data, &fit, BFL_NUM_TIME_KM);
    bool checked = check.state == BFL_NUM_OK || check.state == BFL_NUM_MONOTONE;
    for (size_t k = 0; k < mo->design.columns.count; k++) {
        head(t, mo, mo->design.names.items[k], &fit);
        term_row(t, &fit.terms[k], checked ? &check.terms[k] : NULL);
    }
    head(t, mo, "all terms (likelihood ratio)", &fit);
    put_gap(t, 5, "");
    put_number(t, fit.likelihood_ratio.statistic, 2);
    put_p(t, fit.likelihood_ratio.p);
    if (checked && check.global.df > 0)
        put_p(t, check.global.p);
    else
        put_missing(t, "cannot be checked");
}

/* ---- the groups, against the largest ---- */

static bool in_stated_group(const making *m, size_t patient, const void *context) {
    (void)context;
    return m->out->groups[m->patients.items[patient].group].stated;
}

static model of_groups(making *m, bfl_cohort_endpoint endpoint) {
    model mo = {.endpoint = endpoint, .name = "groups", .set = cohort_times(m, endpoint, in_stated_group, NULL)};
    mo.design.n = mo.set.times.n;
    for (size_t g = 1; g < cohort_stated_groups(m); g++) {
        double *x = design_add(m, &mo.design,
                               bfl_arena_printf(m->arena, "%s: %s", m->out->groups[g].label, m->out->groups[0].label));
        for (size_t i = 0; i < mo.design.n; i++) x[i] = mo.set.group[i] == g;
    }
    return mo;
}

/* ---- baseline variables ---- */

enum { YEARS_A_STEP = 10 };
static const char *const candidates[] = {"sex", "stage", "egfr", "bone", "smoking"};
enum { CANDIDATES = sizeof candidates / sizeof *candidates };

/* A variable with two values enters the model; one that only some have stated does not. */
static bool enters(const making *m, const char *variable, levels *l) {
    *l = cohort_levels(m, variable);
    size_t stated = 0;
    for (size_t k = 0; k < l->count; k++) stated += l->counts[k];
    return l->count == 2 && stated == m->patients.count;
}

static bool all_ages(const making *m) {
    for (size_t i = 0; i < m->patients.count; i++)
        if (!m->patients.items[i].age_years.present) return false;
    return m->patients.count > 0;
}

static model of_baseline(making *m, bfl_cohort_endpoint endpoint) {
    model mo = {.endpoint = endpoint, .name = "baseline", .set = cohort_times(m, endpoint, NULL, NULL)};
    mo.design.n = mo.set.times.n;
    if (all_ages(m)) {
        double *x = design_add(m, &mo.design, "age, 10 years older");
        for (size_t i = 0; i < mo.design.n; i++)
            x[i] = bfl_decimal_double(m->patients.items[mo.set.who[i]].age_years.value) / YEARS_A_STEP;
    }
    for (size_t v = 0; v < CANDIDATES; v++) {
        levels l;
        if (!enters(m, candidates[v], &l)) continue;
        double *x =
            design_add(m, &mo.design, bfl_arena_printf(m->arena, "%s %s: %s", candidates[v], l.names[1], l.names[0]));
        for (size_t i = 0; i < mo.design.n; i++)
            x[i] = strcmp(cohort_value(m, mo.set.who[i], candidates[v]), l.names[1]) == 0;
    }
    return mo;
}

void cohort_model(making *m) {
    table t = cohort_table_begin(m, "cox", "Cox models",
                                 "endpoint model term patients events ratio low high coefficient se z p ph_p");
    for (int e = BFL_COHORT_PFS; e <= BFL_COHORT_OS; e++) {
        model groups = of_groups(m, (bfl_cohort_endpoint)e), baseline = of_baseline(m, (bfl_cohort_endpoint)e);
        if (groups.design.columns.count) write_model(&t, &groups);
        if (baseline.design.columns.count) write_model(&t, &baseline);
    }
    if (cohort_stated_groups(m) < 2)
        cohort_remark(m, bfl_arena_printf(m->arena, "%s has %s: groups cannot be compared", m->options.by,
                                          cohort_stated_groups(m) ? "one value" : "no stated value"));
    cohort_table_end(
        &t, "Hazard ratio of the first named against the second; ties by Efron. ph_p: score test of proportional "
            "hazards (Grambsch and Therneau), time as 1 - Kaplan-Meier; small: the ratio changes with time. "
            "Baseline variables enter when everybody's is stated and, of words, when there are two.");
}
