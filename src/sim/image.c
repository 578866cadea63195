/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What readers write: sizes with reader and slice error, density and uptake as they look, changes since the study before. A reader
 * calls a lesion new when it is first seen; whether it was there all along only the truth knows.
 */
#include "sim/body.h"

#include <math.h>

/* What the reader remembers of a lesion from one study to the next. */
typedef struct memory {
    bool on_ct, on_scan;
    double hu, burden; /* at the last study on which it was written down; before the first one, at the last study */
    double uptake, least;
    bfl_matrix matrix; /* when it was first seen */
    bfl_role role;
} memory;

typedef struct reading {
    bfl_arena *arena;
    bfl_builder *builder;
    const sim_person *p;
    bfl_random random;
    memory *of; /* each lesion */
    bool measures_hu, scans;
    double slice_mm;
} reading;

double sim_error(const sim_person *p, bfl_random *r, double sd) {
    if (!p->biology.wrong) return sd * bfl_random_normal(r);
    return sd * sim_number(p, BFL_NUM_SIM_WORLD_WRONG__NOISE_RATIO) *
           bfl_random_t(r, sim_number(p, BFL_NUM_SIM_WORLD_WRONG__NOISE_TAIL_COUNT));
}

static double number(const reading *g, bfl_number_index index) { return sim_number(g->p, index); }
static bool chance(reading *g, bfl_number_index index) { return bfl_random_chance(&g->random, number(g, index)); }

static bfl_lesion *add_row(const reading *g, const sim_lesion *l, int32_t day, bfl_modality modality) {
    bfl_lesion *row = bfl_record_add_lesion(g->builder, sim_on(day));
    row->id = l->id;
    row->site = l->site;
    row->organ = l->organ;
    row->modality = modality;
    row->state = BFL_LESION_PRESENT;
    return row;
}

/* ---- outside bone ---- */

static double true_size(const reading *g, const sim_lesion *l, size_t at) {
    double scar = number(g, BFL_NUM_SIM_IMAGE_SIZE__SCAR_FRACTION) * l->burden;
    return l->size_mm * cbrt((sim_burden(l, at) + scar) / (l->burden + scar));
}

static void read_soft(reading *g, const sim_lesion *l, memory *m, int32_t day, size_t at) {
    double size = true_size(g, l, at);
    double mm = size * exp(sim_error(g->p, &g->random, number(g, BFL_NUM_SIM_IMAGE_SIZE__READER_LOG_SD))) +
                sim_error(g->p, &g->random, number(g, BFL_NUM_SIM_IMAGE_SIZE__SLICE_FRACTION) * g->slice_mm);
    bool node = l->organ == BFL_ORGAN_NODE;
    double least =
        node ? number(g, BFL_NUM_SIM_IMAGE_SIZE__NODE_TARGET_MM) : number(g, BFL_NUM_SIM_IMAGE_SIZE__TARGET_MM);
    bfl_lesion *row = add_row(g, l, day, BFL_MODALITY_CT);
    row->matrix = BFL_MATRIX_SOFT;
    row->slice_mm = bfl_some(bfl_decimal_from_double(g->slice_mm, 0));
    if (!m->on_ct) m->role = mm >= least ? BFL_ROLE_TARGET : BFL_ROLE_NON_TARGET;
    m->on_ct = true;
    row->role = m->role;
    bfl_maybe size_mm = bfl_some(bfl_decimal_from_double(fmax(mm, 1), 0));
    if (mm < number(g, BFL_NUM_SIM_IMAGE_SIZE__GONE_MM))
        row->state = BFL_LESION_ABSENT;
    else if (mm < number(g, BFL_NUM_SIM_IMAGE_SIZE__SMALL_MM))
        row->state = BFL_LESION_TOO_SMALL;
    else if (m->role == BFL_ROLE_TARGET) {
        row->state = BFL_LESION_MEASURED;
        row->longest_mm = node ? (bfl_maybe){{0, 0}, false} : size_mm;
        row->short_mm = node ? size_mm : (bfl_maybe){{0, 0}, false};
    }
}

/* ---- bone on CT ---- */

/* Words for what changed since the last study of the lesion. */
static unsigned changes_on_ct(const reading *g, const sim_lesion *l, const memory *m, double hu, double burden) {
    double step = number(g, BFL_NUM_SIM_IMAGE_DENSITY__READER_STEP_HU), more = hu - m->hu;
    bool grew = burden >= fmax(m->burden * number(g, BFL_NUM_SIM_IMAGE_CHANGE__LARGER_RATIO),
                               number(g, BFL_NUM_SIM_IMAGE_CHANGE__LARGER_MIN_FRACTION));
    bool lytic = m->matrix == BFL_MATRIX_LYTIC;
    unsigned changes = more >= step ? BFL_CHANGE_DENSER : -more >= step ? BFL_CHANGE_LESS_DENSE : BFL_CHANGE_NONE;
    if (lytic && more >= step && hu > number(g, BFL_NUM_SIM_IMAGE_DENSITY__NORMAL_HU)) changes |= BFL_CHANGE_SCLEROSED;
    if (lytic && -more >= step && grew) changes |= BFL_CHANGE_LYTIC_GROWTH;
    /* A margin of new bone makes a healing lesion look larger. */
    if (grew || more >= 2 * step) changes |= BFL_CHANGE_LARGER;
    bool mass = burden >= number(g, BFL_NUM_SIM_IMAGE_CHANGE__SOFT_MASS_FRACTION);
    if (grew && mass && l->matrix == BFL_MATRIX_LYTIC) changes |= BFL_CHANGE_SOFT_MASS;
    return changes ? changes : BFL_CHANGE_STABLE;
}

static bfl_matrix matrix_seen(const reading *g, const sim_lesion *l, double hu) {
    double normal = number(g, BFL_NUM_SIM_IMAGE_DENSITY__NORMAL_HU);
    if (l->matrix == BFL_MATRIX_MIXED) return BFL_MATRIX_MIXED;
    return hu > normal ? BFL_MATRIX_BLASTIC : BFL_MATRIX_LYTIC;
}

static double from_normal(const reading *g, double hu) {
    return fabs(hu - number(g, BFL_NUM_SIM_IMAGE_DENSITY__NORMAL_HU));
}

/* What readers write of a lesion that has changed sides: a lytic one that is sclerotic now. */
static bfl_matrix matrix_now(const reading *g, const sim_lesion *l, const memory *m, double hu) {
    bool plain = from_normal(g, hu) >= number(g, BFL_NUM_SIM_IMAGE_DENSITY__VISIBLE_HU);
    return plain ? matrix_seen(g, l, hu) : m->matrix;
}

/* Who finds a lesion looks for it on the study before and knows where: what stood out there is not called new. */
static bool there_before(reading *g, const memory *m) {
    bool compares = chance(g, BFL_NUM_SIM_IMAGE_CHANGE__COMPARED_FRACTION);
    return compares && from_normal(g, m->hu) >= number(g, BFL_NUM_SIM_IMAGE_DENSITY__READER_STEP_HU);
}

/* Seen for the first time; true when it is a new lesion, or the baseline. */
static bool finds(reading *g, const sim_lesion *l, memory *m, bool baseline, double hu, double burden) {
    bool known = !baseline && there_before(g, m);
    m->on_ct = true;
    m->matrix = matrix_seen(g, l, known ? m->hu : hu);
    m->role = baseline || m->on_scan || known ? BFL_ROLE_NON_TARGET : BFL_ROLE_NEW;
    m->least = known ? m->burden : burden;
    return !known;
}

static void follow(const reading *g, const sim_lesion *l, const memory *m, double hu, double burden, bool unsure,
                   bfl_lesion *row) {
    row->changes = changes_on_ct(g, l, m, hu, burden);
    bool worse = (row->changes & (BFL_CHANGE_LARGER | BFL_CHANGE_LYTIC_GROWTH)) != 0;
    if (worse && burden >= m->least * number(g, BFL_NUM_SIM_IMAGE_CHANGE__PROGRESSED_RATIO) && !unsure)
        row->state = BFL_LESION_PROGRESSED;
}

static void read_bone(reading *g, const sim_lesion *l, memory *m, int32_t day, size_t at) {
    double hu = sim_hu(g->p, l, at) + sim_error(g->p, &g->random, number(g, BFL_NUM_SIM_IMAGE_DENSITY__READER_HU));
    double burden = sim_burden(l, at);
    bool overlooked = chance(g, BFL_NUM_SIM_IMAGE_CHANGE__OVERLOOKED_FRACTION);
    bool unsure = chance(g, BFL_NUM_SIM_IMAGE_CHANGE__EQUIVOCAL_FRACTION);
    bool seen = !overlooked && (m->on_ct || from_normal(g, hu) >= number(g, BFL_NUM_SIM_IMAGE_DENSITY__VISIBLE_HU));
    if (seen) {
        bfl_lesion *row = add_row(g, l, day, BFL_MODALITY_CT);
        bool first = !m->on_ct && finds(g, l, m, day < 0, hu, burden);
        if (!first) follow(g, l, m, hu, burden, unsure, row);
        if (first && m->role == BFL_ROLE_NEW && unsure) row->state = BFL_LESION_EQUIVOCAL;
        row->matrix = matrix_now(g, l, m, hu);
        row->role = m->role;
        row->slice_mm = bfl_some(bfl_decimal_from_double(g->slice_mm, 0));
        if (g->measures_hu) row->hu_mean = bfl_some(bfl_decimal_from_double(hu, 0));
        m->least = fmin(m->least, burden);
    }
    if (seen || !m->on_ct) m->hu = hu, m->burden = burden;
}

/* ---- bone scan and baseline PET ---- */

static bfl_uptake uptake_seen(const reading *g, double uptake) {
    if (uptake < number(g, BFL_NUM_SIM_IMAGE_UPTAKE__SEEN_RATIO)) return BFL_UPTAKE_ABSENT;
    if (uptake < number(g, BFL_NUM_SIM_IMAGE_UPTAKE__MODERATE_RATIO)) return BFL_UPTAKE_LOW;
    return uptake < number(g, BFL_NUM_SIM_IMAGE_UPTAKE__HIGH_RATIO) ? BFL_UPTAKE_MODERATE : BFL_UPTAKE_HIGH;
}

static void read_scan(reading *g, const sim_lesion *l, memory *m, int32_t day, size_t at) {
    double uptake = fmax(0, sim_value(l, at, SIM_UPTAKE)) *
                    exp(sim_error(g->p, &g->random, number(g, BFL_NUM_SIM_IMAGE_UPTAKE__READER_LOG_SD)));
    double step = number(g, BFL_NUM_SIM_IMAGE_UPTAKE__CHANGE_RATIO);
    if (!m->on_scan && uptake < number(g, BFL_NUM_SIM_IMAGE_UPTAKE__SEEN_RATIO)) return;
    bfl_lesion *row = add_row(g, l, day, BFL_MODALITY_BONE_SCAN);
    row->role = m->on_ct ? m->role : BFL_ROLE_NON_TARGET;
    row->uptake = uptake_seen(g, uptake);
    if (!m->on_scan && !m->on_ct && day >= 0) row->role = m->role = BFL_ROLE_NEW;
    if (m->on_scan && uptake >= m->uptake * step) row->changes = BFL_CHANGE_UPTAKE_UP;
    if (m->on_scan && uptake * step <= m->uptake) row->changes = BFL_CHANGE_UPTAKE_DOWN;
    m->on_scan = true;
    m->uptake = uptake;
}

/* PET before therapy sees tumour, also where CT shows nothing; its foci have ids of their own and name the site. */
static void read_pet(reading *g, const sim_lesion *l, int32_t day, size_t at) {
    if (sim_burden(l, at) < number(g, BFL_NUM_SIM_IMAGE_PET__SEEN_FRACTION)) return;
    bfl_lesion *row = add_row(g, l, day, BFL_MODALITY_FDG_PET);
    row->id = bfl_arena_printf(g->arena, "P%s", l->id);
    row->role = BFL_ROLE_NON_TARGET;
    row->matrix = BFL_MATRIX_MARROW;
    row->uptake = BFL_UPTAKE_HIGH;
}

/* ---- studies ---- */

static void read_study(reading *g, int32_t day, bool scan, bool pet) {
    size_t at = sim_index(g->p, day);
    for (size_t i = 0; i < g->p->lesion_count; i++) {
        const sim_lesion *l = &g->p->lesions[i];
        if (l->organ != BFL_ORGAN_BONE) {
            read_soft(g, l, &g->of[i], day, at);
            continue;
        }
        if (scan) read_scan(g, l, &g->of[i], day, at);
        if (pet) read_pet(g, l, day, at);
        read_bone(g, l, &g->of[i], day, at);
    }
}

void sim_write_images(bfl_arena *arena, bfl_builder *b, const sim_person *p, const sim_schedule *schedule) {
    reading g = {.arena = arena, .builder = b, .p = p, .random = sim_stream(p, SIM_FOR_IMAGES)};
    g.of = BFL_NEW_ARRAY(arena, p->lesion_count, memory);
    g.measures_hu = chance(&g, BFL_NUM_SIM_IMAGE_DENSITY__MEASURED_FRACTION);
    g.scans = chance(&g, BFL_NUM_SIM_IMAGE_UPTAKE__SCANNED_FRACTION);
    g.slice_mm = number(&g, BFL_NUM_SIM_IMAGE_SIZE__SLICE_MM);
    bool pet = chance(&g, BFL_NUM_SIM_IMAGE_PET__BASELINE_FRACTION), scan = g.scans;
    for (size_t i = 0; i < schedule->count; i++) {
        const sim_visit *v = &schedule->visits[i];
        if (!v->imaging || v->day > p->end_day) continue;
        read_study(&g, v->day, scan, pet && v->day < 0);
        scan = g.scans && !(scan && v->day >= 0); /* at baseline and first follow-up, then at every other one */
    }
}
