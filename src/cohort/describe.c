/* SPDX-License-Identifier: Apache-2.0 */
/* The baseline table: who was studied. One column for everybody and one for each group. */
#include "cohort/study.h"

#include <string.h>

static void put_share(table *t, size_t n, size_t of) {
    if (of == 0)
        put_missing(t, "no patients");
    else
        put_text(t, bfl_arena_printf(t->m->arena, "%zu (%s %%)", n,
                                     cohort_fixed(t->m->arena, 100.0 * (double)n / (double)of, 1)));
}

static size_t group_size(const making *m, size_t group) {
    return group == BFL_COHORT_ALL ? m->patients.count : m->out->groups[group].count;
}

/* A row for a value of a variable; value "" counts those without one. */
static void level_row(table *t, const char *variable, const char *value) {
    const making *m = t->m;
    put_text(t, variable);
    put_text(t, value[0] ? value : "not stated");
    size_t group;
    for (size_t g = 0; cohort_next_group(m, g, &group); g++) {
        size_t n = 0;
        for (size_t i = 0; i < m->patients.count; i++)
            n += cohort_in_group(&m->patients.items[i], group) && strcmp(cohort_value(m, i, variable), value) == 0;
        put_share(t, n, group_size(m, group));
    }
}

static void variable_rows(table *t, const char *variable) {
    levels l = cohort_levels(t->m, variable);
    size_t stated = 0;
    for (size_t k = 0; k < l.count; k++) {
        level_row(t, variable, l.names[k]);
        stated += l.counts[k];
    }
    if (stated < t->m->patients.count) level_row(t, variable, "");
}

/* ---- age ---- */

static bfl_num_summary ages(const making *m, size_t group) {
    BFL_LIST(double) x = {0};
    for (size_t i = 0; i < m->patients.count; i++) {
        const bfl_cohort_patient *p = &m->patients.items[i];
        if (cohort_in_group(p, group) && p->age_years.present)
            *BFL_PUSH(m->arena, &x) = bfl_decimal_double(p->age_years.value);
    }
    return bfl_num_summarise(m->arena, x.items, x.count);
}

static void age_cell(table *t, const bfl_num_summary *s, bool median) {
    bfl_arena *a = t->m->arena;
    if (s->state != BFL_NUM_OK)
        put_missing(t, "not stated");
    else if (median)
        put_text(t, bfl_arena_printf(a, "%s (%s-%s)", cohort_fixed(a, s->median, 1), cohort_fixed(a, s->least, 0),
                                     cohort_fixed(a, s->most, 0)));
    else if (s->sd.present)
        put_text(t, bfl_arena_printf(a, "%s (%s)", cohort_fixed(a, s->mean, 1), cohort_fixed(a, s->sd.value, 1)));
    else
        put_text(t, bfl_arena_printf(a, "%s (one patient)", cohort_fixed(a, s->mean, 1)));
}

static void age_row(table *t, bool median) {
    size_t group;
    put_text(t, "age");
    put_text(t, median ? "median (range), years" : "mean (SD), years");
    for (size_t g = 0; cohort_next_group(t->m, g, &group); g++) {
        bfl_num_summary s = ages(t->m, group);
        age_cell(t, &s, median);
    }
}

void cohort_describe(making *m) {
    static const char *const shown[] = {"age",     "sex",  "tumour", "histology", "stage",
                                        "smoking", "egfr", "bone",   "treatment", "class"};
    table t = cohort_table_begin(m, "baseline", "Baseline", "variable value");
    size_t group;
    for (size_t g = 0; cohort_next_group(m, g, &group); g++) cohort_table_column(&t, cohort_group_name(m, group));
    put_text(&t, "patients");
    put_text(&t, "");
    for (size_t g = 0; cohort_next_group(m, g, &group); g++) put_count(&t, group_size(m, group));
    age_row(&t, true);
    age_row(&t, false);
    for (size_t v = 0; v < sizeof shown / sizeof *shown; v++) variable_rows(&t, shown[v]);
    cohort_table_end(&t, bfl_arena_printf(m->arena,
                                          "Columns: everybody, then each value of %s. Percent of the column, those "
                                          "without a statement included.",
                                          m->options.by));
}
