/* SPDX-License-Identifier: Apache-2.0 */
/* What a simulated patient is made of: the parameters of one person, and their course in time. Inside the room only. */
#ifndef BFL_SIM_BODY_H
#define BFL_SIM_BODY_H

#include "num/num.h"
#include "sim/sim.h"

/* Each purpose has its own stream of random numbers, so that one more number drawn here changes nothing there. */
typedef enum sim_purpose {
    SIM_FOR_WORLD,
    SIM_FOR_CLASS,
    SIM_FOR_BODY,
    SIM_FOR_EVENTS,
    SIM_FOR_VISITS,
    SIM_FOR_IMAGES,
    SIM_FOR_LABS,
    SIM_FOR_CLINIC,
    SIM_FOR_ANCHORS,
    SIM_PURPOSE_COUNT
} sim_purpose;

/* A tumour below this has no living cell; keeps its logarithm finite. */
#define SIM_NO_TUMOUR 1e-12 // lint: a floor of the arithmetic, not of the clinic

/* The states of a bone lesion. Normal bone: SENSITIVE = RESISTANT = SPACE = ALP = CALCIUM = 0, the others 1. */
typedef enum sim_state {
    SIM_SENSITIVE, /* living tumour that the drug kills, as a fraction of what the site can hold; the solver has its logarithm */
    SIM_RESISTANT,  /* living tumour that it does not kill */
    SIM_SPACE,      /* room left by tumour that died, not yet filled by bone */
    SIM_OSTEOCLAST, /* activity, x normal */
    SIM_PRECURSOR,  /* of osteoblasts, x normal */
    SIM_OSTEOBLAST, /* mature, x normal */
    SIM_MINERAL,    /* x normal */
    SIM_UPTAKE,     /* of tracer, x normal: of bone laid down and not yet mature */
    SIM_ALP,        /* bone ALP of the lesion in the serum, U/L above that of normal bone */
    SIM_CALCIUM,    /* calcium of the lesion in the serum, mg/dL above normal */
    SIM_BONE_STATES,
    SIM_SOFT_STATES = SIM_SPACE /* a lesion outside bone has the first two only */
} sim_state;

/* The states of the patient's serum, apart from what bone lesions add. */
typedef enum sim_serum {
    SIM_HEPATITIS,   /* injury of liver cells */
    SIM_CHOLESTASIS, /* injury of bile ducts */
    SIM_FRACTURE,    /* healing of a fracture, x the turnover of the whole skeleton */
    SIM_TURNOVER,    /* of the normal skeleton, x normal */
    SIM_ALT,         /* this and the following: x the person's own usual value */
    SIM_AST,
    SIM_GGT,
    SIM_BILIRUBIN,
    SIM_LIVER_ALP,
    SIM_SERUM_STATES
} sim_serum;

/* How far the drug acts: level + (start - level) * exp(-(t - from) / days) until the next break. */
typedef struct sim_exposure {
    double from, start, level, days;
} sim_exposure;

/* Constants of bone that all lesions of a person share. */
typedef struct sim_biology {
    bool wrong; /* the other kinetics */
    double osteoclast_days, precursor_days, osteoblast_days, uptake_days, alp_days, calcium_days, fill_days,
        turnover_days;
    double half_block_fraction; /* tumour that blocks maturation by half */
    double coupling_ratio, repair_ratio, space_ratio, mineral_max_ratio, suppression_ratio;
    double alp_u_l, calcium_mg_dl;       /* of one lesion of weight 1 */
    double maturation_ratio, conversion; /* of the other kinetics */
} sim_biology;

typedef struct sim_lesion {
    const char *id, *site;
    bfl_organ organ;
    bfl_matrix matrix;
    bool late;           /* seeded by the resistant clone: nothing to see for long */
    double burden;       /* on day 0 */
    double resistant;    /* part of it */
    double age_days;     /* before day 0 */
    double growth, kill; /* a day */
    double clastic, block,
        blastic;     /* what tumour does: stimulates osteoclasts, blocks maturation, stimulates precursors */
    double weight;   /* share in serum; 1 is usual */
    double size_mm;  /* on day 0 */
    double survives; /* part that survives radiotherapy; 1 = not irradiated */
    double *course;  /* course[s * states + i] at the days of the person */
    size_t states;
} sim_lesion;

typedef struct sim_person {
    const bfl_rulebook *rulebook;
    const bfl_rule *class_rule;
    const char *class_id;
    bfl_sim_world world;
    bfl_sim_scenario scenario;
    uint64_t seed, number, item; /* item: the number and the attempt */
    int32_t days, visit_weeks;
    bool responds;
    /* the drug */
    double cycle_days, effect_days, maintenance, onset_days;
    size_t cycles;
    /* events, BFL_TRUTH_NEVER when there are none */
    int32_t liver_day, cholangitis_day, fracture_day, radiotherapy_day, agent_day, method_day;
    size_t radiotherapy_lesion, fracture_lesion;
    bool paget;
    double liver_size, cholangitis_size, paget_ratio, agent_effect;
    sim_biology biology;
    sim_lesion *lesions;
    size_t lesion_count;
    double alp_bone, alp_liver, alt, ast, ggt, bilirubin, calcium, marker; /* usual values */
    double *serum;                                                         /* serum[s * SIM_SERUM_STATES + i] */
    /* days of the course, ascending: each day of `grid` and of the visits */
    double *at;
    size_t at_count, origin; /* at[origin] is day 0 */
    int32_t end_day;         /* of what is written down: some time after progression */
    bfl_truth *truth;
} sim_person;

/* ---- parameters (draw.c) ---- */

double sim_number(const sim_person *p, bfl_number_index index);
/* A number of the class. */
double sim_of_class(const sim_person *p, const char *key);
const char *sim_words_of_class(const sim_person *p, const char *key);
bfl_random sim_stream(const sim_person *p, sim_purpose purpose);
/* Everything about the person but the course. */
void sim_draw(bfl_arena *arena, sim_person *p);

/* ---- course (bone.c, serum.c, solve.c) ---- */

typedef struct sim_site {
    const sim_person *person;
    const sim_lesion *lesion;
    sim_exposure exposure;
    double inhibition; /* of osteoclasts, by a bone agent */
} sim_site;

double sim_exposure_at(const sim_exposure *e, double t, double *by_time);
void sim_bone_slope(const void *site, double t, const double *x, double *slope);
void sim_bone_jacobian(const void *site, double t, const double *x, double *jacobian, double *by_time);
void sim_soft_slope(const void *site, double t, const double *x, double *slope);
void sim_soft_jacobian(const void *site, double t, const double *x, double *jacobian, double *by_time);
void sim_serum_slope(const void *serum, double t, const double *x, double *slope);
void sim_serum_jacobian(const void *serum, double t, const double *x, double *jacobian, double *by_time);

/* Solves all lesions and the serum at the days p->at. BFL_ELIMIT when an equation cannot be solved. */
BFL_MUST_USE bfl_status sim_solve(bfl_arena *arena, sim_person *p, bfl_error *err);

/* Index of a day in p->at, which holds it. */
size_t sim_index(const sim_person *p, double day);
double sim_burden(const sim_lesion *l, size_t at);
double sim_value(const sim_lesion *l, size_t at, sim_state state);

/* ---- what is true, and what is written down (truth.c, visit.c, image.c, lab.c, clinic.c) ---- */

typedef struct sim_visit {
    int32_t day;
    bool imaging; /* else only blood is drawn */
} sim_visit;

typedef struct sim_schedule {
    sim_visit *visits; /* the first is the baseline; those that were missed are left out */
    size_t count;
} sim_schedule;

sim_schedule sim_visits(bfl_arena *arena, const sim_person *p);
/* The days at which courses are wanted: every week, every visit, day 0. */
void sim_days(bfl_arena *arena, sim_person *p, const sim_schedule *schedule);
/* Sets p->truth and p->end_day. */
void sim_truth(bfl_arena *arena, sim_person *p, const sim_schedule *schedule);

/* True density of a bone lesion on CT, and what serum holds in all. */
double sim_hu(const sim_person *p, const sim_lesion *l, size_t at);
double sim_alp(const sim_person *p, size_t at);
double sim_bone_alp(const sim_person *p, size_t at);
double sim_calcium(const sim_person *p, size_t at);
double sim_osteoblasts(const sim_person *p, size_t at);
double sim_total_burden(const sim_person *p, size_t at);
/* An error of a measurement with this standard deviation; with heavy tails in the wrong world. */
double sim_error(const sim_person *p, bfl_random *r, double sd);

void sim_write_images(bfl_arena *arena, bfl_builder *b, const sim_person *p, const sim_schedule *schedule);
void sim_write_labs(bfl_arena *arena, bfl_builder *b, const sim_person *p, const sim_schedule *schedule);
void sim_write_clinic(bfl_arena *arena, bfl_builder *b, const sim_person *p, const sim_schedule *schedule);

/* ---- the whole (simulate.c) ---- */

/* Checks the options and sets what they say; the item is still to be set. */
BFL_MUST_USE bfl_status sim_begin(sim_person *p, const bfl_rulebook *rulebook, const bfl_sim_options *options,
                                  uint64_t number, bfl_error *err);
/* Draws, plans, solves, judges. */
BFL_MUST_USE bfl_status sim_live(bfl_arena *arena, sim_person *p, sim_schedule *schedule, bfl_error *err);

static inline bfl_date sim_on(int32_t day) { return (bfl_date){day, day, BFL_DATE_RELATIVE}; }

#endif
