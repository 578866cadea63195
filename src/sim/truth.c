/* SPDX-License-Identifier: Apache-2.0 */
/* What is true: when each lesion heals with a flare, and when it grows again. From the courses alone, never from what was written. */
#include "sim/body.h"

#include <math.h>

double sim_hu(const sim_person *p, const sim_lesion *l, size_t at) {
    return sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__NORMAL_HU) +
           sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__MINERAL_HU) * (sim_value(l, at, SIM_MINERAL) - 1) -
           sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__TUMOUR_HU) * sim_burden(l, at);
}

static double of_bone(const sim_person *p, size_t at, sim_state state) {
    double sum = 0;
    for (size_t i = 0; i < p->lesion_count; i++)
        if (p->lesions[i].organ == BFL_ORGAN_BONE) sum += sim_value(&p->lesions[i], at, state);
    return sum;
}

double sim_bone_alp(const sim_person *p, size_t at) {
    double skeleton = p->serum[at * SIM_SERUM_STATES + SIM_TURNOVER] + p->paget_ratio;
    return fmax(0, p->alp_bone * skeleton + of_bone(p, at, SIM_ALP));
}

double sim_alp(const sim_person *p, size_t at) {
    return sim_bone_alp(p, at) + p->alp_liver * p->serum[at * SIM_SERUM_STATES + SIM_LIVER_ALP];
}

double sim_calcium(const sim_person *p, size_t at) { return p->calcium + of_bone(p, at, SIM_CALCIUM); }

/* Osteoblasts of lesions and skeleton, x those of a normal skeleton, as ALP weighs them. */
double sim_osteoblasts(const sim_person *p, size_t at) { return sim_bone_alp(p, at) / p->alp_bone; }

double sim_total_burden(const sim_person *p, size_t at) {
    double sum = 0;
    for (size_t i = 0; i < p->lesion_count; i++) sum += sim_burden(&p->lesions[i], at) * p->lesions[i].weight;
    return sum;
}

/* ---- one lesion ---- */

static void find_progression(const sim_person *p, const sim_lesion *l, bfl_truth_lesion *t) {
    double start = sim_burden(l, p->origin), least = start;
    double enough = fmax(start * sim_number(p, BFL_NUM_SIM_TRUTH_PROGRESSION__OF_START_FRACTION),
                         sim_number(p, BFL_NUM_SIM_TRUTH_PROGRESSION__BURDEN_MIN_FRACTION));
    double ratio = sim_number(p, BFL_NUM_SIM_TRUTH_PROGRESSION__GROWTH_RATIO);
    t->regrowth_day = 0;
    for (size_t i = p->origin; i < p->at_count; i++) {
        double burden = sim_burden(l, i);
        if (burden < least) {
            least = burden;
            t->regrowth_day = (int32_t)p->at[i];
        }
        if (burden < least * ratio || burden < enough) continue;
        t->progression_day = (int32_t)p->at[i];
        return;
    }
    t->regrowth_day = BFL_TRUTH_NEVER;
}

/* Does bone take up more tracer than before therapy, or grow denser, while the tumour has shrunk? */
static bool flares_at(const sim_person *p, const sim_lesion *l, size_t i) {
    double shrunk = sim_number(p, BFL_NUM_SIM_TRUTH_FLARE__BURDEN_FRACTION);
    if (sim_burden(l, i) > shrunk * sim_burden(l, p->origin)) return false;
    double before = fmax(1, sim_value(l, p->origin, SIM_UPTAKE));
    if (sim_value(l, i, SIM_UPTAKE) >= before * sim_number(p, BFL_NUM_SIM_TRUTH_FLARE__UPTAKE_RATIO)) return true;
    double since = fmax(0, p->at[i] - sim_number(p, BFL_NUM_SIM_TRUTH_FLARE__WINDOW_DAYS));
    return sim_hu(p, l, i) - sim_hu(p, l, sim_index(p, since)) >= sim_number(p, BFL_NUM_SIM_TRUTH_FLARE__DENSER_HU);
}

static void find_flare(const sim_person *p, const sim_lesion *l, bfl_truth_lesion *t) {
    for (size_t i = p->origin + 1; i < p->at_count && p->at[i] < t->progression_day; i++) {
        bool now = flares_at(p, l, i);
        if (now && t->flare_day == BFL_TRUTH_NEVER) t->flare_day = (int32_t)p->at[i];
        if (now || t->flare_day == BFL_TRUTH_NEVER) continue;
        t->flare_end_day = (int32_t)p->at[i];
        return;
    }
    if (t->flare_day != BFL_TRUTH_NEVER && t->progression_day != BFL_TRUTH_NEVER) t->flare_end_day = t->progression_day;
}

static bool hidden(const sim_person *p, const sim_lesion *l) {
    double visible = sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__VISIBLE_HU);
    return fabs(sim_hu(p, l, p->origin) - sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__NORMAL_HU)) < visible;
}

static bfl_truth_lesion truth_of(const sim_person *p, const sim_lesion *l) {
    bool bone = l->organ == BFL_ORGAN_BONE;
    bfl_truth_lesion t = {.id = l->id,
                          .organ = l->organ,
                          .matrix = l->matrix,
                          .latent = bone && hidden(p, l),
                          .flare_day = BFL_TRUTH_NEVER,
                          .flare_end_day = BFL_TRUTH_NEVER,
                          .regrowth_day = BFL_TRUTH_NEVER,
                          .progression_day = BFL_TRUTH_NEVER};
    find_progression(p, l, &t);
    if (bone) find_flare(p, l, &t);
    return t;
}

/* ---- the patient ---- */

static int32_t earlier(int32_t a, int32_t b) { return a < b ? a : b; }

static void sum_up(bfl_truth *t, const bfl_truth_lesion *l) {
    if (l->organ != BFL_ORGAN_BONE) {
        t->outside_day = earlier(t->outside_day, l->progression_day);
        return;
    }
    t->regrowth_day = earlier(t->regrowth_day, l->regrowth_day);
    t->progression_day = earlier(t->progression_day, l->progression_day);
    if (l->flare_day == BFL_TRUTH_NEVER) return;
    bool first = t->flare_day == BFL_TRUTH_NEVER;
    t->flare_end_day = first || l->flare_end_day > t->flare_end_day ? l->flare_end_day : t->flare_end_day;
    t->flare_day = earlier(t->flare_day, l->flare_day);
}

static bfl_truth_state state_on(const bfl_truth_lesion *l, int32_t day) {
    if (l->progression_day <= day) return BFL_TRUTH_PROGRESSION;
    return l->flare_day <= day && day < l->flare_end_day ? BFL_TRUTH_FLARE : BFL_TRUTH_NEITHER;
}

static bfl_truth_visit visit_on(bfl_arena *arena, const bfl_truth *t, int32_t day) {
    bfl_truth_visit v = {.day = day, .progression_outside = t->outside_day <= day};
    bfl_truth_state *states = BFL_NEW_ARRAY(arena, t->lesion_count, bfl_truth_state);
    for (size_t i = 0; i < t->lesion_count; i++) {
        states[i] = state_on(&t->lesions[i], day);
        if (t->lesions[i].organ == BFL_ORGAN_BONE && states[i] > v.bone) v.bone = states[i];
    }
    v.lesions = states;
    return v;
}

static void add_visits(bfl_arena *arena, const sim_person *p, bfl_truth *t, const sim_schedule *schedule) {
    bfl_truth_visit *visits = BFL_NEW_ARRAY(arena, schedule->count, bfl_truth_visit);
    for (size_t i = 1; i < schedule->count; i++)
        if (schedule->visits[i].imaging && schedule->visits[i].day <= p->end_day)
            visits[t->visit_count++] = visit_on(arena, t, schedule->visits[i].day);
    t->visits = visits;
}

static int32_t end_of(const sim_person *p, const bfl_truth *t) {
    int32_t after = bfl_rule_days(p->rulebook, BFL_NUM_SIM_VISIT_IMAGING__AFTER_PROGRESSION_DAYS);
    int32_t first = earlier(t->progression_day, t->outside_day);
    return first > p->days - after ? p->days : first + after;
}

void sim_truth(bfl_arena *arena, sim_person *p, const sim_schedule *schedule) {
    bfl_truth *t = BFL_NEW(arena, bfl_truth);
    bfl_truth_lesion *lesions = BFL_NEW_ARRAY(arena, p->lesion_count, bfl_truth_lesion);
    *t = (bfl_truth){.patient = bfl_arena_printf(arena, "%s-%06llu", p->class_id, (unsigned long long)p->number),
                     .class_id = p->class_id,
                     .world = p->world,
                     .scenario = p->scenario,
                     .responds = p->responds,
                     .flare_day = BFL_TRUTH_NEVER,
                     .flare_end_day = BFL_TRUTH_NEVER,
                     .regrowth_day = BFL_TRUTH_NEVER,
                     .progression_day = BFL_TRUTH_NEVER,
                     .outside_day = BFL_TRUTH_NEVER,
                     .liver_injury_day = p->liver_day,
                     .cholangitis_day = p->cholangitis_day,
                     .fracture_day = p->fracture_day,
                     .radiotherapy_day = p->radiotherapy_day,
                     .method_change_day = p->method_day,
                     .paget = p->paget,
                     .bone_agent = p->agent_day != BFL_TRUTH_NEVER,
                     .lesions = lesions,
                     .lesion_count = p->lesion_count};
    for (size_t i = 0; i < p->lesion_count; i++) {
        lesions[i] = truth_of(p, &p->lesions[i]);
        sum_up(t, &lesions[i]);
    }
    p->end_day = end_of(p, t);
    add_visits(arena, p, t, schedule);
    p->truth = t;
}
