/* SPDX-License-Identifier: Apache-2.0 */
/* How often: responses by group and criterion, flares by group and definition, each with exact and score intervals. */
#include "cohort/study.h"

#include <string.h>

/* n of `of`, with the intervals of Clopper and Pearson and of Wilson, in percent. */
static void put_rate(table *t, uint64_t n, uint64_t of) {
    double level = t->m->options.level;
    bfl_num_proportion exact = bfl_num_clopper_pearson(n, of, level), score = bfl_num_wilson(n, of, level);
    put_count(t, n);
    put_count(t, of);
    if (exact.state != BFL_NUM_OK) {
        put_gap(t, 5, state_words(exact.state));
        return;
    }
    put_number(t, 100 * exact.estimate, 1);
    put_number(t, 100 * exact.low, 1);
    put_number(t, 100 * exact.high, 1);
    put_number(t, 100 * score.low, 1);
    put_number(t, 100 * score.high, 1);
}
#define RATE_COLUMNS "n of percent low high wilson_low wilson_high"

/* ---- responses ---- */

static const bfl_response listed[] = {BFL_RESPONSE_CR, BFL_RESPONSE_PR,
                                      BFL_RESPONSE_SD, BFL_RESPONSE_NON_CR_NON_PD,
                                      BFL_RESPONSE_PD, BFL_RESPONSE_PD_UNCONFIRMED,
                                      BFL_RESPONSE_NE, BFL_RESPONSE_NONE};

static const char *response_name(bfl_response r) {
    return r == BFL_RESPONSE_NONE ? "no assessment" : bfl_response_word(r);
}

static bool is_response(bfl_response r) { return r == BFL_RESPONSE_CR || r == BFL_RESPONSE_PR; }

static bool is_control(bfl_response r) {
    return is_response(r) || r == BFL_RESPONSE_SD || r == BFL_RESPONSE_NON_CR_NON_PD;
}

static bool says_something(const making *m, size_t criterion) {
    for (size_t i = 0; i < m->patients.count; i++) {
        bfl_response r = m->patients.items[i].best[criterion];
        if (r != BFL_RESPONSE_NONE && r != BFL_RESPONSE_NE) return true;
    }
    return criterion == m->out->criterion_index;
}

typedef struct tally {
    uint64_t n[BFL_RESPONSE_PD_UNCONFIRMED + 1], response, control, of;
} tally;

static tally count_responses(const making *m, size_t group, size_t criterion) {
    tally c = {0};
    for (size_t i = 0; i < m->patients.count; i++) {
        const bfl_cohort_patient *p = &m->patients.items[i];
        if (!cohort_in_group(p, group)) continue;
        bfl_response r = p->best[criterion];
        c.of++;
        c.n[r]++;
        c.response += is_response(r);
        c.control += is_control(r);
    }
    return c;
}

static void response_row(table *t, size_t group, size_t criterion, const char *name, uint64_t n, uint64_t of) {
    put_text(t, cohort_group_name(t->m, group));
    put_text(t, t->m->out->criteria[criterion]);
    put_text(t, name);
    put_rate(t, n, of);
}

static void responses(making *m) {
    table t = cohort_table_begin(m, "response", "Best response", "group criterion response " RATE_COLUMNS);
    size_t group;
    for (size_t k = 0; k < m->out->criterion_count; k++) {
        if (!says_something(m, k)) continue;
        for (size_t g = 0; cohort_next_group(m, g, &group); g++) {
            tally c = count_responses(m, group, k);
            for (size_t r = 0; r < sizeof listed / sizeof *listed; r++)
                if (c.n[listed[r]] || listed[r] == BFL_RESPONSE_CR || listed[r] == BFL_RESPONSE_PR ||
                    listed[r] == BFL_RESPONSE_SD || listed[r] == BFL_RESPONSE_PD)
                    response_row(&t, group, k, response_name(listed[r]), c.n[listed[r]], c.of);
            response_row(&t, group, k, "objective response", c.response, c.of);
            response_row(&t, group, k, "disease control", c.control, c.of);
        }
    }
    cohort_table_end(&t, "Best overall response without confirmation; patients without an assessment stay in the "
                         "denominator. low, high: exact interval (Clopper and Pearson); wilson_low, wilson_high: score "
                         "interval. Percent.");
}

/* The readings side by side: how many patients have which best response. */
static void criteria(making *m) {
    enum { LISTED = sizeof listed / sizeof *listed };
    table t = cohort_table_begin(m, "criteria", "Best response by criterion", "criterion name");
    for (size_t r = 0; r < LISTED; r++) cohort_table_column(&t, response_name(listed[r]));
    for (size_t k = 0; k < m->out->criterion_count; k++) {
        if (!says_something(m, k)) continue;
        tally c = count_responses(m, BFL_COHORT_ALL, k);
        put_text(&t, m->out->criteria[k]);
        put_text(&t, m->out->criterion_names[k]);
        for (size_t r = 0; r < LISTED; r++) put_count(&t, c.n[listed[r]]);
    }
    cohort_table_end(
        &t,
        "Patients by best overall response without confirmation. Criteria that say nothing of anybody are left out.");
}

/* ---- flares ---- */

static bool suspected(const bfl_cohort_patient *p) {
    return p->flare == BFL_FLARE_SUSPECTED || p->flare == BFL_FLARE_CONFIRMED;
}
static bool confirmed(const bfl_cohort_patient *p) { return p->flare == BFL_FLARE_CONFIRMED; }
static bool undetermined(const bfl_cohort_patient *p) { return p->flare == BFL_FLARE_UNDETERMINED; }
static bool progression(const bfl_cohort_patient *p) { return p->flare == BFL_FLARE_PROGRESSION; }
static bool turned(const bfl_cohort_patient *p) { return p->flare_then_progression; }
static bool stated(const bfl_cohort_patient *p) { return strcmp(p->stated_flare, "yes") == 0; }

static const struct {
    const char *name;
    bool (*is)(const bfl_cohort_patient *p);
} calls[] = {
    {"flare, suspected or confirmed", suspected}, {"flare, confirmed", confirmed},
    {"worse bone, undetermined", undetermined},   {"worse bone, progression", progression},
    {"flare, then progression", turned},          {"flare, as the source says", stated},
};

static void incidence(making *m) {
    table t = cohort_table_begin(m, "flare", "Flare incidence", "group what " RATE_COLUMNS);
    size_t group, outside = 0;
    bool any = m->patients.count && m->patients.items[0].stated_flare[0]; /* then everybody has one */
    for (size_t g = 0; cohort_next_group(m, g, &group); g++)
        for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
            uint64_t n = 0, of = 0;
            for (size_t i = 0; i < m->patients.count; i++) {
                const bfl_cohort_patient *p = &m->patients.items[i];
                if (!cohort_in_group(p, group) || !cohort_in_bone_set(m, p)) continue;
                of++;
                n += calls[c].is(p);
            }
            if (calls[c].is == stated && !any) continue;
            put_text(&t, cohort_group_name(m, group));
            put_text(&t, calls[c].name);
            put_rate(&t, n, of);
        }
    cohort_table_end(&t, cohort_bone_words(m));
    for (size_t i = 0; i < m->patients.count; i++)
        outside += m->patients.items[i].is_flare && !cohort_in_bone_set(m, &m->patients.items[i]);
    if (outside)
        cohort_remark(
            m, bfl_arena_printf(
                   m->arena,
                   "%zu flare%s in patients without a recorded bone metastasis at baseline %s not in the incidence",
                   outside, outside == 1 ? "" : "s", outside == 1 ? "is" : "are"));
}

/* The layout of a first table: treatment, response, and the flares within each. */
static void flares_by_response(making *m) {
    table t =
        cohort_table_begin(m, "flare_response", "Responses, and flares within each", "group response patients flares");
    size_t group;
    for (size_t g = 0; cohort_next_group(m, g, &group); g++)
        for (size_t r = 0; r < sizeof listed / sizeof *listed; r++) {
            uint64_t n = 0, flares = 0;
            for (size_t i = 0; i < m->patients.count; i++) {
                const bfl_cohort_patient *p = &m->patients.items[i];
                if (!cohort_in_group(p, group) || p->best[m->out->criterion_index] != listed[r]) continue;
                n++;
                flares += p->is_flare;
            }
            if (n == 0) continue;
            put_text(&t, cohort_group_name(m, group));
            put_text(&t, response_name(listed[r]));
            put_count(&t, n);
            put_count(&t, flares);
        }
    cohort_table_end(&t, bfl_arena_printf(m->arena, "Best response by %s; flares: %s.",
                                          m->out->criterion_names[m->out->criterion_index], cohort_flare_words(m)));
}

void cohort_respond(making *m) {
    responses(m);
    criteria(m);
    incidence(m);
    flares_by_response(m);
}
