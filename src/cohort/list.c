/* SPDX-License-Identifier: Apache-2.0 */
/* The patients, a row each. */
#include "cohort/study.h"

static void put_response(table *t, bfl_response r) {
    if (r == BFL_RESPONSE_NONE)
        put_missing(t, "no assessment");
    else
        put_text(t, bfl_response_word(r));
}

static void put_time(table *t, const bfl_cohort_time *time) {
    if (time->state == BFL_ENDPOINT_NOT_DERIVED) {
        put_gap(t, 2, time->cause);
        return;
    }
    put_number(t, time->days, 0);
    put_text(t, time->cause);
}

static void row(table *t, size_t i) {
    making *m = t->m;
    const bfl_cohort_patient *p = &m->patients.items[i];
    put_text(t, p->id);
    put_text(t, cohort_group_name(m, p->group));
    put_text(t, cohort_value(m, i, "treatment"));
    put_maybe(t, p->age_years);
    put_text(t, p->sex);
    put_text(t, p->stage);
    put_text(t, p->egfr);
    put_text(t, p->bone_at_baseline ? "yes" : "no");
    for (size_t k = 0; k < m->out->criterion_count; k++) put_response(t, p->best[k]);
    put_response(t, p->confirmed[m->out->criterion_index]);
    put_maybe(t, p->best_change_percent);
    put_text(t, bfl_flare_call_word(p->flare));
    put_maybe(t, p->flare_day);
    put_maybe(t, p->flare_known_day);
    put_text(t, p->flare_then_progression ? "yes" : "no");
    put_text(t, p->stated_flare);
    put_maybe(t, p->stated_flare_day);
    put_text(t, bfl_course_group_word(p->course_group));
    for (int e = 0; e < BFL_COHORT_TIMES; e++) put_time(t, &p->time[e]);
}

void cohort_list(making *m) {
    table t =
        cohort_table_begin(m, "patients", "Patients", "patient group treatment age sex stage egfr bone_at_baseline");
    for (size_t k = 0; k < m->out->criterion_count; k++)
        cohort_table_column(&t, bfl_arena_printf(m->arena, "best_%s", m->out->criteria[k]));
    static const char *const rest[] = {"confirmed",       "best_change_percent",
                                       "flare",           "flare_day",
                                       "flare_known_day", "flare_then_progression",
                                       "stated_flare",    "stated_flare_day",
                                       "course",          "pfs_days",
                                       "pfs_end",         "os_days",
                                       "os_end",          "ttp_days",
                                       "ttp_end"};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) cohort_table_column(&t, rest[i]);
    for (size_t i = 0; i < m->patients.count; i++) row(&t, i);
    cohort_table_end(&t, "Days from the start of therapy.");
}
