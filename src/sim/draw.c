/* SPDX-License-Identifier: Apache-2.0 */
/* One person's parameters, drawn around those of the population; the same draw whatever is asked of other persons. */
#include "sim/body.h"

#include <math.h>

double sim_number(const sim_person *p, bfl_number_index index) { return bfl_rule_double(p->rulebook, index); }

double sim_of_class(const sim_person *p, const char *key) {
    bfl_maybe value = bfl_rule_value(p->class_rule, key);
    return value.present ? bfl_decimal_double(value.value) : 0;
}

const char *sim_words_of_class(const sim_person *p, const char *key) {
    const bfl_parameter *words = bfl_rule_parameter(p->class_rule, key);
    return words ? words->text : "";
}

bfl_random sim_stream(const sim_person *p, sim_purpose purpose) {
    return bfl_random_stream(p->seed, p->item, (uint32_t)purpose);
}

/* ---- the population of the held-back world: every parameter below is shifted once, for everybody, by a draw that no user's seed
 * touches ---- */

typedef enum shift {
    SHIFT_KILL,
    SHIFT_GROWTH,
    SHIFT_RESISTANT,
    SHIFT_REFRACTORY,
    SHIFT_SPACE,
    SHIFT_REPAIR,
    SHIFT_CLASTIC,
    SHIFT_BLASTIC,
    SHIFT_ALP,
    SHIFT_TURNOVER,
    SHIFT_MATURATION,
    SHIFT_FILL,
    SHIFT_VISIBLE,
    SHIFT_LATENT,
    SHIFT_LATE,
    SHIFT_EVENTS,
    SHIFT_COUNT
} shift;

static double shifted(const sim_person *p, shift which) {
    if (p->world != BFL_SIM_HELD_BACK) return 1;
    bfl_random r = bfl_random_stream(0, (uint64_t)which, SIM_FOR_WORLD);
    return bfl_random_lognormal(&r, 1, sim_number(p, BFL_NUM_SIM_WORLD_HELD_BACK__LOG_SD));
}

/* ---- biology ---- */

static double spread(const sim_person *p, bfl_random *r, bfl_number_index median, bfl_number_index log_sd) {
    return bfl_random_lognormal(r, sim_number(p, median), sim_number(p, log_sd));
}

static void draw_biology(sim_person *p, bfl_random *r) {
    sim_biology *b = &p->biology;
    b->wrong = p->world == BFL_SIM_WRONG;
    b->osteoclast_days = sim_number(p, BFL_NUM_SIM_BONE_CELLS__OSTEOCLAST_DAYS);
    b->precursor_days = sim_number(p, BFL_NUM_SIM_BONE_CELLS__PRECURSOR_DAYS);
    b->osteoblast_days = sim_number(p, BFL_NUM_SIM_BONE_CELLS__OSTEOBLAST_DAYS) * shifted(p, SHIFT_MATURATION);
    b->half_block_fraction = sim_number(p, BFL_NUM_SIM_BONE_CELLS__HALF_BLOCK_FRACTION);
    b->coupling_ratio = sim_number(p, BFL_NUM_SIM_BONE_CELLS__COUPLING_RATIO);
    b->uptake_days = sim_number(p, BFL_NUM_SIM_BONE_UPTAKE__FOLLOW_DAYS);
    b->alp_days = sim_number(p, BFL_NUM_SIM_BONE_ALP__CLEARANCE_DAYS);
    b->calcium_days = sim_number(p, BFL_NUM_SIM_BONE_CALCIUM__CLEARANCE_DAYS);
    b->fill_days = sim_number(p, BFL_NUM_SIM_BONE_REPAIR__FILL_DAYS) * shifted(p, SHIFT_FILL);
    b->turnover_days = sim_number(p, BFL_NUM_SIM_BONE_MINERAL__TURNOVER_DAYS) * shifted(p, SHIFT_TURNOVER);
    b->mineral_max_ratio = sim_number(p, BFL_NUM_SIM_BONE_MINERAL__MOST_RATIO);
    b->repair_ratio = sim_number(p, BFL_NUM_SIM_BONE_REPAIR__PRECURSOR_RATIO) * shifted(p, SHIFT_REPAIR);
    b->space_ratio = spread(p, r, BFL_NUM_SIM_BONE_REPAIR__SPACE_RATIO, BFL_NUM_SIM_BONE_REPAIR__LOG_SD) *
                     sim_of_class(p, "repair_ratio") * shifted(p, SHIFT_SPACE);
    b->alp_u_l = spread(p, r, BFL_NUM_SIM_BONE_ALP__LESION_U_L, BFL_NUM_SIM_BONE_ALP__LOG_SD) * shifted(p, SHIFT_ALP);
    b->calcium_mg_dl = sim_number(p, BFL_NUM_SIM_BONE_CALCIUM__LESION_MG_DL);
    b->suppression_ratio = sim_of_class(p, "osteoblast_suppression_fraction");
    if (!b->wrong) return;
    b->maturation_ratio = sim_number(p, BFL_NUM_SIM_WORLD_WRONG__MATURATION_POWER_RATIO);
    b->conversion = 1 / sim_number(p, BFL_NUM_SIM_WORLD_WRONG__CONVERSION_DAYS);
}

static void draw_serum(sim_person *p, bfl_random *r) {
    p->alp_bone = spread(p, r, BFL_NUM_SIM_SERUM_BONE_ALP__USUAL_U_L, BFL_NUM_SIM_SERUM_BONE_ALP__LOG_SD);
    p->alp_liver = spread(p, r, BFL_NUM_SIM_SERUM_LIVER_ALP__USUAL_U_L, BFL_NUM_SIM_SERUM_LIVER_ALP__LOG_SD);
    p->alt = spread(p, r, BFL_NUM_SIM_SERUM_ALT__USUAL_U_L, BFL_NUM_SIM_SERUM_ALT__LOG_SD);
    p->ast = spread(p, r, BFL_NUM_SIM_SERUM_AST__USUAL_U_L, BFL_NUM_SIM_SERUM_AST__LOG_SD);
    p->ggt = spread(p, r, BFL_NUM_SIM_SERUM_GGT__USUAL_U_L, BFL_NUM_SIM_SERUM_GGT__LOG_SD);
    p->bilirubin = spread(p, r, BFL_NUM_SIM_SERUM_BIL__USUAL_MG_DL, BFL_NUM_SIM_SERUM_BIL__LOG_SD);
    p->calcium = spread(p, r, BFL_NUM_SIM_SERUM_CA__USUAL_MG_DL, BFL_NUM_SIM_SERUM_CA__LOG_SD);
    p->marker = spread(p, r, BFL_NUM_SIM_SERUM_MARKER__BURDEN_RATIO, BFL_NUM_SIM_SERUM_MARKER__LOG_SD);
}

/* ---- the drug ---- */

typedef struct tumour {
    double growth, kill, resistant; /* of the person; a lesion has its own around them */
} tumour;

static tumour draw_drug(sim_person *p, bfl_random *r) {
    tumour t;
    double doubling = bfl_random_lognormal(r, sim_of_class(p, "doubling_days"), sim_of_class(p, "growth_log_sd"));
    double halving = bfl_random_lognormal(r, sim_of_class(p, "halving_days"), sim_of_class(p, "kill_log_sd"));
    bool refractory = bfl_random_chance(r, sim_of_class(p, "refractory_fraction") * shifted(p, SHIFT_REFRACTORY));
    t.growth = log(2) / doubling * shifted(p, SHIFT_GROWTH);
    t.kill = (log(2) / halving + t.growth) * shifted(p, SHIFT_KILL);
    if (refractory) t.kill = t.growth * sim_number(p, BFL_NUM_SIM_MODEL_DRUG__REFRACTORY_KILL_RATIO);
    t.resistant = bfl_random_lognormal(r, sim_of_class(p, "resistant_fraction"), sim_of_class(p, "resistant_log_sd")) *
                  shifted(p, SHIFT_RESISTANT);
    if (p->biology.wrong) t.growth *= sim_number(p, BFL_NUM_SIM_WORLD_WRONG__GROWTH_RATIO);
    p->responds = t.kill > t.growth;
    p->cycle_days = sim_of_class(p, "cycle_days");
    p->cycles = p->cycle_days > 0 ? (size_t)sim_of_class(p, "cycles_count") : 0;
    p->effect_days = sim_of_class(p, "effect_days");
    p->maintenance = sim_of_class(p, "maintenance_fraction");
    p->onset_days = sim_of_class(p, "onset_days");
    return t;
}

/* ---- lesions ---- */

static const char *const bone_sites[] = {"T5",
                                         "L3",
                                         "left iliac bone",
                                         "T8",
                                         "right 6th rib",
                                         "sacrum",
                                         "L1",
                                         "sternum",
                                         "left 4th rib",
                                         "T11",
                                         "right ischium",
                                         "L5",
                                         "left femur",
                                         "C7",
                                         "right scapula",
                                         "T2",
                                         "right humerus",
                                         "L2",
                                         "left clavicle",
                                         "T7",
                                         "right 9th rib",
                                         "left pubis",
                                         "C4",
                                         "L4"};
static const char *const soft_sites[] = {"right upper lobe", "liver segment VII", "mediastinal node", "left adrenal"};
static const bfl_organ soft_organs[] = {BFL_ORGAN_LUNG, BFL_ORGAN_LIVER, BFL_ORGAN_NODE, BFL_ORGAN_ADRENAL};
static const size_t bone_site_count = sizeof bone_sites / sizeof *bone_sites;
static const size_t soft_site_count = sizeof soft_sites / sizeof *soft_sites;

/* 0 when the kind has no such number: a lesion outside bone has no cells of bone, and only it has a size. */
static double of_kind(const bfl_rule *kind, const char *key) {
    return bfl_decimal_double(bfl_rule_value(kind, key).value);
}

static double spread_kind(const bfl_rule *kind, const char *key, bfl_random *r) {
    return bfl_random_lognormal(r, of_kind(kind, key), of_kind(kind, "log_sd"));
}

/* A lesion of a kind "lytic", "blastic", "mixed", "marrow", "late" or "soft". */
static void draw_lesion(sim_person *p, sim_lesion *l, const char *name, const tumour *t, bfl_random *r) {
    const bfl_rule *kind = bfl_rule_named(p->rulebook, "sim.lesion.", name);
    double own = sim_number(p, BFL_NUM_SIM_MODEL_DRUG__LESION_LOG_SD);
    l->burden =
        fmin(spread_kind(kind, "burden_fraction", r), sim_number(p, BFL_NUM_SIM_LESION_LIMITS__BURDEN_MAX_FRACTION));
    l->age_days = fmax(spread_kind(kind, "age_days", r), sim_number(p, BFL_NUM_SIM_LESION_LIMITS__AGE_MIN_DAYS));
    l->clastic = spread_kind(kind, "osteoclast_ratio", r) * shifted(p, SHIFT_CLASTIC);
    l->blastic = spread_kind(kind, "precursor_ratio", r) * shifted(p, SHIFT_BLASTIC);
    l->block = of_kind(kind, "block_fraction");
    l->weight = spread_kind(kind, "weight_ratio", r);
    l->size_mm = spread_kind(kind, "size_mm", r);
    l->growth = bfl_random_lognormal(r, t->growth, own);
    l->kill = bfl_random_lognormal(r, t->kill, own);
    double apart = bfl_decimal_double(bfl_rule_value(kind, "resistant_ratio").value), /* 0 when the kind has none */
        resistant = apart > 0 ? t->resistant * apart : t->resistant;
    l->resistant =
        fmin(bfl_random_lognormal(r, resistant, sim_number(p, BFL_NUM_SIM_MODEL_DRUG__RESISTANT_LESION_LOG_SD)),
             sim_number(p, BFL_NUM_SIM_LESION_LIMITS__RESISTANT_MAX_FRACTION));
    l->survives = 1;
}

static const char *draw_matrix(const sim_person *p, sim_lesion *l, bfl_random *r) {
    double u = bfl_random_uniform(r), lytic = sim_of_class(p, "lytic_fraction");
    l->matrix = u < lytic ? BFL_MATRIX_LYTIC : BFL_MATRIX_MIXED;
    if (u > lytic + sim_of_class(p, "mixed_fraction")) l->matrix = BFL_MATRIX_BLASTIC;
    return bfl_matrix_word(l->matrix);
}

/* A whole number around a mean, more spread than Poisson's: some people have many. */
static size_t draw_count(const sim_person *p, double mean, bfl_random *r) {
    double shape = sim_number(p, BFL_NUM_SIM_LESION_LIMITS__COUNT_SHAPE_RATIO);
    return mean > 0 ? bfl_random_poisson(r, bfl_random_gamma(r, shape, mean / shape)) : 0;
}

typedef struct counts {
    size_t soft, visible, latent, late;
} counts;

static counts draw_counts(const sim_person *p, bfl_random *r) {
    counts n = {.visible = draw_count(p, sim_of_class(p, "visible_count") * shifted(p, SHIFT_VISIBLE), r),
                .latent = draw_count(p, sim_of_class(p, "latent_count") * shifted(p, SHIFT_LATENT), r),
                .late = draw_count(p, sim_of_class(p, "late_count") * shifted(p, SHIFT_LATE), r)};
    size_t outside = 1 + bfl_random_below(r, (uint32_t)soft_site_count);
    n.soft = bfl_random_chance(r, sim_of_class(p, "bone_only_fraction")) ? 0 : outside;
    if (n.visible == 0) n.visible = 1;
    if (n.visible > bone_site_count) n.visible = bone_site_count;
    if (n.visible + n.latent > bone_site_count) n.latent = bone_site_count - n.visible;
    if (n.visible + n.latent + n.late > bone_site_count) n.late = bone_site_count - n.visible - n.latent;
    return n;
}

/* The first n of the bone sites in an order of the person's own. */
static void draw_sites(bfl_random *r, size_t *order) {
    for (size_t i = 0; i < bone_site_count; i++) {
        size_t k = bfl_random_below(r, (uint32_t)i + 1);
        order[i] = order[k];
        order[k] = i;
    }
}

static void draw_bone_lesion(sim_person *p, sim_lesion *l, size_t i, const counts *n, const tumour *t, bfl_random *r) {
    const char *kind = "late";
    l->organ = BFL_ORGAN_BONE;
    l->matrix = BFL_MATRIX_MARROW;
    l->late = i >= n->visible + n->latent;
    if (i < n->visible)
        kind = draw_matrix(p, l, r);
    else if (!l->late)
        kind = "marrow";
    draw_lesion(p, l, kind, t, r);
    if (l->late) l->resistant = 1;
}

static void draw_lesions(bfl_arena *arena, sim_person *p, const tumour *t, bfl_random *r) {
    counts n = draw_counts(p, r);
    size_t bones = n.visible + n.latent + n.late, order[sizeof bone_sites / sizeof *bone_sites];
    p->lesion_count = n.soft + bones;
    p->lesions = BFL_NEW_ARRAY(arena, p->lesion_count, sim_lesion);
    draw_sites(r, order);
    for (size_t i = 0; i < n.soft; i++) {
        sim_lesion *l = &p->lesions[i];
        *l = (sim_lesion){.organ = soft_organs[i], .site = soft_sites[i], .matrix = BFL_MATRIX_SOFT};
        l->id = bfl_arena_printf(arena, "S%zu", i + 1);
        draw_lesion(p, l, "soft", t, r);
    }
    for (size_t i = 0; i < bones; i++) {
        sim_lesion *l = &p->lesions[n.soft + i];
        l->id = bfl_arena_printf(arena, "B%zu", i + 1);
        l->site = bone_sites[order[i]];
        draw_bone_lesion(p, l, i, &n, t, r);
    }
}

/* ---- events ---- */

/* A day with the frequency of its rule, or for certain in its own scenario. */
static int32_t draw_event(const sim_person *p, bfl_random *r, bfl_sim_scenario certain, double frequency,
                          const char *rule) {
    const bfl_rule *event = bfl_rule_named(p->rulebook, "sim.event.", rule);
    bool happens = bfl_random_chance(r, frequency * shifted(p, SHIFT_EVENTS)) || p->scenario == certain;
    double day = bfl_random_gamma(r, of_kind(event, "onset_shape_ratio"),
                                  of_kind(event, "onset_days") / of_kind(event, "onset_shape_ratio"));
    return happens && day < p->days ? (int32_t)ceil(day) : BFL_TRUTH_NEVER;
}

static size_t draw_bone_index(const sim_person *p, bfl_random *r) {
    size_t first = 0;
    while (first < p->lesion_count && p->lesions[first].organ != BFL_ORGAN_BONE) first++;
    return first + bfl_random_below(r, (uint32_t)(p->lesion_count - first));
}

static void draw_events(sim_person *p, bfl_random *r) {
    p->liver_day = draw_event(p, r, BFL_SIM_LIVER, sim_of_class(p, "liver_injury_fraction"), "liver");
    p->liver_size = spread(p, r, BFL_NUM_SIM_EVENT_LIVER__SIZE_RATIO, BFL_NUM_SIM_EVENT_LIVER__LOG_SD);
    p->cholangitis_day = draw_event(p, r, BFL_SIM_CHOLANGITIS, sim_of_class(p, "cholangitis_fraction"), "cholangitis");
    p->cholangitis_size =
        spread(p, r, BFL_NUM_SIM_EVENT_CHOLANGITIS__SIZE_RATIO, BFL_NUM_SIM_EVENT_CHOLANGITIS__LOG_SD);
    p->fracture_day =
        draw_event(p, r, BFL_SIM_FRACTURE, sim_number(p, BFL_NUM_SIM_EVENT_FRACTURE__FRACTION), "fracture");
    p->fracture_lesion = draw_bone_index(p, r);
    p->radiotherapy_day =
        draw_event(p, r, BFL_SIM_RADIOTHERAPY, sim_number(p, BFL_NUM_SIM_EVENT_RADIOTHERAPY__FRACTION), "radiotherapy");
    p->radiotherapy_lesion = draw_bone_index(p, r);
    if (p->radiotherapy_day != BFL_TRUTH_NEVER)
        p->lesions[p->radiotherapy_lesion].survives = sim_number(p, BFL_NUM_SIM_EVENT_RADIOTHERAPY__SURVIVES_FRACTION);
    p->agent_day =
        draw_event(p, r, BFL_SIM_BONE_AGENT, sim_number(p, BFL_NUM_SIM_EVENT_BONE_AGENT__FRACTION), "bone_agent");
    p->agent_effect = sim_number(p, BFL_NUM_SIM_EVENT_BONE_AGENT__INHIBITION_FRACTION);
    p->method_day =
        draw_event(p, r, BFL_SIM_METHOD_CHANGE, sim_number(p, BFL_NUM_SIM_EVENT_METHOD__FRACTION), "method");
    p->paget = bfl_random_chance(r, sim_number(p, BFL_NUM_SIM_EVENT_PAGET__FRACTION)) || p->scenario == BFL_SIM_PAGET;
    p->paget_ratio =
        p->paget ? spread(p, r, BFL_NUM_SIM_EVENT_PAGET__TURNOVER_RATIO, BFL_NUM_SIM_EVENT_PAGET__LOG_SD) : 0;
}

void sim_draw(bfl_arena *arena, sim_person *p) {
    bfl_random body = sim_stream(p, SIM_FOR_BODY), events = sim_stream(p, SIM_FOR_EVENTS);
    draw_biology(p, &body);
    draw_serum(p, &body);
    tumour t = draw_drug(p, &body);
    draw_lesions(arena, p, &t, &body);
    draw_events(p, &events);
}
