/* SPDX-License-Identifier: Apache-2.0 */
/* Hazard ratios of progression-free survival in subgroups: of the two groups, or of flare by the landmark. */
#include "cohort/study.h"

#include "num/num.h"

#include <string.h>

/* Those compared: times, on which side each stands, and which patient it is. */
typedef struct compared {
    bfl_num_times times;
    uint8_t *side;
    size_t *who;
} compared;

static bool in_two_groups(const making *m, size_t patient, const void *context) {
    (void)context;
    return m->out->groups[m->patients.items[patient].group].stated;
}

static bool in_bone_set(const making *m, size_t patient, const void *context) {
    (void)context;
    return cohort_in_bone_set(m, &m->patients.items[patient]);
}

static compared two_groups(making *m) {
    time_set set = cohort_times(m, BFL_COHORT_PFS, in_two_groups, NULL);
    compared c = {set.times, BFL_NEW_ARRAY(m->arena, set.times.n, uint8_t), set.who};
    for (size_t i = 0; i < set.times.n; i++) c.side[i] = set.group[i] == 1;
    return c;
}

static compared by_landmark(making *m) {
    int32_t day = m->options.landmark_day;
    time_set set = cohort_times(m, BFL_COHORT_PFS, in_bone_set, NULL);
    double *time = BFL_NEW_ARRAY(m->arena, set.times.n, double);
    uint8_t *event = BFL_NEW_ARRAY(m->arena, set.times.n, uint8_t);
    compared c = {.side = BFL_NEW_ARRAY(m->arena, set.times.n, uint8_t), .who = set.who};
    size_t n = 0;
    for (size_t i = 0; i < set.times.n; i++) {
        const bfl_cohort_patient *p = &m->patients.items[set.who[i]];
        if (p->time[BFL_COHORT_PFS].day <= day) continue;
        bfl_num_real known = num_of_maybe(p->flare_known_day);
        time[n] = p->time[BFL_COHORT_PFS].day - day;
        event[n] = set.times.event[i];
        c.side[n] = known.present && known.value <= day;
        c.who[n++] = set.who[i];
    }
    c.times = (bfl_num_times){.n = n, .time = time, .event = event};
    return c;
}

/* ---- one row ---- */

static bool belongs(const making *m, size_t patient, const char *variable, const char *level) {
    return !level[0] || strcmp(cohort_value(m, patient, variable), level) == 0;
}

static bfl_cohort_forest_row ratio_in(making *m, const compared *c, const char *variable, const char *level) {
    bfl_cohort_forest_row row = {.variable = variable, .level = level, .state = ""};
    double *time = BFL_NEW_ARRAY(m->arena, c->times.n, double), *x = BFL_NEW_ARRAY(m->arena, c->times.n, double);
    uint8_t *event = BFL_NEW_ARRAY(m->arena, c->times.n, uint8_t);
    size_t n = 0;
    for (size_t i = 0; i < c->times.n; i++) {
        if (!belongs(m, c->who[i], variable, level)) continue;
        row.patients[c->side[i]]++;
        row.events[c->side[i]] += c->times.event[i];
        time[n] = c->times.time[i];
        event[n] = c->times.event[i];
        x[n++] = c->side[i];
    }
    if (!row.patients[0] || !row.patients[1]) {
        row.state = "only one side has patients";
        return row;
    }
    bfl_num_cox_data data = {
        .times = {.n = n, .time = time, .event = event}, .x = x, .covariates = 1, .level = m->options.level};
    bfl_num_cox fit = bfl_num_cox_fit(m->arena, &data);
    row.state = state_words(fit.state);
    if (fit.state != BFL_NUM_OK) return row;
    row.ratio = real_some(fit.terms[0].hazard_ratio);
    row.low = real_of(fit.terms[0].low);
    row.high = real_of(fit.terms[0].high);
    row.p = real_some(fit.terms[0].p);
    return row;
}

/* Likelihood ratio of the model with side x level against the one without; missing when either cannot be fitted. */
static bfl_real interaction(making *m, const compared *c, const char *variable, const levels *l) {
    size_t n = c->times.n, k = l->count - 1, wide = 1 + 2 * k, narrow = 1 + k;
    double *with = BFL_NEW_ARRAY(m->arena, n * wide, double), *without = BFL_NEW_ARRAY(m->arena, n * narrow, double);
    for (size_t i = 0; i < n; i++) {
        const char *value = cohort_value(m, c->who[i], variable);
        if (!value[0]) return (bfl_real){0};
        with[i * wide] = without[i * narrow] = c->side[i];
        for (size_t g = 1; g <= k; g++) {
            double in = strcmp(value, l->names[g]) == 0;
            with[i * wide + g] = without[i * narrow + g] = in;
            with[i * wide + k + g] = in * c->side[i];
        }
    }
    bfl_num_cox_data data = {.times = c->times, .x = with, .covariates = wide, .level = m->options.level};
    bfl_num_cox full = bfl_num_cox_fit(m->arena, &data);
    data.x = without;
    data.covariates = narrow;
    bfl_num_cox less = bfl_num_cox_fit(m->arena, &data);
    if (full.state != BFL_NUM_OK || less.state != BFL_NUM_OK) return (bfl_real){0};
    double df = full.likelihood_ratio.df - less.likelihood_ratio.df, twice = 2 * (full.loglik - less.loglik);
    return df > 0 ? real_some(bfl_num_p_chi_square(twice > 0 ? twice : 0, df)) : (bfl_real){0};
}

/* ---- all rows ---- */

typedef BFL_LIST(bfl_cohort_forest_row) row_list;

static void subgroups(making *m, const compared *c, const char *variable, row_list *rows) {
    levels l = cohort_levels(m, variable);
    if (l.count < 2 || strcmp(variable, m->options.by) == 0) return;
    for (size_t k = 0; k < l.count; k++) {
        bfl_cohort_forest_row row = ratio_in(m, c, variable, l.names[k]);
        if (k == 0) row.interaction_p = interaction(m, c, variable, &l);
        *BFL_PUSH(m->arena, rows) = row;
    }
}

static void write_table(making *m) {
    const bfl_cohort_forest *f = &m->out->forest;
    table t =
        cohort_table_begin(m, "forest", "Hazard ratios in subgroups",
                           "variable level compared_n compared_events reference_n reference_events ratio low high p "
                           "interaction_p");
    for (size_t i = 0; i < f->row_count; i++) {
        const bfl_cohort_forest_row *r = &f->rows[i];
        put_text(&t, r->variable);
        put_text(&t, r->level);
        for (int side = 1; side >= 0; side--) {
            put_count(&t, r->patients[side]);
            put_count(&t, r->events[side]);
        }
        put_real(&t, r->ratio, 2, r->state);
        put_real(&t, r->low, 2, "");
        put_real(&t, r->high, 2, "");
        if (r->p.present)
            put_p(&t, r->p.value);
        else
            put_missing(&t, "");
        if (r->interaction_p.present)
            put_p(&t, r->interaction_p.value);
        else
            put_missing(&t, "");
    }
    cohort_table_end(&t, f->state[0]
                             ? f->state
                             : bfl_arena_printf(m->arena,
                                                "%s: %s against %s. Cox, ties by Efron. interaction_p: likelihood "
                                                "ratio test, on the first row of a variable. Subgroups are looked at "
                                                "after the fact and not corrected for their number.",
                                                f->endpoint, f->compared, f->reference));
}

void cohort_forest(making *m) {
    static const char *const variables[] = {"sex", "age", "stage", "egfr", "bone", "smoking", "treatment"};
    bool two = cohort_stated_groups(m) == 2;
    int32_t day = m->options.landmark_day;
    bfl_cohort_forest *f = &m->out->forest;
    f->state = "";
    f->endpoint = two ? "PFS" : bfl_arena_printf(m->arena, "PFS from day %d", (int)day);
    f->reference = two ? m->out->groups[0].label : bfl_arena_printf(m->arena, "no flare known by day %d", (int)day);
    f->compared = two ? m->out->groups[1].label : bfl_arena_printf(m->arena, "flare known by day %d", (int)day);
    compared c = two ? two_groups(m) : by_landmark(m);
    row_list rows = {0};
    *BFL_PUSH(m->arena, &rows) = ratio_in(m, &c, "all", "");
    if (rows.items[0].state[0] && !rows.items[0].ratio.present) f->state = rows.items[0].state;
    for (size_t v = 0; v < sizeof variables / sizeof *variables; v++) subgroups(m, &c, variables[v], &rows);
    f->rows = rows.items;
    f->row_count = rows.count;
    write_table(m);
}
