/* SPDX-License-Identifier: Apache-2.0 */
/* One simulated patient: drawn, solved, judged, written down. */
#include "sim/body.h"

#include <string.h>

static const char class_prefix[] = "sim.class.";

/* ---- words ---- */

#define WORD(name, word) word,
static const char *const worlds[] = {BFL_SIM_WORLDS(WORD)};
static const char *const scenarios[] = {BFL_SIM_SCENARIOS(WORD)};
static const char *const states[] = {BFL_TRUTH_STATES(WORD)};

const char *bfl_sim_world_word(bfl_sim_world world) { return world < BFL_SIM_WORLD_COUNT ? worlds[world] : ""; }
const char *bfl_sim_scenario_word(bfl_sim_scenario scenario) {
    return scenario < BFL_SIM_SCENARIO_COUNT ? scenarios[scenario] : "";
}
const char *bfl_truth_state_word(bfl_truth_state state) { return state < BFL_TRUTH_STATE_COUNT ? states[state] : ""; }

static bool find_word(const char *const *words, size_t count, const char *word, size_t *out) {
    for (size_t i = 0; word && i < count; i++) {
        if (strcmp(words[i], word) != 0) continue;
        *out = i;
        return true;
    }
    return false;
}

bool bfl_sim_world_of(const char *word, bfl_sim_world *out) {
    size_t i;
    if (!find_word(worlds, BFL_SIM_WORLD_COUNT, word, &i)) return false;
    *out = (bfl_sim_world)i;
    return true;
}

bool bfl_sim_scenario_of(const char *word, bfl_sim_scenario *out) {
    size_t i;
    if (!find_word(scenarios, BFL_SIM_SCENARIO_COUNT, word, &i)) return false;
    *out = (bfl_sim_scenario)i;
    return true;
}

/* ---- classes ---- */

static const bfl_rule *class_at(const bfl_rulebook *rulebook, size_t index) {
    for (size_t i = 0; i < bfl_rulebook_count(rulebook); i++) {
        const bfl_rule *rule = bfl_rulebook_at(rulebook, i);
        if (bfl_text_starts(bfl_text_of(rule->id), BFL_TEXT(class_prefix)) && index-- == 0) return rule;
    }
    return NULL;
}

const char *bfl_sim_class(const bfl_rulebook *rulebook, size_t index) {
    const bfl_rule *rule = class_at(rulebook, index);
    return rule ? rule->id + strlen(class_prefix) : NULL;
}

/* A class drawn by the share of each. */
static const bfl_rule *draw_class(const sim_person *p) {
    bfl_random r = bfl_random_stream(p->seed, p->number, SIM_FOR_CLASS);
    double total = 0;
    const bfl_rule *rule;
    for (size_t i = 0; (rule = class_at(p->rulebook, i)); i++)
        total += bfl_decimal_double(bfl_rule_value(rule, "share_weight").value);
    double left = total * bfl_random_uniform(&r);
    for (size_t i = 0; (rule = class_at(p->rulebook, i)); i++) {
        left -= bfl_decimal_double(bfl_rule_value(rule, "share_weight").value);
        if (left <= 0) return rule;
    }
    return class_at(p->rulebook, 0);
}

/* ---- options ---- */

bfl_status sim_begin(sim_person *p, const bfl_rulebook *rulebook, const bfl_sim_options *o, uint64_t number,
                     bfl_error *err) {
    static const bfl_sim_options none = {.struct_size = sizeof none};
    if (!rulebook) return bfl_fail(err, BFL_EINVAL, "rulebook", 0, "must not be NULL");
    if (!o) o = &none;
    if (o->struct_size != sizeof *o)
        return bfl_fail(err, BFL_EINVAL, "options", 0, "struct_size is not that of this library");
    if (o->world >= BFL_SIM_WORLD_COUNT || o->scenario >= BFL_SIM_SCENARIO_COUNT)
        return bfl_fail(err, BFL_EINVAL, "options", 0, "there is no such world or scenario");
    *p = (sim_person){
        .rulebook = rulebook, .world = o->world, .scenario = o->scenario, .seed = o->seed, .number = number};
    int32_t weeks_max = bfl_rule_days(rulebook, BFL_NUM_SIM_MODEL_PERSON__VISIT_MAX_WEEKS),
            days_max = bfl_rule_days(rulebook, BFL_NUM_SIM_MODEL_PERSON__FOLLOW_UP_MAX_DAYS);
    if (o->visit_weeks < 0 || o->visit_weeks > weeks_max)
        return bfl_fail(err, BFL_EINVAL, "visit_weeks", 0, "%d weeks: it takes 1 to %d", (int)o->visit_weeks,
                        (int)weeks_max);
    if (o->days < 0 || o->days > days_max)
        return bfl_fail(err, BFL_EINVAL, "days", 0, "%d days: it takes 1 to %d", (int)o->days, (int)days_max);
    p->class_rule = o->class_id ? bfl_rule_named(rulebook, class_prefix, o->class_id) : draw_class(p);
    if (!p->class_rule)
        return bfl_fail(err, BFL_ENOTFOUND, "class_id", 0, "there is no class '%s' to simulate", o->class_id);
    p->class_id = p->class_rule->id + strlen(class_prefix);
    p->visit_weeks = o->visit_weeks ? o->visit_weeks : (int32_t)sim_of_class(p, "visit_weeks");
    p->days = o->days ? o->days : bfl_rule_days(rulebook, BFL_NUM_SIM_MODEL_PERSON__FOLLOW_UP_DAYS);
    return BFL_OK;
}

/* ---- one attempt at a person ---- */

bfl_status sim_live(bfl_arena *arena, sim_person *p, sim_schedule *schedule, bfl_error *err) {
    sim_draw(arena, p);
    *schedule = sim_visits(arena, p);
    sim_days(arena, p, schedule);
    bfl_status status = sim_solve(arena, p, err);
    if (!status) sim_truth(arena, p, schedule);
    return status;
}

static bool fits(const sim_person *p) {
    int32_t window = bfl_rule_days(p->rulebook, BFL_NUM_SIM_MODEL_SCENARIO__WINDOW_DAYS);
    const bfl_truth *t = p->truth;
    if (p->scenario == BFL_SIM_FLARE) return t->flare_day <= window && t->flare_day < t->progression_day;
    if (p->scenario == BFL_SIM_PROGRESSION) return t->progression_day <= window && t->flare_day == BFL_TRUTH_NEVER;
    return true;
}

static void write_down(bfl_arena *arena, const sim_person *p, const sim_schedule *schedule, bfl_simulated *out) {
    bfl_builder *b = bfl_record_begin(arena, p->truth->patient);
    bfl_record_set_day0(b, sim_on(0));
    sim_write_clinic(arena, b, p, schedule);
    sim_write_images(arena, b, p, schedule);
    sim_write_labs(arena, b, p, schedule);
    out->record = bfl_record_seal(arena, b, NULL);
    out->truth = p->truth;
}

bfl_status bfl_sim_make(bfl_arena *arena, const bfl_rulebook *rulebook, const bfl_sim_options *options, uint64_t number,
                        bfl_simulated *out, bfl_error *err) {
    sim_person person;
    bfl_status status = sim_begin(&person, rulebook, options, number, err);
    if (status) return status;
    uint64_t attempts = (uint64_t)bfl_rule_days(rulebook, BFL_NUM_SIM_MODEL_SCENARIO__ATTEMPTS_COUNT);
    for (uint64_t i = 0; i < attempts; i++) {
        sim_person p = person;
        sim_schedule schedule;
        bfl_arena_mark here = bfl_arena_here(arena);
        p.item = number * attempts + i;
        status = sim_live(arena, &p, &schedule, err);
        if (status) return status;
        if (!fits(&p)) {
            bfl_arena_back(arena, here);
            continue;
        }
        write_down(arena, &p, &schedule, out);
        return BFL_OK;
    }
    return bfl_fail(err, BFL_ELIMIT, "scenario", 0, "none of %llu patients shows %s", (unsigned long long)attempts,
                    bfl_sim_scenario_word(person.scenario));
}

/* ---- the public face ---- */

typedef struct request {
    const bfl_rulebook *rulebook;
    const bfl_sim_options *options;
    uint64_t number;
    bfl_simulated *made;
} request;

static bfl_status make(bfl_arena *arena, void *context, bfl_error *err) {
    request *q = context;
    bfl_simulated *made = BFL_NEW(arena, bfl_simulated);
    bfl_status status = bfl_sim_make(arena, q->rulebook, q->options, q->number, made, err);
    made->arena = arena;
    if (!status) q->made = made;
    return status;
}

bfl_status bfl_simulate_patient(const bfl_rulebook *rulebook, const bfl_sim_options *options, uint64_t number,
                                bfl_simulated **out, bfl_error *err) {
    request q = {rulebook, options, number, NULL};
    if (!out) return bfl_fail(err, BFL_EINVAL, "out", 0, "must not be NULL");
    bfl_status status = bfl_arena_build(make, &q, err);
    if (!status) *out = q.made;
    return status;
}

const bfl_record *bfl_simulated_record(const bfl_simulated *simulated) { return simulated->record; }
const bfl_truth *bfl_simulated_truth(const bfl_simulated *simulated) { return simulated->truth; }
void bfl_simulated_free(bfl_simulated *simulated) {
    if (simulated) bfl_arena_free(simulated->arena);
}
