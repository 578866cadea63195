/* SPDX-License-Identifier: Apache-2.0 */
/* When: time from the start of therapy to flare, with progression and death as what may come first. */
#include "cohort/study.h"

#include "rules/rules.h"

#include <limits.h>

static const char naive_words[] = "naive: 1 - Kaplan-Meier of flare with the others censored; it answers how many "
                                  "would flare if nobody could progress "
                                  "or die, and is too high as an incidence.";

static int32_t day_of(bfl_maybe day) { return day.present ? (int32_t)bfl_decimal_double(day.value) : INT32_MAX; }

/* What came first, and when: 0 = nothing up to the last assessment. */
uint8_t cohort_first_event(const bfl_cohort_patient *p, int32_t *day) {
    const int32_t days[] = {day_of(p->flare_day), day_of(p->progression_day), day_of(p->death_day)};
    const bfl_cohort_time *pfs = &p->time[BFL_COHORT_PFS];
    uint8_t cause = 0;
    *day = pfs->state == BFL_ENDPOINT_NOT_DERIVED ? 0 : pfs->day;
    if (pfs->state == BFL_ENDPOINT_EVENT) *day = INT32_MAX;
    for (uint8_t c = 0; c < BFL_CAUSES; c++)
        if (days[c] < (cause ? *day : INT32_MAX)) {
            cause = (uint8_t)(c + 1);
            *day = days[c];
        }
    if (*day == INT32_MAX) *day = pfs->day; /* an event of PFS that is neither: a new therapy */
    if (*day < 0) *day = 0;
    return cause;
}

typedef struct onset_set {
    bfl_num_times times; /* event is the cause */
    uint32_t *group;
    uint8_t *flare_only;
} onset_set;

static onset_set collect(const making *m, size_t group) {
    size_t n = m->patients.count, k = 0;
    double *time = BFL_NEW_ARRAY(m->arena, n, double);
    uint8_t *cause = BFL_NEW_ARRAY(m->arena, n, uint8_t);
    onset_set set = {.group = BFL_NEW_ARRAY(m->arena, n, uint32_t), .flare_only = BFL_NEW_ARRAY(m->arena, n, uint8_t)};
    for (size_t i = 0; i < n; i++) {
        const bfl_cohort_patient *p = &m->patients.items[i];
        if (!cohort_in_bone_set(m, p) || !cohort_in_group(p, group)) continue;
        int32_t day;
        cause[k] = cohort_first_event(p, &day);
        time[k] = day;
        set.flare_only[k] = cause[k] == BFL_CAUSE_FLARE;
        set.group[k++] = (uint32_t)p->group;
    }
    set.times = (bfl_num_times){.n = k, .time = time, .event = cause};
    return set;
}

static bfl_cohort_onset incidence_of(making *m, size_t group) {
    onset_set set = collect(m, group);
    bfl_num_incidence ci = bfl_num_cumulative_incidence(m->arena, &set.times, BFL_CAUSES, m->options.level);
    bfl_cohort_onset out = {.group = group, .patients = ci.n, .state = state_words(ci.state)};
    if (ci.state != BFL_NUM_OK) return out;
    bfl_num_times alone = set.times;
    alone.event = set.flare_only;
    bfl_num_curve naive = bfl_num_kaplan_meier(m->arena, &alone, m->options.level);
    bfl_cohort_incidence_step *steps = BFL_NEW_ARRAY(m->arena, ci.count, bfl_cohort_incidence_step);
    for (size_t i = 0; i < ci.count; i++) {
        bfl_cohort_incidence_step *s = &steps[i];
        *s = (bfl_cohort_incidence_step){
            .time = ci.steps[i].time, .at_risk = ci.steps[i].at_risk, .censored = ci.steps[i].censored};
        s->naive = 1 - bfl_num_curve_at(&naive, s->time).survival;
        for (size_t c = 0; c < BFL_CAUSES; c++) {
            const bfl_num_incidence_value *v = &ci.values[i * BFL_CAUSES + c];
            s->events[c] = v->events;
            s->incidence[c] = v->incidence;
            s->low[c] = real_of(v->low);
            s->high[c] = real_of(v->high);
        }
    }
    out.steps = steps;
    out.step_count = ci.count;
    return out;
}

/* ---- tables ---- */

typedef BFL_LIST(double) days_list;

static days_list flare_days(const making *m, size_t group) {
    days_list days = {0};
    for (size_t i = 0; i < m->patients.count; i++) {
        const bfl_cohort_patient *p = &m->patients.items[i];
        if (cohort_in_bone_set(m, p) && cohort_in_group(p, group) && p->flare_day.present)
            *BFL_PUSH(m->arena, &days) = bfl_decimal_double(p->flare_day.value);
    }
    return days;
}

static void row(table *t, size_t group, const char *measure) {
    put_text(t, cohort_group_name(t->m, group));
    put_text(t, measure);
}

static void value_row(table *t, size_t group, const char *measure, double value, int places) {
    row(t, group, measure);
    put_number(t, value, places);
    put_gap(t, 2, "");
}

static void early_row(table *t, size_t group, const days_list *days) {
    making *m = t->m;
    int32_t limit = bfl_rule_days(m->rulebook, BFL_NUM_COHORT_FLARE_EARLY__TO_DAYS);
    uint64_t early = 0;
    for (size_t i = 0; i < days->count; i++) early += days->items[i] <= limit;
    bfl_num_proportion p = bfl_num_clopper_pearson(early, days->count, m->options.level);
    row(t, group, bfl_arena_printf(m->arena, "percent of flares up to day %d", (int)limit));
    put_number(t, 100 * p.estimate, 2);
    put_number(t, 100 * p.low, 1);
    put_number(t, 100 * p.high, 1);
}

/* The last step is where the curve ends. */
static void final_rows(table *t, const bfl_cohort_onset *o) {
    for (size_t c = 0; c < BFL_CAUSES && o->step_count; c++) {
        const bfl_cohort_incidence_step *last = &o->steps[o->step_count - 1];
        row(t, o->group,
            bfl_arena_printf(t->m->arena, "incidence of %s at the end, percent",
                             bfl_flare_cause_word((bfl_flare_cause)(c + 1))));
        put_number(t, 100 * last->incidence[c], 1);
        for (int side = 0; side < 2; side++) {
            bfl_real bound = side ? last->high[c] : last->low[c];
            put_real(t, (bfl_real){100 * bound.value, bound.present}, 1, "");
        }
    }
}

static void summary(making *m) {
    table t =
        cohort_table_begin(m, "onset", "Time to flare, days from the start of therapy", "group measure value low high");
    for (size_t i = 0; i < m->out->onset_count; i++) {
        const bfl_cohort_onset *o = &m->out->onsets[i];
        days_list days = flare_days(m, o->group);
        bfl_num_summary s = bfl_num_summarise(m->arena, days.items, days.count);
        row(&t, o->group, "patients");
        put_count(&t, o->patients);
        put_gap(&t, 2, "");
        row(&t, o->group, "flares");
        put_count(&t, days.count);
        put_gap(&t, 2, "");
        if (s.state != BFL_NUM_OK) {
            row(&t, o->group, "median day");
            put_gap(&t, 3, "no flare");
        } else {
            value_row(&t, o->group, "median day", s.median, 1);
            value_row(&t, o->group, "first day", s.least, 0);
            value_row(&t, o->group, "last day", s.most, 0);
            value_row(&t, o->group, "first quartile", s.q1, 1);
            value_row(&t, o->group, "third quartile", s.q3, 1);
            early_row(&t, o->group, &days);
        }
        final_rows(&t, o);
    }
    cohort_table_end(&t, bfl_arena_printf(m->arena,
                                          "%s Flares %s, on the day on which they were first seen. Incidence: "
                                          "Aalen-Johansen, progression and death compete.",
                                          cohort_bone_words(m), cohort_flare_words(m)));
}

static void curve(making *m) {
    table t = cohort_table_begin(m, "onset_curve", "Cumulative incidence of flare, progression and death",
                                 "group day at_risk censored cause events incidence low high naive");
    for (size_t i = 0; i < m->out->onset_count; i++) {
        const bfl_cohort_onset *o = &m->out->onsets[i];
        for (size_t k = 0; k < o->step_count * BFL_CAUSES; k++) {
            const bfl_cohort_incidence_step *s = &o->steps[k / BFL_CAUSES];
            size_t c = k % BFL_CAUSES;
            put_text(&t, cohort_group_name(m, o->group));
            put_number(&t, s->time, 0);
            put_count(&t, s->at_risk);
            put_count(&t, s->censored);
            put_text(&t, bfl_flare_cause_word((bfl_flare_cause)(c + 1)));
            put_count(&t, s->events[c]);
            put_number(&t, s->incidence[c], 3);
            put_real(&t, s->low[c], 3, "");
            put_real(&t, s->high[c], 3, "");
            if (c == 0)
                put_number(&t, s->naive, 3);
            else
                put_missing(&t, "");
        }
    }
    cohort_table_end(&t, naive_words);
}

static void gray(making *m) {
    table t = cohort_table_begin(m, "onset_tests", "Incidence of flare between the groups",
                                 "test cause groups statistic df p");
    onset_set all = collect(m, BFL_COHORT_ALL);
    size_t k = 0;
    double *time = BFL_NEW_ARRAY(m->arena, all.times.n, double);
    uint8_t *cause = BFL_NEW_ARRAY(m->arena, all.times.n, uint8_t);
    for (size_t i = 0; i < all.times.n; i++) {
        if (!m->out->groups[all.group[i]].stated) continue;
        time[k] = all.times.time[i];
        cause[k] = all.times.event[i];
        all.group[k++] = all.group[i];
    }
    bfl_num_times times = {.n = k, .time = time, .event = cause};
    bfl_num_factor groups = {all.group, m->out->group_count}, none = {0};
    bfl_num_gray_test g = bfl_num_gray(m->arena, &times, BFL_CAUSE_FLARE, groups, none);
    put_text(&t, "Gray");
    put_text(&t, "flare");
    put_count(&t, cohort_stated_groups(m));
    if (g.state != BFL_NUM_OK)
        put_gap(&t, 3, state_words(g.state));
    else {
        put_number(&t, g.statistic, 2);
        put_number(&t, g.df, 0);
        put_p(&t, g.p);
    }
    cohort_table_end(&t, "Gray's test of equal cumulative incidence.");
}

void cohort_onset(making *m) {
    BFL_LIST(bfl_cohort_onset) onsets = {0};
    size_t group;
    for (size_t g = 0; cohort_next_group(m, g, &group); g++) *BFL_PUSH(m->arena, &onsets) = incidence_of(m, group);
    m->out->onsets = onsets.items;
    m->out->onset_count = onsets.count;
    summary(m);
    curve(m);
    gray(m);
}
