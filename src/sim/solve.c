/* SPDX-License-Identifier: Apache-2.0 */
/* From parameters to courses: every lesion and the serum from their own beginning to the end, stopped at every dose and event. */
#include "sim/body.h"

#include <math.h>
#include <odeint/stiff.h>
#include <string.h>

/* ---- when something happens at once ---- */

typedef struct timeline {
    double *days;
    size_t count, capacity;
} timeline;

static int compare_days(const void *a, const void *b, const void *context) {
    (void)context;
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void add_day(bfl_arena *arena, timeline *t, double day, double end) {
    if (day >= end) return;
    if (t->count == t->capacity) t->days = bfl_arena_grow(arena, t->days, &t->capacity, sizeof *t->days);
    t->days[t->count++] = day;
}

static double last_dose(const sim_person *p) { return p->cycle_days * (double)p->cycles; }

/* Doses, the end of the cycles, and events; ascending, each day once. */
static timeline breaks_of(bfl_arena *arena, const sim_person *p, double end) {
    timeline t = {0};
    add_day(arena, &t, 0, end);
    for (size_t i = 1; i <= p->cycles; i++) add_day(arena, &t, p->cycle_days * (double)i, end);
    const int32_t events[] = {p->liver_day, p->cholangitis_day, p->fracture_day, p->radiotherapy_day, p->agent_day};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) add_day(arena, &t, events[i], end);
    bfl_sort(arena, t.days, t.count, sizeof *t.days, compare_days, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < t.count; i++)
        if (kept == 0 || t.days[kept - 1] < t.days[i]) t.days[kept++] = t.days[i];
    t.count = kept;
    return t;
}

/* ---- what happens then ---- */

typedef struct run {
    sim_site site; /* first: the equations see only this */
    const timeline *breaks;
} run;

static bool is_on(double day, int32_t event) { return event != BFL_TRUTH_NEVER && fabs(day - event) < 1; }

/* Daily drugs rise to their level; cycles add a dose that fades; behind the last, maintenance. */
static void take_drug(sim_site *s, double day) {
    const sim_person *p = s->person;
    double now = sim_exposure_at(&s->exposure, day, NULL);
    if (p->cycles == 0) {
        if (is_on(day, 0)) s->exposure = (sim_exposure){day, 0, 1, p->onset_days};
        return;
    }
    double cycle = day / p->cycle_days;
    if (fabs(cycle - floor(cycle)) > 0) return;
    bool over = day >= last_dose(p);
    s->exposure = (sim_exposure){day, over ? now : now + 1, over ? p->maintenance : 0, p->effect_days};
}

static void irradiate(double *x, double survives, size_t states) {
    double died = (1 - survives) * (exp(x[SIM_SENSITIVE]) + exp(x[SIM_RESISTANT]));
    x[SIM_SENSITIVE] += log(survives);
    x[SIM_RESISTANT] += log(survives);
    if (states == SIM_BONE_STATES) x[SIM_SPACE] += died;
}

static void at_lesion_break(void *context, size_t k, double *x) {
    run *r = context;
    double day = r->breaks->days[k];
    const sim_person *p = r->site.person;
    take_drug(&r->site, day);
    if (is_on(day, p->agent_day)) r->site.inhibition = p->agent_effect;
    if (is_on(day, p->radiotherapy_day)) irradiate(x, r->site.lesion->survives, r->site.lesion->states);
}

static void at_serum_break(void *context, size_t k, double *x) {
    run *r = context;
    double day = r->breaks->days[k];
    const sim_person *p = r->site.person;
    if (is_on(day, p->liver_day)) x[SIM_HEPATITIS] += p->liver_size;
    if (is_on(day, p->cholangitis_day)) x[SIM_CHOLESTASIS] += p->cholangitis_size;
    if (is_on(day, p->fracture_day)) x[SIM_FRACTURE] += sim_number(p, BFL_NUM_SIM_EVENT_FRACTURE__TURNOVER_RATIO);
    if (is_on(day, p->agent_day)) r->site.inhibition = p->agent_effect;
}

/* ---- solving ---- */

static bfl_status failed(bfl_stiff_status status, const char *what, bfl_error *err) {
    static const char *const words[] = {"", "needs more steps than allowed", "cannot be solved to its tolerance", "",
                                        "is not well posed"};
    if (status == BFL_STIFF_MEMORY) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    return bfl_fail(err, BFL_ELIMIT, "simulate", 0, "the course of %s %s", what, words[status]);
}

static bfl_stiff_problem problem_of(const sim_person *p, run *r, double start) {
    size_t first = 0;
    while (first < r->breaks->count && r->breaks->days[first] <= start) first++;
    return (bfl_stiff_problem){.context = r,
                               .relative = sim_number(p, BFL_NUM_SIM_MODEL_SOLVER__RELATIVE_FRACTION),
                               .absolute = sim_number(p, BFL_NUM_SIM_MODEL_SOLVER__ABSOLUTE_FRACTION),
                               .steps_max = (size_t)bfl_rule_days(p->rulebook, BFL_NUM_SIM_MODEL_SOLVER__STEPS_COUNT),
                               .breaks = r->breaks->days + first,
                               .break_count = r->breaks->count - first,
                               .start = start,
                               .end = p->at[p->at_count - 1],
                               .samples = p->at,
                               .sample_count = p->at_count};
}

/* The burden `days` before it was `burden`, by the law of growth. */
static double burden_before(const sim_person *p, const sim_lesion *l, double days) {
    if (p->biology.wrong) return exp(log(l->burden) * exp(l->growth * days));
    double shrunk = l->burden * exp(-l->growth * days);
    return shrunk / (1 - l->burden + shrunk);
}

/* Gompertz's law makes a tumour vanish within weeks when it is followed back: then the lesion begins as a trace. */
static double days_before(const sim_person *p, const sim_lesion *l) {
    if (!p->biology.wrong) return l->age_days;
    double trace = l->burden * sim_number(p, BFL_NUM_SIM_WORLD_WRONG__TRACE_FRACTION);
    return fmin(l->age_days, log(log(trace) / log(l->burden)) / l->growth);
}

static bfl_status solve_lesion(bfl_arena *arena, sim_person *p, sim_lesion *l, const timeline *breaks, bfl_error *err) {
    run r = {.site = {.person = p, .lesion = l}, .breaks = breaks};
    double x[SIM_BONE_STATES] = {0}, age = days_before(p, l), burden = burden_before(p, l, age);
    bfl_stiff_problem problem = problem_of(p, &r, -age);
    bool bone = l->organ == BFL_ORGAN_BONE;
    l->states = bone ? SIM_BONE_STATES : SIM_SOFT_STATES;
    l->course = BFL_NEW_ARRAY(arena, p->at_count * l->states, double);
    x[SIM_SENSITIVE] = log(fmax(burden * (1 - l->resistant), SIM_NO_TUMOUR));
    x[SIM_RESISTANT] = log(fmax(burden * l->resistant, SIM_NO_TUMOUR));
    x[SIM_OSTEOCLAST] = x[SIM_PRECURSOR] = x[SIM_OSTEOBLAST] = x[SIM_MINERAL] = x[SIM_UPTAKE] = 1;
    problem.n = l->states;
    problem.slope = bone ? sim_bone_slope : sim_soft_slope;
    problem.jacobian = bone ? sim_bone_jacobian : sim_soft_jacobian;
    problem.at_break = at_lesion_break;
    bfl_stiff_status status = bfl_stiff_solve(&problem, x, l->course, NULL);
    if (status) return failed(status, l->id, err);
    for (size_t i = 0; i < p->at_count * l->states; i += l->states) {
        l->course[i + SIM_SENSITIVE] = exp(l->course[i + SIM_SENSITIVE]);
        l->course[i + SIM_RESISTANT] = exp(l->course[i + SIM_RESISTANT]);
    }
    return BFL_OK;
}

static bfl_status solve_serum(bfl_arena *arena, sim_person *p, const timeline *breaks, bfl_error *err) {
    run r = {.site = {.person = p}, .breaks = breaks};
    double x[SIM_SERUM_STATES] = {0};
    bfl_stiff_problem problem = problem_of(p, &r, p->at[0] - 1);
    for (size_t i = SIM_TURNOVER; i < SIM_SERUM_STATES; i++) x[i] = 1;
    p->serum = BFL_NEW_ARRAY(arena, p->at_count * SIM_SERUM_STATES, double);
    problem.n = SIM_SERUM_STATES;
    problem.slope = sim_serum_slope;
    problem.jacobian = sim_serum_jacobian;
    problem.at_break = at_serum_break;
    bfl_stiff_status status = bfl_stiff_solve(&problem, x, p->serum, NULL);
    return status ? failed(status, "the serum", err) : BFL_OK;
}

bfl_status sim_solve(bfl_arena *arena, sim_person *p, bfl_error *err) {
    timeline breaks = breaks_of(arena, p, p->at[p->at_count - 1]);
    bfl_status status = solve_serum(arena, p, &breaks, err);
    for (size_t i = 0; i < p->lesion_count && !status; i++)
        status = solve_lesion(arena, p, &p->lesions[i], &breaks, err);
    return status;
}

/* ---- reading the course ---- */

size_t sim_index(const sim_person *p, double day) {
    size_t low = 0, high = p->at_count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (p->at[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double sim_value(const sim_lesion *l, size_t at, sim_state state) { return l->course[at * l->states + state]; }

double sim_burden(const sim_lesion *l, size_t at) {
    return sim_value(l, at, SIM_SENSITIVE) + sim_value(l, at, SIM_RESISTANT);
}
