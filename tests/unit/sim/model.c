/* SPDX-License-Identifier: Apache-2.0 */
/* The equations and their solver: steady states, mass balance, doses, tolerance, what must and must not happen, failures. */
#include "sim/body.h"
#include "test.h"

#include <odeint/stiff.h>
#include <stdlib.h>

/* ---- a person to look into ---- */

typedef struct lived {
    bfl_arena *arena;
    bfl_rulebook *rulebook;
    bfl_sim_options options;
    uint64_t number;
    sim_person person;
    bfl_error err;
    bfl_status status;
} lived;

static bfl_status live_body(bfl_arena *arena, void *context, bfl_error *err) {
    lived *w = context;
    sim_schedule schedule;
    bfl_status status = sim_begin(&w->person, w->rulebook, &w->options, w->number, err);
    if (status) return status;
    w->person.item = w->number;
    return sim_live(arena, &w->person, &schedule, err);
}

static lived live(const char *overlay, const char *class_id, bfl_sim_world world, uint64_t number) {
    lived w = {.arena = bfl_arena_new(), .number = number};
    w.options = (bfl_sim_options){.struct_size = sizeof w.options, .class_id = class_id, .world = world};
    CHECK_INT(bfl_rulebook_open(bfl_text_of(overlay), &w.rulebook, NULL), BFL_OK);
    w.status = bfl_arena_run(w.arena, live_body, &w, &w.err);
    return w;
}

static void forget(lived *w) {
    bfl_arena_free(w->arena);
    bfl_rulebook_free(w->rulebook);
}

static bool in_bone(const sim_lesion *l) { return l->organ == BFL_ORGAN_BONE; }

static const sim_lesion *first_bone(const sim_person *p) {
    size_t i = 0;
    while (!in_bone(&p->lesions[i])) i++;
    return &p->lesions[i];
}

/* ---- equations ---- */

TEST(normal_bone_stays_as_it_is) {
    for (int world = BFL_SIM_DEFAULT; world < BFL_SIM_WORLD_COUNT; world++) {
        lived w = live("", "egfr_tki_1", (bfl_sim_world)world, 0);
        sim_site site = {.person = &w.person, .lesion = first_bone(&w.person)};
        double none = log(SIM_NO_TUMOUR), slope[SIM_BONE_STATES];
        double x[SIM_BONE_STATES] = {none, none, 0, 1, 1, 1, 1, 1, 0, 0};
        sim_bone_slope(&site, 100, x, slope);
        for (int i = SIM_SPACE; i < SIM_BONE_STATES; i++) CHECK(fabs(slope[i]) < 1e-9);
        double serum[SIM_SERUM_STATES] = {0, 0, 0, 1, 1, 1, 1, 1, 1}, change[SIM_SERUM_STATES];
        sim_serum_slope(&site, 0, serum, change);
        for (int i = 0; i < SIM_SERUM_STATES; i++) CHECK(fabs(change[i]) < 1e-12);
        forget(&w);
    }
}

/* Central differences of a slope at x. */
static void check_jacobian(const sim_site *site, size_t n, const double *at,
                           void (*slope)(const void *, double, const double *, double *),
                           void (*jacobian)(const void *, double, const double *, double *, double *)) {
    double j[BFL_STIFF_LARGEST * BFL_STIFF_LARGEST] = {0}, by_time[BFL_STIFF_LARGEST] = {0};
    double x[BFL_STIFF_LARGEST], up[BFL_STIFF_LARGEST], down[BFL_STIFF_LARGEST];
    const double h = 1e-5, t = 30;
    jacobian(site, t, at, j, by_time);
    for (size_t k = 0; k <= n; k++) {
        for (size_t i = 0; i < n; i++) x[i] = at[i];
        if (k < n) x[k] = at[k] + h;
        slope(site, k < n ? t : t + h, x, up);
        if (k < n) x[k] = at[k] - h;
        slope(site, k < n ? t : t - h, x, down);
        for (size_t i = 0; i < n; i++) {
            double exact = k < n ? j[i * n + k] : by_time[i], found = (up[i] - down[i]) / (2 * h);
            CHECK(fabs(exact - found) < 1e-6 * (1 + fabs(exact)));
        }
    }
}

TEST(jacobians_are_those_of_the_slopes) {
    for (int world = BFL_SIM_DEFAULT; world < BFL_SIM_WORLD_COUNT; world++) {
        lived w = live("", "chemotherapy", (bfl_sim_world)world, 1);
        sim_site site = {&w.person, first_bone(&w.person), {21, 1.3, 0.2, 10}, 0.6};
        const double bone[SIM_BONE_STATES] = {log(0.3), log(0.02), 0.1, 2, 3, 1.7, 0.8, 1.4, 4, 0.1};
        const double soft[SIM_SOFT_STATES] = {log(0.3), log(0.02)};
        const double serum[SIM_SERUM_STATES] = {0.5, 0.2, 0.4, 0.7, 5, 3, 2, 1, 4};
        check_jacobian(&site, SIM_BONE_STATES, bone, sim_bone_slope, sim_bone_jacobian);
        check_jacobian(&site, SIM_SOFT_STATES, soft, sim_soft_slope, sim_soft_jacobian);
        check_jacobian(&site, SIM_SERUM_STATES, serum, sim_serum_slope, sim_serum_jacobian);
        forget(&w);
    }
}

/* All mineral that a lesion loses goes through the serum: the time integral of what calcium gains is the mineral lost. */
TEST(calcium_is_the_mineral_that_left) {
    lived w = live("", "endocrine", BFL_SIM_DEFAULT, 2);
    const sim_person *p = &w.person;
    for (size_t i = 0; i < p->lesion_count; i++) {
        const sim_lesion *l = &p->lesions[i];
        if (!in_bone(l)) continue;
        size_t last = p->at_count - 1;
        double area = 0;
        for (size_t k = 1; k < p->at_count; k++)
            area += (p->at[k] - p->at[k - 1]) * (sim_value(l, k, SIM_CALCIUM) + sim_value(l, k - 1, SIM_CALCIUM)) / 2;
        double gained =
            area + p->biology.calcium_days * (sim_value(l, last, SIM_CALCIUM) - sim_value(l, 0, SIM_CALCIUM));
        double lost = sim_value(l, 0, SIM_MINERAL) - sim_value(l, last, SIM_MINERAL);
        double expected = lost * l->weight * p->biology.calcium_mg_dl * p->biology.turnover_days;
        /* the area is a sum of weekly trapezia */
        CHECK(fabs(gained - expected) < 0.05 * fabs(expected) + 0.05);
    }
    forget(&w);
}

/* ---- the solver ---- */

typedef struct cup {
    double days, dose;
} cup;

static void decay(const void *context, double t, const double *x, double *slope) {
    (void)t;
    slope[0] = -x[0] / ((const cup *)context)->days;
}
static void decay_jacobian(const void *context, double t, const double *x, double *jacobian, double *by_time) {
    (void)t;
    (void)x;
    (void)by_time;
    jacobian[0] = -1 / ((const cup *)context)->days;
}
static void drink(void *context, size_t k, double *x) {
    (void)k;
    x[0] += ((cup *)context)->dose;
}
static void broken(const void *context, double t, const double *x, double *slope) {
    (void)context;
    (void)x;
    slope[0] = t > 5 ? (double)NAN : 1;
}

static bfl_stiff_problem cups(cup *c, const double *breaks, size_t count, const double *samples, size_t sampled) {
    return (bfl_stiff_problem){.n = 1,
                               .slope = decay,
                               .jacobian = decay_jacobian,
                               .at_break = drink,
                               .context = c,
                               .relative = 1e-8,
                               .absolute = 1e-10,
                               .steps_max = 10000,
                               .breaks = breaks,
                               .break_count = count,
                               .start = 0,
                               .end = 100,
                               .samples = samples,
                               .sample_count = sampled};
}

TEST(no_dose_is_stepped_over) {
    const double doses[] = {21, 21.5, 42, 63, 99.999}, samples[] = {0, 20.9, 21, 21.25, 42.5, 70, 100};
    cup c = {3, 1};
    double x = 1, out[7];
    bfl_stiff_problem p = cups(&c, doses, 5, samples, 7);
    CHECK_INT(bfl_stiff_solve(&p, &x, out, NULL), BFL_STIFF_OK);
    for (size_t i = 0; i < 7; i++) {
        double exact = exp(-samples[i] / c.days);
        for (size_t k = 0; k < 5; k++) /* at a break: the state before it */
            if (doses[k] < samples[i]) exact += exp(-(samples[i] - doses[k]) / c.days);
        CHECK(fabs(out[i] - exact) < 1e-6);
    }
    CHECK(fabs(x - out[6]) < 1e-12);
}

TEST(what_the_solver_cannot_do_it_says) {
    const double backwards[] = {30, 20}, outside[] = {0}, late[] = {101};
    cup c = {3, 1};
    double x = 1, out[2];
    bfl_stiff_problem p = cups(&c, NULL, 0, NULL, 0);
    p.steps_max = 3;
    CHECK_INT(bfl_stiff_solve(&p, &x, out, NULL), BFL_STIFF_STEPS);
    p = cups(&c, NULL, 0, NULL, 0);
    p.slope = broken;
    p.relative = p.absolute = 1e-3;
    x = 1;
    CHECK_INT(bfl_stiff_solve(&p, &x, out, NULL), BFL_STIFF_FAILED);
    p = cups(&c, backwards, 2, NULL, 0);
    CHECK_INT(bfl_stiff_solve(&p, &x, out, NULL), BFL_STIFF_INVALID);
    p = cups(&c, outside, 1, NULL, 0);
    CHECK_INT(bfl_stiff_solve(&p, &x, out, NULL), BFL_STIFF_INVALID);
    p = cups(&c, NULL, 0, late, 1);
    CHECK_INT(bfl_stiff_solve(&p, &x, out, NULL), BFL_STIFF_INVALID);
    p = cups(&c, NULL, 0, NULL, 0);
    p.n = BFL_STIFF_LARGEST + 1;
    CHECK_INT(bfl_stiff_solve(&p, &x, out, NULL), BFL_STIFF_INVALID);
    CHECK_INT(bfl_stiff_solve(NULL, &x, out, NULL), BFL_STIFF_INVALID);
}

TEST(a_course_that_cannot_be_solved_is_no_patient) {
    lived w = live("{\"sim.model.solver\":{\"steps_count\":4}}", "egfr_tki_1", BFL_SIM_DEFAULT, 0);
    CHECK_INT(w.status, BFL_ELIMIT);
    CHECK_TEXT(w.err.message, "the course of the serum needs more steps than allowed");
    forget(&w);
}

TEST(half_the_tolerance_is_the_same_course) {
    static const char *const classes[] = {"egfr_tki_1", "chemotherapy", "androgen_axis"};
    for (size_t c = 0; c < sizeof classes / sizeof *classes; c++) {
        lived a = live("", classes[c], BFL_SIM_DEFAULT, 5);
        lived b = live("{\"sim.model.solver\":{\"relative_fraction\":0.00025,\"absolute_fraction\":0.00001}}",
                       classes[c], BFL_SIM_DEFAULT, 5);
        double worst = 0;
        for (size_t i = 0; i < a.person.lesion_count; i++) {
            const sim_lesion *x = &a.person.lesions[i], *y = &b.person.lesions[i];
            for (size_t k = 0; k < a.person.at_count * x->states; k++)
                worst = fmax(worst, fabs(x->course[k] - y->course[k]) / (1 + fabs(y->course[k])));
        }
        CHECK(worst > 0 && worst < 2e-3);
        forget(&a);
        forget(&b);
    }
}

/* ---- what must and what must not happen ---- */

TEST(no_drug_no_flare) {
    for (uint64_t i = 0; i < 30; i++) {
        lived w = live(
            "{\"sim.model.drug\":{\"refractory_kill_ratio\":0},\"sim.class.egfr_tki_1\":{\"refractory_fraction\":1},"
            "\"sim.event.radiotherapy\":{\"fraction\":0},\"sim.event.bone_agent\":{\"fraction\":0}}",
            "egfr_tki_1", BFL_SIM_DEFAULT, i);
        CHECK_INT(w.person.truth->flare_day, BFL_TRUTH_NEVER);
        CHECK(w.person.truth->progression_day < 200);
        CHECK(!w.person.truth->responds);
        forget(&w);
    }
}

TEST(latent_lesions_sclerose_when_the_tumour_dies) {
    size_t latent = 0, denser = 0, new_on_ct = 0;
    for (uint64_t i = 0; i < 60; i++) {
        lived w = live("", "egfr_tki_3", BFL_SIM_DEFAULT, i);
        const sim_person *p = &w.person;
        size_t at = sim_index(p, 70);
        for (size_t k = 0; k < p->lesion_count; k++) {
            const sim_lesion *l = &p->lesions[k];
            bool shrunk = sim_burden(l, at) < 0.3 * sim_burden(l, p->origin);
            if (!in_bone(l) || l->late || l->matrix != BFL_MATRIX_MARROW || !shrunk) continue;
            latent++;
            denser += sim_hu(p, l, at) > sim_hu(p, l, p->origin);
            new_on_ct += sim_hu(p, l, at) > sim_hu(p, l, p->origin) + 60;
        }
        forget(&w);
    }
    CHECK(latent > 20);
    CHECK(denser * 10 >= latent * 9);
    CHECK(new_on_ct > 0);
}

TEST(a_bone_agent_lowers_alp_by_itself) {
    const char *with = "{\"sim.event.bone_agent\":{\"fraction\":1}}",
               *without = "{\"sim.event.bone_agent\":{\"fraction\":1,\"inhibition_fraction\":0}}";
    for (uint64_t i = 0; i < 5; i++) {
        lived a = live(with, "endocrine", BFL_SIM_DEFAULT, i), b = live(without, "endocrine", BFL_SIM_DEFAULT, i);
        double day = (double)a.person.agent_day + 90;
        size_t at = sim_index(&a.person, day);
        if (a.person.agent_day < 600) CHECK(sim_alp(&a.person, at) < sim_alp(&b.person, at));
        forget(&a);
        forget(&b);
    }
}

TEST(density_stays_when_uptake_has_gone) {
    size_t flares = 0, kept = 0;
    for (uint64_t i = 0; i < 40; i++) {
        lived w = live("", "egfr_tki_3", BFL_SIM_DEFAULT, i);
        const sim_person *p = &w.person;
        for (size_t k = 0; k < p->truth->lesion_count; k++) {
            const bfl_truth_lesion *t = &p->truth->lesions[k];
            const sim_lesion *l = &p->lesions[k];
            if (t->flare_end_day > 400 || t->progression_day < BFL_TRUTH_NEVER) continue;
            flares++;
            kept += sim_hu(p, l, p->at_count - 1) > sim_hu(p, l, p->origin) + 20;
        }
        forget(&w);
    }
    CHECK(flares > 10);
    CHECK(kept * 10 >= flares * 6);
}

/* ---- the public face ---- */

static const bfl_sim_options plain = {.struct_size = sizeof plain};

TEST(records_are_clean_and_hold_no_truth) {
    bfl_rulebook *rulebook = NULL;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    for (uint64_t i = 0; i < 40; i++) {
        bfl_simulated *s = NULL;
        CHECK_INT(bfl_simulate_patient(rulebook, &plain, i, &s, NULL), BFL_OK);
        if (!s) continue;
        const bfl_record *r = bfl_simulated_record(s);
        CHECK_INT(r->issue_count, 0);
        CHECK_TEXT(r->patient.label, "");
        CHECK_INT(r->note_count, 0);
        CHECK(r->lesion_count > 0 && r->lab_count > 0 && r->therapy_count > 0);
        bfl_simulated_free(s);
    }
    bfl_simulated_free(NULL);
    bfl_rulebook_free(rulebook);
}

TEST(what_it_refuses) {
    bfl_rulebook *rulebook = NULL, *impatient = NULL;
    bfl_simulated *s = NULL;
    bfl_error err = {0};
    bfl_sim_options o = plain;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    CHECK_INT(bfl_simulate_patient(NULL, &o, 0, &s, NULL), BFL_EINVAL);
    CHECK_INT(bfl_simulate_patient(rulebook, &o, 0, NULL, NULL), BFL_EINVAL);
    o.class_id = "aspirin";
    CHECK_INT(bfl_simulate_patient(rulebook, &o, 0, &s, &err), BFL_ENOTFOUND);
    CHECK_TEXT(err.message, "there is no class 'aspirin' to simulate");
    o = plain, o.visit_weeks = 53;
    CHECK_INT(bfl_simulate_patient(rulebook, &o, 0, &s, NULL), BFL_EINVAL);
    o = plain, o.visit_weeks = -1;
    CHECK_INT(bfl_simulate_patient(rulebook, &o, 0, &s, NULL), BFL_EINVAL);
    o = plain, o.days = 3651;
    CHECK_INT(bfl_simulate_patient(rulebook, &o, 0, &s, NULL), BFL_EINVAL);
    o = plain, o.struct_size = 8;
    CHECK_INT(bfl_simulate_patient(rulebook, &o, 0, &s, NULL), BFL_EINVAL);
    o = plain, o.world = BFL_SIM_WORLD_COUNT;
    CHECK_INT(bfl_simulate_patient(rulebook, &o, 0, &s, NULL), BFL_EINVAL);
    CHECK_INT(bfl_rulebook_open(BFL_TEXT("{\"sim.model.scenario\":{\"attempts_count\":1,\"window_days\":1}}"),
                                &impatient, NULL),
              BFL_OK);
    o = plain, o.scenario = BFL_SIM_FLARE;
    CHECK_INT(bfl_simulate_patient(impatient, &o, 0, &s, &err), BFL_ELIMIT);
    CHECK_TEXT(err.message, "none of 1 patients shows flare");
    CHECK(s == NULL);
    bfl_rulebook_free(rulebook);
    bfl_rulebook_free(impatient);
}

TEST(words_and_classes) {
    bfl_rulebook *rulebook = NULL;
    bfl_sim_world world = BFL_SIM_DEFAULT;
    bfl_sim_scenario scenario = BFL_SIM_MIXED;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    CHECK(bfl_sim_world_of("held-back", &world) && world == BFL_SIM_HELD_BACK);
    CHECK(!bfl_sim_world_of("flat", &world) && world == BFL_SIM_HELD_BACK);
    CHECK(bfl_sim_scenario_of("paget", &scenario) && scenario == BFL_SIM_PAGET);
    CHECK(!bfl_sim_scenario_of(NULL, &scenario));
    CHECK_TEXT(bfl_truth_state_word(BFL_TRUTH_FLARE), "flare");
    CHECK_TEXT(bfl_sim_class(rulebook, 0), "alk_tki");
    CHECK(bfl_sim_class(rulebook, 9) == NULL);
    bfl_rulebook_free(rulebook);
}

TEST(every_failed_allocation_is_reported) {
    bfl_rulebook *rulebook = NULL;
    bfl_simulated *s = NULL;
    bfl_status status = BFL_ENOMEM;
    int64_t n = 1, failures = 0;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    for (; status == BFL_ENOMEM && n < 1000000; n += 1 + n / 8) {
        (void)bfl_memory_fail_at(n);
        status = bfl_simulate_patient(rulebook, &plain, 0, &s, NULL);
        (void)bfl_memory_fail_at(0);
        CHECK(status == BFL_OK || (status == BFL_ENOMEM && s == NULL));
        failures += status == BFL_ENOMEM;
    }
    CHECK(failures > 1 && s != NULL);
    bfl_simulated_free(s);
    bfl_sim_calibration *c = NULL;
    for (n = 1; n < 4; n++) {
        (void)bfl_memory_fail_at(n);
        CHECK_INT(bfl_sim_calibrate(rulebook, NULL, 2, &c, NULL), BFL_ENOMEM);
        (void)bfl_memory_fail_at(0);
        CHECK(c == NULL);
    }
    bfl_rulebook_free(rulebook);
}

TEST_CASES(CASE(normal_bone_stays_as_it_is), CASE(jacobians_are_those_of_the_slopes),
           CASE(calcium_is_the_mineral_that_left), CASE(no_dose_is_stepped_over),
           CASE(what_the_solver_cannot_do_it_says), CASE(a_course_that_cannot_be_solved_is_no_patient),
           CASE(half_the_tolerance_is_the_same_course), CASE(no_drug_no_flare),
           CASE(latent_lesions_sclerose_when_the_tumour_dies), CASE(a_bone_agent_lowers_alp_by_itself),
           CASE(density_stays_when_uptake_has_gone), CASE(records_are_clean_and_hold_no_truth), CASE(what_it_refuses),
           CASE(words_and_classes), CASE(every_failed_allocation_is_reported))
