/* SPDX-License-Identifier: Apache-2.0 */
/* The liver and the normal skeleton: each enzyme follows its injury with a clearance of its own. Linear; the breaks are events. */
#include "sim/body.h"

typedef struct clearance {
    sim_serum state;
    bfl_number_index days, by_hepatitis, by_cholestasis;
} clearance;

static const clearance enzymes[] = {
    {SIM_ALT, BFL_NUM_SIM_SERUM_ALT__CLEARANCE_DAYS, BFL_NUM_SIM_SERUM_ALT__HEPATITIS_RATIO,
     BFL_NUM_SIM_SERUM_ALT__CHOLESTASIS_RATIO},
    {SIM_AST, BFL_NUM_SIM_SERUM_AST__CLEARANCE_DAYS, BFL_NUM_SIM_SERUM_AST__HEPATITIS_RATIO,
     BFL_NUM_SIM_SERUM_AST__CHOLESTASIS_RATIO},
    {SIM_GGT, BFL_NUM_SIM_SERUM_GGT__CLEARANCE_DAYS, BFL_NUM_SIM_SERUM_GGT__HEPATITIS_RATIO,
     BFL_NUM_SIM_SERUM_GGT__CHOLESTASIS_RATIO},
    {SIM_BILIRUBIN, BFL_NUM_SIM_SERUM_BIL__CLEARANCE_DAYS, BFL_NUM_SIM_SERUM_BIL__HEPATITIS_RATIO,
     BFL_NUM_SIM_SERUM_BIL__CHOLESTASIS_RATIO},
    {SIM_LIVER_ALP, BFL_NUM_SIM_SERUM_LIVER_ALP__CLEARANCE_DAYS, BFL_NUM_SIM_SERUM_LIVER_ALP__HEPATITIS_RATIO,
     BFL_NUM_SIM_SERUM_LIVER_ALP__CHOLESTASIS_RATIO},
};
static const size_t enzyme_count = sizeof enzymes / sizeof *enzymes;

void sim_serum_slope(const void *serum, double t, const double *x, double *slope) {
    const sim_site *s = serum;
    const sim_person *p = s->person;
    (void)t;
    slope[SIM_HEPATITIS] = -x[SIM_HEPATITIS] / sim_number(p, BFL_NUM_SIM_EVENT_LIVER__RECOVERY_DAYS);
    slope[SIM_CHOLESTASIS] = -x[SIM_CHOLESTASIS] / sim_number(p, BFL_NUM_SIM_EVENT_CHOLANGITIS__RECOVERY_DAYS);
    slope[SIM_FRACTURE] = -x[SIM_FRACTURE] / sim_number(p, BFL_NUM_SIM_EVENT_FRACTURE__HEALING_DAYS);
    slope[SIM_TURNOVER] = (1 - s->inhibition + x[SIM_FRACTURE] - x[SIM_TURNOVER]) /
                          sim_number(p, BFL_NUM_SIM_BONE_SKELETON__TURNOVER_DAYS);
    for (size_t i = 0; i < enzyme_count; i++) {
        const clearance *e = &enzymes[i];
        double steady = 1 + sim_number(p, e->by_hepatitis) * x[SIM_HEPATITIS] +
                        sim_number(p, e->by_cholestasis) * x[SIM_CHOLESTASIS];
        slope[e->state] = (steady - x[e->state]) / sim_number(p, e->days);
    }
}

void sim_serum_jacobian(const void *serum, double t, const double *x, double *jacobian, double *by_time) {
    const sim_site *s = serum;
    const sim_person *p = s->person;
    const size_t n = SIM_SERUM_STATES;
    double turnover = sim_number(p, BFL_NUM_SIM_BONE_SKELETON__TURNOVER_DAYS);
    (void)t;
    (void)x;
    (void)by_time;
    jacobian[SIM_HEPATITIS * n + SIM_HEPATITIS] = -1 / sim_number(p, BFL_NUM_SIM_EVENT_LIVER__RECOVERY_DAYS);
    jacobian[SIM_CHOLESTASIS * n + SIM_CHOLESTASIS] = -1 / sim_number(p, BFL_NUM_SIM_EVENT_CHOLANGITIS__RECOVERY_DAYS);
    jacobian[SIM_FRACTURE * n + SIM_FRACTURE] = -1 / sim_number(p, BFL_NUM_SIM_EVENT_FRACTURE__HEALING_DAYS);
    jacobian[SIM_TURNOVER * n + SIM_FRACTURE] = 1 / turnover;
    jacobian[SIM_TURNOVER * n + SIM_TURNOVER] = -1 / turnover;
    for (size_t i = 0; i < enzyme_count; i++) {
        double days = sim_number(p, enzymes[i].days), *row = &jacobian[enzymes[i].state * n];
        row[SIM_HEPATITIS] = sim_number(p, enzymes[i].by_hepatitis) / days;
        row[SIM_CHOLESTASIS] = sim_number(p, enzymes[i].by_cholestasis) / days;
        row[enzymes[i].state] = -1 / days;
    }
}
