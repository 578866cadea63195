/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One lesion. Tumour takes room, stimulates osteoclasts, recruits precursors of osteoblasts and keeps them from maturing. Where
 * the drug kills it, room is left and the block falls away: precursors mature, osteoblasts fill the room with bone, alkaline
 * phosphatase and tracer uptake rise and fall again, and mineral stays. docs/simulator.md has the equations in the same order.
 */
#include "sim/body.h"

#include <math.h>

double sim_exposure_at(const sim_exposure *e, double t, double *by_time) {
    double fading = e->days > 0 ? exp(-(t - e->from) / e->days) : 0;
    double above = (e->start - e->level) * fading;
    if (by_time) *by_time = e->days > 0 ? -above / e->days : 0;
    return e->level + above;
}

/* Growth of a cell: logistic, or Gompertz's in the other kinetics; *by_burden its derivative. */
static double crowding(const sim_biology *b, double burden, double *by_burden) {
    if (!b->wrong) {
        *by_burden = -1;
        return 1 - burden;
    }
    double t = fmax(burden, SIM_NO_TUMOUR);
    *by_burden = -1 / t;
    return -log(t);
}

/* ---- tumour: the first two states, as logarithms, so that a trace of resistant cells stays one ---- */

typedef struct cells {
    double sensitive, resistant, all;
} cells;

static cells cells_of(const double *x) {
    cells c = {exp(x[SIM_SENSITIVE]), exp(x[SIM_RESISTANT]), 0};
    c.all = c.sensitive + c.resistant;
    return c;
}

static void tumour_slope(const sim_site *s, const cells *c, double exposure, double *slope) {
    double ignored, grows = s->lesion->growth * crowding(&s->person->biology, c->all, &ignored);
    double turning = s->person->biology.conversion;
    slope[SIM_SENSITIVE] = grows - s->lesion->kill * exposure - turning;
    slope[SIM_RESISTANT] = grows + (turning > 0 ? turning * c->sensitive / c->resistant : 0);
}

void sim_soft_slope(const void *site, double t, const double *x, double *slope) {
    const sim_site *s = site;
    cells c = cells_of(x);
    tumour_slope(s, &c, sim_exposure_at(&s->exposure, t, NULL), slope);
}

/* Fills the two rows of the tumour in a matrix of n columns. */
static void tumour_jacobian(const sim_site *s, const cells *c, double exposure_by_time, double *j, double *by_time,
                            size_t n) {
    double by_burden, turning = s->person->biology.conversion;
    (void)crowding(&s->person->biology, c->all, &by_burden);
    double turned = turning > 0 ? turning * c->sensitive / c->resistant : 0;
    double *sensitive = &j[SIM_SENSITIVE * n], *resistant = &j[SIM_RESISTANT * n];
    sensitive[SIM_SENSITIVE] = s->lesion->growth * by_burden * c->sensitive;
    sensitive[SIM_RESISTANT] = s->lesion->growth * by_burden * c->resistant;
    resistant[SIM_SENSITIVE] = sensitive[SIM_SENSITIVE] + turned;
    resistant[SIM_RESISTANT] = sensitive[SIM_RESISTANT] - turned;
    by_time[SIM_SENSITIVE] = -s->lesion->kill * exposure_by_time;
}

void sim_soft_jacobian(const void *site, double t, const double *x, double *jacobian, double *by_time) {
    const sim_site *s = site;
    cells c = cells_of(x);
    double changing;
    (void)sim_exposure_at(&s->exposure, t, &changing);
    tumour_jacobian(s, &c, changing, jacobian, by_time, SIM_SOFT_STATES);
}

/* ---- bone ---- */

/* What precursors and osteoblasts are driven by. */
typedef struct drive {
    cells tumour;
    double exposure, exposure_by_time; /* of the drug */
    double formed;                     /* mineral laid down at M, x normal */
    double room;                       /* share of the mineral that still fits, 1 in normal bone */
    double matures, by_precursor;      /* osteoblasts the precursors would become without a block */
    double block, by_burden;           /* what tumour and drug leave of it */
    double spared;                     /* by the drug */
} drive;

static drive drive_of(const sim_site *s, double t, const double *x) {
    const sim_biology *b = &s->person->biology;
    drive d = {.tumour = cells_of(x), .matures = x[SIM_PRECURSOR], .by_precursor = 1};
    double burden = d.tumour.all, half = b->half_block_fraction + burden;
    d.exposure = sim_exposure_at(&s->exposure, t, &d.exposure_by_time);
    d.room = (b->mineral_max_ratio - x[SIM_MINERAL]) / (b->mineral_max_ratio - 1);
    d.formed = x[SIM_OSTEOBLAST] * d.room;
    d.block = 1 - s->lesion->block * burden / half;
    d.by_burden = -s->lesion->block * b->half_block_fraction / (half * half);
    d.spared = 1 - b->suppression_ratio * d.exposure;
    if (b->wrong) {
        double p = fmax(x[SIM_PRECURSOR], SIM_NO_TUMOUR);
        d.matures = pow(p, b->maturation_ratio);
        d.by_precursor = b->maturation_ratio * d.matures / p;
    }
    return d;
}

void sim_bone_slope(const void *site, double t, const double *x, double *slope) {
    const sim_site *s = site;
    const sim_lesion *l = s->lesion;
    const sim_biology *b = &s->person->biology;
    drive d = drive_of(s, t, x);
    double burden = d.tumour.all, dies = l->kill * d.exposure * d.tumour.sensitive;
    double filled = x[SIM_SPACE] * (b->wrong ? 1 : x[SIM_OSTEOBLAST]) / b->fill_days;
    tumour_slope(s, &d.tumour, d.exposure, slope);
    slope[SIM_SPACE] = b->space_ratio * dies - filled;
    slope[SIM_OSTEOCLAST] = ((1 + l->clastic * burden) * (1 - s->inhibition) - x[SIM_OSTEOCLAST]) / b->osteoclast_days;
    slope[SIM_PRECURSOR] = (1 + b->coupling_ratio * (x[SIM_OSTEOCLAST] - 1) + l->blastic * burden +
                            b->repair_ratio * x[SIM_SPACE] - x[SIM_PRECURSOR]) /
                           b->precursor_days;
    slope[SIM_OSTEOBLAST] = (d.matures * d.block * d.spared - x[SIM_OSTEOBLAST]) / b->osteoblast_days;
    slope[SIM_MINERAL] = (d.formed - x[SIM_OSTEOCLAST] * x[SIM_MINERAL]) / b->turnover_days;
    slope[SIM_UPTAKE] = (x[SIM_OSTEOBLAST] - x[SIM_UPTAKE]) / b->uptake_days;
    slope[SIM_ALP] = (l->weight * b->alp_u_l * (x[SIM_OSTEOBLAST] - 1) - x[SIM_ALP]) / b->alp_days;
    slope[SIM_CALCIUM] =
        (l->weight * b->calcium_mg_dl * (x[SIM_OSTEOCLAST] * x[SIM_MINERAL] - d.formed) - x[SIM_CALCIUM]) /
        b->calcium_days;
}

/* A row's derivative by the burden, as those by the two logarithms. */
static void by_tumour(double *row, const cells *c, double by_burden) {
    row[SIM_SENSITIVE] = by_burden * c->sensitive;
    row[SIM_RESISTANT] = by_burden * c->resistant;
}

static void repair_jacobian(const sim_site *s, const double *x, const drive *d, double *j, double *by_time) {
    const sim_lesion *l = s->lesion;
    const sim_biology *b = &s->person->biology;
    double *space = &j[SIM_SPACE * SIM_BONE_STATES], *precursor = &j[SIM_PRECURSOR * SIM_BONE_STATES],
           *osteoblast = &j[SIM_OSTEOBLAST * SIM_BONE_STATES], *osteoclast = &j[SIM_OSTEOCLAST * SIM_BONE_STATES];
    space[SIM_SENSITIVE] = b->space_ratio * l->kill * d->exposure * d->tumour.sensitive;
    space[SIM_SPACE] = -(b->wrong ? 1 : x[SIM_OSTEOBLAST]) / b->fill_days;
    space[SIM_OSTEOBLAST] = b->wrong ? 0 : -x[SIM_SPACE] / b->fill_days;
    by_time[SIM_SPACE] = b->space_ratio * l->kill * d->exposure_by_time * d->tumour.sensitive;
    by_tumour(osteoclast, &d->tumour, l->clastic * (1 - s->inhibition) / b->osteoclast_days);
    osteoclast[SIM_OSTEOCLAST] = -1 / b->osteoclast_days;
    by_tumour(precursor, &d->tumour, l->blastic / b->precursor_days);
    precursor[SIM_SPACE] = b->repair_ratio / b->precursor_days;
    precursor[SIM_OSTEOCLAST] = b->coupling_ratio / b->precursor_days;
    precursor[SIM_PRECURSOR] = -1 / b->precursor_days;
    by_tumour(osteoblast, &d->tumour, d->matures * d->by_burden * d->spared / b->osteoblast_days);
    osteoblast[SIM_PRECURSOR] = d->by_precursor * d->block * d->spared / b->osteoblast_days;
    osteoblast[SIM_OSTEOBLAST] = -1 / b->osteoblast_days;
    by_time[SIM_OSTEOBLAST] = -d->matures * d->block * b->suppression_ratio * d->exposure_by_time / b->osteoblast_days;
}

void sim_bone_jacobian(const void *site, double t, const double *x, double *jacobian, double *by_time) {
    const sim_site *s = site;
    const sim_biology *b = &s->person->biology;
    drive d = drive_of(s, t, x);
    double *mineral = &jacobian[SIM_MINERAL * SIM_BONE_STATES], *alp = &jacobian[SIM_ALP * SIM_BONE_STATES],
           *uptake = &jacobian[SIM_UPTAKE * SIM_BONE_STATES], *calcium = &jacobian[SIM_CALCIUM * SIM_BONE_STATES];
    double formed_by_mineral = -x[SIM_OSTEOBLAST] / (b->mineral_max_ratio - 1);
    double flux = s->lesion->weight * b->calcium_mg_dl / b->calcium_days;
    tumour_jacobian(s, &d.tumour, d.exposure_by_time, jacobian, by_time, SIM_BONE_STATES);
    repair_jacobian(s, x, &d, jacobian, by_time);
    mineral[SIM_OSTEOCLAST] = -x[SIM_MINERAL] / b->turnover_days;
    mineral[SIM_OSTEOBLAST] = d.room / b->turnover_days;
    mineral[SIM_MINERAL] = (formed_by_mineral - x[SIM_OSTEOCLAST]) / b->turnover_days;
    uptake[SIM_OSTEOBLAST] = 1 / b->uptake_days;
    uptake[SIM_UPTAKE] = -1 / b->uptake_days;
    alp[SIM_OSTEOBLAST] = s->lesion->weight * b->alp_u_l / b->alp_days;
    alp[SIM_ALP] = -1 / b->alp_days;
    calcium[SIM_OSTEOCLAST] = flux * x[SIM_MINERAL];
    calcium[SIM_OSTEOBLAST] = -flux * d.room;
    calcium[SIM_MINERAL] = flux * (x[SIM_OSTEOCLAST] - formed_by_mineral);
    calcium[SIM_CALCIUM] = -1 / b->calcium_days;
}
