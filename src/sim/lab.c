/* SPDX-License-Identifier: Apache-2.0 */
/* What the laboratory prints: values with analytical and biological variation, on the scale it uses at the time. */
#include "sim/body.h"

#include <math.h>

typedef struct laboratory {
    bfl_arena *arena;
    bfl_builder *builder;
    const sim_person *p;
    bfl_random random;
    bool bone_markers;
} laboratory;

/* Analytical and within-subject variation together, on the log scale. */
static double variation(const sim_person *p, const char *analyte) {
    const bfl_rule *rule = bfl_rule_named(p->rulebook, "marker.variation.", analyte);
    double a = bfl_decimal_double(bfl_rule_value(rule, "cv_analytical_percent").value) / 100,
           w = bfl_decimal_double(bfl_rule_value(rule, "cv_within_percent").value) / 100;
    return sqrt(log1p(a * a + w * w));
}

/* The parameter that begins so; the rest of its name is the unit. */
static bfl_maybe beginning(const bfl_rule *rule, const char *key) {
    for (size_t i = 0; i < rule->parameter_count; i++)
        if (rule->parameters[i].numeric && bfl_text_starts(bfl_text_of(rule->parameters[i].key), bfl_text_of(key)))
            return bfl_some(rule->parameters[i].number);
    return (bfl_maybe){{0, 0}, false};
}

/* The rule of the analyte says its unit, range and decimal places. */
static bfl_lab *print(laboratory *y, int32_t day, const char *analyte, double value) {
    const bfl_rule *rule = bfl_rule_named(y->p->rulebook, "sim.lab.", analyte);
    const bfl_parameter *unit = bfl_rule_parameter(rule, "unit"), *name = bfl_rule_parameter(rule, "analyte_id");
    int places = (int)bfl_decimal_double(bfl_rule_value(rule, "decimal_places").value);
    double noisy = value * exp(sim_error(y->p, &y->random, variation(y->p, analyte)));
    bfl_lab *row = bfl_record_add_lab(y->builder, sim_on(day));
    row->name = name->text;
    row->written = bfl_decimal_z(y->arena, bfl_decimal_from_double(noisy, places), places);
    row->unit_text = unit->text;
    row->ref_low = beginning(rule, "range_low_");
    row->ref_high = beginning(rule, "range_high_");
    return row;
}

/* Before the laboratory changes its method, and only in those whose laboratory does, ALP is printed on the JSCC scale. */
static void print_alp(laboratory *y, int32_t day, double value) {
    const sim_person *p = y->p;
    if (p->method_day == BFL_TRUTH_NEVER) {
        (void)print(y, day, "alp", value);
        return;
    }
    bool old = day < p->method_day;
    double factor = old ? 1 / sim_number(p, BFL_NUM_SIM_EVENT_METHOD__JSCC_TO_IFCC_FACTOR) : 1;
    bfl_lab *row = print(y, day, "alp", value * factor);
    row->method = old ? "JSCC" : "IFCC";
    row->ref_low = bfl_some(bfl_rule_number(p->rulebook, old ? BFL_NUM_SIM_EVENT_METHOD__JSCC_LOW_U_L
                                                             : BFL_NUM_SIM_EVENT_METHOD__IFCC_LOW_U_L));
    row->ref_high = bfl_some(bfl_rule_number(p->rulebook, old ? BFL_NUM_SIM_EVENT_METHOD__JSCC_HIGH_U_L
                                                              : BFL_NUM_SIM_EVENT_METHOD__IFCC_HIGH_U_L));
}

static void print_all(laboratory *y, int32_t day) {
    const sim_person *p = y->p;
    size_t at = sim_index(p, day);
    const double *serum = &p->serum[at * SIM_SERUM_STATES];
    const char *marker = sim_words_of_class(p, "marker");
    print_alp(y, day, sim_alp(p, at));
    (void)print(y, day, "ca", sim_calcium(p, at));
    (void)print(y, day, "alt", p->alt * serum[SIM_ALT]);
    (void)print(y, day, "ast", p->ast * serum[SIM_AST]);
    (void)print(y, day, "ggt", p->ggt * serum[SIM_GGT]);
    (void)print(y, day, "bil", p->bilirubin * serum[SIM_BILIRUBIN]);
    double usual = bfl_decimal_double(beginning(bfl_rule_named(p->rulebook, "sim.lab.", marker), "usual_").value);
    (void)print(y, day, marker, usual * (1 + p->marker * sim_total_burden(p, at)));
    if (!y->bone_markers) return;
    (void)print(y, day, "balp",
                sim_number(p, BFL_NUM_SIM_LAB_BALP__USUAL_UG_L) * sim_bone_alp(p, at) /
                    sim_number(p, BFL_NUM_SIM_SERUM_BONE_ALP__USUAL_U_L));
    (void)print(y, day, "oc", sim_number(p, BFL_NUM_SIM_LAB_OC__USUAL_NG_ML) * sim_osteoblasts(p, at));
}

void sim_write_labs(bfl_arena *arena, bfl_builder *b, const sim_person *p, const sim_schedule *schedule) {
    laboratory y = {.arena = arena, .builder = b, .p = p, .random = sim_stream(p, SIM_FOR_LABS)};
    y.bone_markers = bfl_random_chance(&y.random, sim_number(p, BFL_NUM_SIM_VISIT_BLOOD__BONE_MARKERS_FRACTION));
    for (size_t i = 0; i < schedule->count; i++)
        if (schedule->visits[i].day <= p->end_day) print_all(&y, schedule->visits[i].day);
}
