/* SPDX-License-Identifier: Apache-2.0 */
/* When somebody looks: planned visits, some late, some missed; blood in between. */
#include "sim/body.h"

#include <math.h>

typedef struct plan {
    BFL_LIST(sim_visit) visits;
} plan;

static void add(bfl_arena *arena, plan *v, double day, bool imaging, double last) {
    if (day > last) return;
    sim_visit *visit = BFL_PUSH(arena, &v->visits);
    *visit = (sim_visit){(int32_t)floor(day), imaging};
}

static int compare_visits(const void *a, const void *b, const void *context) {
    (void)context;
    const sim_visit *x = a, *y = b;
    return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : (int)y->imaging - (int)x->imaging;
}

/* Blood is drawn before each cycle, every four weeks on daily drugs, and in some early on. */
static void plan_blood(bfl_arena *arena, const sim_person *p, plan *v, bfl_random *r) {
    double every = p->cycles ? p->cycle_days : sim_number(p, BFL_NUM_SIM_VISIT_BLOOD__EVERY_DAYS), late;
    if (bfl_random_chance(r, sim_number(p, BFL_NUM_SIM_VISIT_BLOOD__EARLY_FRACTION)))
        add(arena, v, sim_number(p, BFL_NUM_SIM_VISIT_BLOOD__EARLY_DAYS), false, p->days);
    for (double day = every; day < p->days; day += every) {
        late = bfl_random_below(r, 2);
        if (!bfl_random_chance(r, sim_number(p, BFL_NUM_SIM_VISIT_BLOOD__MISSED_FRACTION)))
            add(arena, v, day + late, false, p->days);
    }
}

sim_schedule sim_visits(bfl_arena *arena, const sim_person *p) {
    plan v = {0};
    bfl_random r = sim_stream(p, SIM_FOR_VISITS);
    double before = sim_number(p, BFL_NUM_SIM_VISIT_IMAGING__BASELINE_DAYS),
           week = sim_number(p, BFL_NUM_SIM_VISIT_IMAGING__WEEK_DAYS);
    double scale = sim_number(p, BFL_NUM_SIM_VISIT_IMAGING__LATE_DAYS), every = week * p->visit_weeks;
    add(arena, &v, -1 - (double)bfl_random_below(&r, (uint32_t)before), true, 0);
    for (double day = every; day <= p->days; day += every) {
        double late = fmin(bfl_random_gamma(&r, 1, scale), every / 2);
        if (!bfl_random_chance(&r, sim_number(p, BFL_NUM_SIM_VISIT_IMAGING__MISSED_FRACTION)))
            add(arena, &v, day + late, true, p->days);
    }
    plan_blood(arena, p, &v, &r);
    bfl_sort(arena, v.visits.items, v.visits.count, sizeof *v.visits.items, compare_visits, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < v.visits.count; i++)
        if (kept == 0 || v.visits.items[kept - 1].day != v.visits.items[i].day)
            v.visits.items[kept++] = v.visits.items[i];
    return (sim_schedule){v.visits.items, kept};
}

void sim_days(bfl_arena *arena, sim_person *p, const sim_schedule *schedule) {
    double week = sim_number(p, BFL_NUM_SIM_VISIT_IMAGING__WEEK_DAYS), next = 0;
    size_t weeks = (size_t)ceil(p->days / week) + 1, v = 0;
    p->at = BFL_NEW_ARRAY(arena, weeks + schedule->count + 1, double);
    while (v < schedule->count || next <= p->days) {
        double visit = v < schedule->count ? schedule->visits[v].day : p->days + 1;
        double day = fmin(visit, next);
        if (visit <= day) v++;
        if (next <= day) next += week;
        if (day <= p->days) p->at[p->at_count++] = day;
    }
    p->origin = sim_index(p, 0);
}
