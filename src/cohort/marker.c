/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serial markers as percent of baseline, by what became of the patient: a flare, benefit without one, progression. At each planned
 * day median and quartiles, t tests, analysis of variance; and one mixed model over all days, which is what repeated measures
 * of the same patients ask for.
 */
#include "cohort/study.h"

#include "rules/rules.h"

#include <math.h>
#include <string.h>

/* Percent of baseline of the patients of one group at one planned day. */
typedef BFL_LIST(double) value_list;

/* One analyte's values, sorted into groups and days. */
typedef struct serial {
    making *m;
    const char *analyte, *name;
    int32_t every;
    size_t times;                      /* planned days 0, every, 2 every ... */
    value_list *at[BFL_COURSE_GROUPS]; /* [group][time] */
    size_t patients[BFL_COURSE_GROUPS];
} serial;

static const bfl_cohort_course *course_of(const bfl_cohort_patient *p, const char *analyte) {
    for (size_t i = 0; i < p->course_count; i++)
        if (strcmp(p->courses[i].analyte, analyte) == 0) return &p->courses[i];
    return NULL;
}

/* Has a baseline that is not 0, and a value after it? */
static bool is_serial(const bfl_cohort_course *c) {
    return c && c->point_count && c->points[c->point_count - 1].day > 0 &&
           c->points[c->point_count - 1].percent.present;
}

static const bfl_cohort_course *serial_course(const making *m, size_t patient, const char *analyte) {
    const bfl_cohort_patient *p = &m->patients.items[patient];
    if (!cohort_in_bone_set(m, p) || p->course_group == BFL_COURSE_OTHER) return NULL;
    const bfl_cohort_course *c = course_of(p, analyte);
    return is_serial(c) ? c : NULL;
}

/* ---- planned days ---- */

static size_t planned(const serial *s, int32_t day) { return day <= 0 ? 0 : (size_t)((day + s->every / 2) / s->every); }

static int32_t distance(const serial *s, int32_t day, size_t time) {
    int32_t d = day - (int32_t)time * s->every;
    return d < 0 ? -d : d;
}

/* The value nearest to a planned day, the earlier of two; NULL when the nearest belongs to another. */
static const bfl_cohort_point *value_at(const serial *s, const bfl_cohort_course *c, size_t time) {
    const bfl_cohort_point *best = NULL;
    for (size_t i = 0; i < c->point_count; i++) {
        const bfl_cohort_point *p = &c->points[i];
        if (!p->percent.present || planned(s, p->day) != time || (p->day <= 0) != (time == 0)) continue;
        if (time == 0 && !p->baseline) continue;
        if (!best || distance(s, p->day, time) < distance(s, best->day, time)) best = p;
    }
    return best;
}

static void sort_values(serial *s) {
    making *m = s->m;
    for (size_t i = 0; i < m->patients.count; i++) {
        const bfl_cohort_course *c = serial_course(m, i, s->analyte);
        if (!c) continue;
        size_t last = planned(s, c->points[c->point_count - 1].day);
        if (last + 1 > s->times) s->times = last + 1;
    }
    for (int g = 0; g < BFL_COURSE_GROUPS; g++) s->at[g] = BFL_NEW_ARRAY(m->arena, s->times, value_list);
    for (size_t i = 0; i < m->patients.count; i++) {
        const bfl_cohort_course *c = serial_course(m, i, s->analyte);
        if (!c) continue;
        bfl_course_group g = m->patients.items[i].course_group;
        s->patients[g]++;
        for (size_t k = 0; k < s->times; k++) {
            const bfl_cohort_point *p = value_at(s, c, k);
            if (p) *BFL_PUSH(m->arena, &s->at[g][k]) = p->percent.value;
        }
    }
}

/* ---- lines of the figure ---- */

static bfl_cohort_marker_time describe(serial *s, int g, size_t time) {
    bfl_cohort_marker_time out = {.day = (int32_t)time * s->every};
    bfl_num_summary d = bfl_num_summarise(s->m->arena, s->at[g][time].items, s->at[g][time].count);
    if (d.state != BFL_NUM_OK) return out;
    out.n = d.n;
    out.median = real_some(d.median);
    out.q1 = real_some(d.q1);
    out.q3 = real_some(d.q3);
    out.mean = real_some(d.mean);
    out.sd = real_of(d.sd);
    out.least = real_some(d.least);
    out.most = real_some(d.most);
    return out;
}

static bfl_cohort_marker lines(serial *s) {
    bfl_cohort_marker out = {.analyte = s->analyte, .name = s->name, .time_count = s->times};
    for (int g = 0; g < BFL_COURSE_GROUPS; g++) {
        bfl_cohort_marker_time *line = BFL_NEW_ARRAY(s->m->arena, s->times, bfl_cohort_marker_time);
        for (size_t k = 0; k < s->times; k++) line[k] = describe(s, g, k);
        out.line[g] = line;
        out.patients[g] = s->patients[g];
    }
    return out;
}

static void line_rows(table *t, const bfl_cohort_marker *marker) {
    for (int g = 0; g < BFL_COURSE_GROUPS; g++)
        for (size_t k = 0; k < marker->time_count && marker->patients[g]; k++) {
            const bfl_cohort_marker_time *at = &marker->line[g][k];
            put_text(t, marker->analyte);
            put_text(t, bfl_course_group_word((bfl_course_group)g));
            put_count(t, (uint64_t)at->day);
            put_count(t, at->n);
            const bfl_real values[] = {at->median, at->q1, at->q3, at->mean, at->sd, at->least, at->most};
            for (size_t v = 0; v < sizeof values / sizeof *values; v++)
                put_real(t, values[v], 1, at->n ? "one value" : "no value");
        }
}

/* ---- tests at each planned day ---- */

static void test_head(table *t, const serial *s, size_t time, const char *test, const char *groups) {
    put_text(t, s->analyte);
    put_count(t, (uint64_t)((int32_t)time * s->every));
    put_text(t, test);
    put_text(t, groups);
}

static void t_row(table *t, const serial *s, size_t time, int first, int second, bfl_num_t_kind kind) {
    const value_list *a = &s->at[first][time], *b = &s->at[second][time];
    bfl_num_t_test r = bfl_num_t_two((bfl_num_sample){a->items, a->count}, (bfl_num_sample){b->items, b->count}, kind,
                                     s->m->options.level);
    test_head(t, s, time, kind == BFL_NUM_T_POOLED ? "Student t" : "Welch t",
              bfl_arena_printf(s->m->arena, "%s - %s", bfl_course_group_word((bfl_course_group)first),
                               bfl_course_group_word((bfl_course_group)second)));
    put_count(t, a->count + b->count);
    if (r.state != BFL_NUM_OK) {
        put_gap(t, 6, state_words(r.state));
        return;
    }
    put_number(t, r.difference, 1);
    put_number(t, r.low, 1);
    put_number(t, r.high, 1);
    put_number(t, r.t, 2);
    put_number(t, r.df, 1);
    put_p(t, r.p);
}

static void anova_row(table *t, const serial *s, size_t time) {
    making *m = s->m;
    value_list x = {0};
    BFL_LIST(uint32_t) group = {0};
    for (uint32_t g = 0; g < BFL_COURSE_GROUPS; g++)
        for (size_t i = 0; i < s->at[g][time].count; i++) {
            *BFL_PUSH(m->arena, &x) = s->at[g][time].items[i];
            *BFL_PUSH(m->arena, &group) = g;
        }
    bfl_num_anova r =
        bfl_num_anova_one_way(m->arena, (bfl_num_grouped){x.items, group.items, x.count, BFL_COURSE_GROUPS});
    test_head(t, s, time, "ANOVA", "all three");
    put_count(t, x.count);
    put_gap(t, 3, "");
    if (r.state != BFL_NUM_OK) {
        put_gap(t, 3, state_words(r.state));
        return;
    }
    put_number(t, r.f, 2);
    put_text(t, bfl_arena_printf(m->arena, "%s, %s", cohort_fixed(m->arena, r.df_between, 0),
                                 cohort_fixed(m->arena, r.df_within, 0)));
    put_p(t, r.p);
}

static void test_rows(table *t, const serial *s) {
    static const int pairs[][2] = {{BFL_COURSE_FLARE, BFL_COURSE_BENEFIT},
                                   {BFL_COURSE_FLARE, BFL_COURSE_PROGRESSION},
                                   {BFL_COURSE_BENEFIT, BFL_COURSE_PROGRESSION}};
    for (size_t k = 1; k < s->times; k++) { /* at baseline everybody is at 100 */
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
            for (int kind = BFL_NUM_T_POOLED; kind >= BFL_NUM_T_WELCH; kind--)
                t_row(t, s, k, pairs[i][0], pairs[i][1], (bfl_num_t_kind)kind);
        anova_row(t, s, k);
    }
}

/* ---- the mixed model ---- */

enum { DAYS_A_MONTH = 30 };

/* Which groups have patients: the first of them is the reference. */
static size_t groups_present(const serial *s, int *groups) {
    size_t n = 0;
    for (int g = 0; g < BFL_COURSE_GROUPS; g++)
        if (s->patients[g]) groups[n++] = g;
    return n;
}

typedef struct rows {
    value_list y, x;
    BFL_LIST(uint32_t) subject;
    uint32_t subjects;
} rows;

/* Columns: 1, a group less the reference, months, months in a group less the reference. */
static void add_rows(const serial *s, size_t patient, const int *groups, size_t count, rows *out) {
    making *m = s->m;
    const bfl_cohort_course *c = serial_course(m, patient, s->analyte);
    if (!c) return;
    for (size_t i = 0; i < c->point_count; i++) {
        const bfl_cohort_point *p = &c->points[i];
        if (p->day <= 0 || !p->percent.present) continue;
        double month = (double)p->day / DAYS_A_MONTH;
        *BFL_PUSH(m->arena, &out->y) = p->percent.value;
        *BFL_PUSH(m->arena, &out->subject) = out->subjects;
        *BFL_PUSH(m->arena, &out->x) = 1;
        for (size_t g = 1; g < count; g++)
            *BFL_PUSH(m->arena, &out->x) = (int)m->patients.items[patient].course_group == groups[g];
        *BFL_PUSH(m->arena, &out->x) = month;
        for (size_t g = 1; g < count; g++)
            *BFL_PUSH(m->arena, &out->x) = (int)m->patients.items[patient].course_group == groups[g] ? month : 0;
    }
    out->subjects++;
}

static const char *term_name(making *m, const int *groups, size_t count, size_t column) {
    const char *reference = bfl_course_group_word((bfl_course_group)groups[0]);
    if (column == 0) return bfl_arena_printf(m->arena, "%s at day 0", reference);
    if (column < count)
        return bfl_arena_printf(m->arena, "%s - %s at day 0", bfl_course_group_word((bfl_course_group)groups[column]),
                                reference);
    if (column == count) return bfl_arena_printf(m->arena, "%s, each month", reference);
    return bfl_arena_printf(m->arena, "%s - %s, each month",
                            bfl_course_group_word((bfl_course_group)groups[column - count]), reference);
}

static void model_head(table *t, const serial *s, const char *term, const rows *data) {
    put_text(t, s->analyte);
    put_text(t, term);
    put_count(t, data->y.count);
    put_count(t, data->subjects);
}

static void term_row(table *t, const bfl_num_mixed_term *term) {
    if (term->aliased) {
        put_gap(t, 7, "cannot be told apart from the terms before it");
        return;
    }
    put_number(t, term->estimate, 2);
    put_number(t, term->se, 2);
    if (!term->p_present) {
        put_gap(t, 5, "too few patients");
        return;
    }
    put_number(t, term->low, 2);
    put_number(t, term->high, 2);
    put_number(t, term->t, 2);
    put_text(t, cohort_fixed(t->m->arena, term->df, 0));
    put_p(t, term->p);
}

static void wald_row(table *t, const bfl_num_mixed_test *w) {
    put_gap(t, 4, "");
    if (w->state != BFL_NUM_OK) {
        put_gap(t, 3, state_words(w->state));
        return;
    }
    put_number(t, w->f, 2);
    put_text(t, bfl_arena_printf(t->m->arena, "%s, %s", cohort_fixed(t->m->arena, w->df1, 0),
                                 cohort_fixed(t->m->arena, w->df2, 0)));
    put_p(t, w->p);
}

static void model_rows(table *t, const serial *s) {
    making *m = s->m;
    int groups[BFL_COURSE_GROUPS];
    size_t count = groups_present(s, groups), columns = 2 * count;
    rows data = {.subjects = 0};
    for (size_t i = 0; i < m->patients.count; i++) add_rows(s, i, groups, count, &data);
    bfl_num_mixed_data in = {.n = data.y.count,
                             .y = data.y.items,
                             .x = data.x.items,
                             .columns = columns,
                             .subject = data.subject.items,
                             .subjects = data.subjects,
                             .level = m->options.level};
    bfl_num_mixed fit = bfl_num_mixed_fit(m->arena, &in);
    if (fit.state != BFL_NUM_OK) {
        model_head(t, s, "model", &data);
        put_gap(t, 7, state_words(fit.state));
        return;
    }
    for (size_t c = 0; c < columns; c++) {
        model_head(t, s, term_name(m, groups, count, c), &data);
        term_row(t, &fit.terms[c]);
    }
    for (int slope = 0; slope < 2 && count > 1; slope++) {
        bfl_num_mixed_test w = bfl_num_mixed_wald(m->arena, &fit, slope ? count + 1 : 1, count - 1);
        model_head(t, s, slope ? "all groups, each month" : "all groups at day 0", &data);
        wald_row(t, &w);
    }
}

/* ---- all analytes ---- */

static int by_analyte(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(((const bfl_cohort_course *)a)->analyte, ((const bfl_cohort_course *)b)->analyte);
}

typedef BFL_LIST(bfl_cohort_course) analyte_list;

/* Each analyte of the study once, by id. */
static analyte_list analytes(const making *m) {
    analyte_list list = {0};
    for (size_t i = 0; i < m->patients.count; i++)
        for (size_t k = 0; k < m->patients.items[i].course_count; k++) {
            const bfl_cohort_course *c = &m->patients.items[i].courses[k];
            bool known = false;
            for (size_t a = 0; a < list.count && !known; a++) known = strcmp(list.items[a].analyte, c->analyte) == 0;
            if (!known) *BFL_PUSH(m->arena, &list) = *c;
        }
    bfl_sort(m->arena, list.items, list.count, sizeof *list.items, by_analyte, NULL);
    return list;
}

void cohort_markers(making *m) {
    analyte_list list = analytes(m);
    serial *all = BFL_NEW_ARRAY(m->arena, list.count, serial);
    BFL_LIST(bfl_cohort_marker) markers = {0};
    size_t n = 0;
    for (size_t i = 0; i < list.count; i++) {
        serial s = {.m = m, .analyte = list.items[i].analyte, .name = list.items[i].name};
        s.every = bfl_rule_days(m->rulebook, BFL_NUM_COHORT_MARKER_VISIT__EVERY_DAYS);
        sort_values(&s);
        if (s.patients[0] + s.patients[1] + s.patients[2] == 0) continue;
        all[n++] = s;
        *BFL_PUSH(m->arena, &markers) = lines(&all[n - 1]);
    }
    m->out->markers = markers.items;
    m->out->marker_count = markers.count;
    if (n == 0) cohort_remark(m, "no patient has a laboratory baseline and a later value: there are no serial markers");
    table t = cohort_table_begin(m, "markers", "Serial markers, percent of baseline",
                                 "analyte group day n median q1 q3 mean sd least most");
    for (size_t i = 0; i < n; i++) line_rows(&t, &markers.items[i]);
    cohort_table_end(&t,
                     bfl_arena_printf(m->arena,
                                      "%s With a baseline and a later value. A value counts for the planned day it is "
                                      "nearest to; quartiles as R's type 7.",
                                      cohort_bone_words(m)));
    t = cohort_table_begin(m, "marker_tests", "Serial markers: tests at each planned day",
                           "analyte day test groups n difference low high statistic df p");
    for (size_t i = 0; i < n; i++) test_rows(&t, &all[i]);
    cohort_table_end(
        &t, "Two-sided, not corrected for the number of tests: the same patients are tested again at every day. "
            "The mixed model is the one answer.");
    t = cohort_table_begin(m, "marker_model", "Serial markers: mixed model of repeated measures",
                           "analyte term n patients estimate se low high statistic df p");
    for (size_t i = 0; i < n; i++) model_rows(&t, &all[i]);
    cohort_table_end(
        &t, "Percent of baseline after baseline, on the day it was drawn; a random intercept for each patient, REML; "
            "a month is 30 days; degrees of freedom inner-outer.");
}
