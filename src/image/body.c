/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A made-up chest as a function of place: trunk, lungs with vessels, heart, aorta, spine with canal and processes, ribs, sternum,
 * shoulder blades, the table below. Bone has a cortex and marrow with a texture. Sizes are those of an adult, drawn a little
 * larger or smaller by the seed. It is no anatomy: it has what registration and detection go by.
 */
#include "image/body.h"
#include "image/vessels.h"

#include "num/num.h"

#include <math.h>

enum { WAVES = 8, BODY_STREAM = 11 };
static const float CORTEX_MM = 1.3F, PITCH_MM = 24, STRETCH = 0.0008F, TAPER = 0.0012F;
static const float AIR_HU = -1000, FAT_HU = -100, MUSCLE_HU = 55, LUNG_HU = -860, BLOOD_HU = 45, DISC_HU = 75;
static const float CORTEX_HU = 650, MARROW_HU = 190, RIB_MARROW_HU = 130, TEXTURE_HU = 45;

typedef struct body {
    float centre[3];
    float scale, rib_slope, rib_shift;
    const bfl_blood_hu *blood; /* NULL: without contrast agent, and the vessels are not drawn */
    float vessel_hu;           /* in the lungs */
    float wave[WAVES][4];      /* direction times wave number, and phase */
} body;

static body draw_body(uint64_t seed, const bfl_grid *grid) {
    bfl_random r = bfl_random_stream(seed, 0, BODY_STREAM);
    body b = {.scale = (float)bfl_random_between(&r, 0.92, 1.06),
              .rib_slope = (float)bfl_random_between(&r, 0.25, 0.4),
              .rib_shift = (float)bfl_random_between(&r, -4, 4)};
    for (int a = 0; a < 3; a++) b.centre[a] = (float)((grid->size[a] - 1) * grid->spacing_mm[a] / 2);
    for (int w = 0; w < WAVES; w++) {
        for (int a = 0; a < 3; a++) b.wave[w][a] = (float)(bfl_random_normal(&r) * 0.45);
        b.wave[w][3] = (float)bfl_random_between(&r, 0, 6.28);
    }
    return b;
}

static float texture(const body *b, const float at[3]) {
    float sum = 0;
    for (int w = 0; w < WAVES; w++)
        sum += sinf(b->wave[w][0] * at[0] + b->wave[w][1] * at[1] + b->wave[w][2] * at[2] + b->wave[w][3]);
    return sum / 2; /* of standard deviation 1 */
}

static void blend_bone(const body *b, float *hu, float marrow_hu, float inside_mm, const float at[3]) {
    if (inside_mm < -BFL_FAR_MM) return;
    bfl_blend(hu, CORTEX_HU, inside_mm);
    if (inside_mm > CORTEX_MM - BFL_FAR_MM)
        bfl_blend(hu, marrow_hu + TEXTURE_HU * texture(b, at), inside_mm - CORTEX_MM);
}

static float least(float a, float b) { return fminf(a, b); }

/* A place within the chest: narrowed to the top, and which level of the spine it belongs to. */
typedef struct spot {
    float at[3];        /* from the body's centre */
    float x, y;         /* narrowed */
    float wall_mm;      /* inside the ribs' ring */
    float level, above; /* the nearest vertebra, and how far above its middle */
} spot;

static spot spot_of(const body *b, const float mm[3]) {
    spot s;
    for (int a = 0; a < 3; a++) s.at[a] = (mm[a] - b->centre[a]) / b->scale;
    const float narrow = 1 - TAPER * s.at[2], up = s.at[2] * (1 + STRETCH * s.at[2]);
    s.x = s.at[0] / narrow;
    s.y = s.at[1] / narrow;
    s.wall_mm = (1 - sqrtf(s.x * s.x / (135 * 135) + s.y * s.y / (90 * 90))) * 105;
    s.level = floorf(up / PITCH_MM + 0.5F);
    s.above = up - PITCH_MM * s.level;
    return s;
}

/* ---- soft parts ---- */

/* A vessel leaves the hilum in the middle of each cell of direction, and gets thinner. */
static float vessel_inside(const float from[3]) {
    const float cell = 0.33F, away = sqrtf(from[0] * from[0] + from[1] * from[1] + from[2] * from[2]) + 1e-3F;
    const float up = asinf(from[2] / away), around = atan2f(from[1], from[0]) * cosf(up);
    const float u = up / cell - floorf(up / cell + 0.5F), v = around / cell - floorf(around / cell + 0.5F);
    return 3.2F * expf(-away / 50) - hypotf(u, v) * cell * away;
}

static void paint_lungs(const body *b, const spot *s, float *hu) {
    const float beside = fabsf(s->x) - 24 - (s->x > 0 && s->y < 10 ? 14 : 0);
    const float spine = hypotf(s->x, s->y - 58) - 30, dome = s->at[2] + 105 - s->y * 0.3F - s->wall_mm * 0.25F;
    const float inside = least(least(s->wall_mm - 9, beside), least(least(spine, dome), 115 - s->at[2]));
    bfl_blend(hu, LUNG_HU + 12 * texture(b, s->at), inside);
    if (inside < 0) return;
    const float hilum = s->x > 0 ? 34 : -26;
    bfl_blend(hu, b->vessel_hu,
              least(inside - 2, vessel_inside((float[3]){s->at[0] - hilum, s->at[1] - 5, s->at[2] - 10})));
}

static void paint_soft(const body *b, const spot *s, float *hu) {
    const float round = sqrtf(s->x * s->x / (175 * 175) + s->y * s->y / (118 * 118)), inside = (1 - round) * 135;
    bfl_blend(hu, FAT_HU, inside);
    bfl_blend(hu, MUSCLE_HU, inside - 16);
    paint_lungs(b, s, hu);
    const float heart[3] = {(s->at[0] - 22) / 52, (s->at[1] + 25) / 45, (s->at[2] + 45) / 55};
    bfl_blend(hu, b->blood ? b->blood->muscle : BLOOD_HU,
              (1 - sqrtf(heart[0] * heart[0] + heart[1] * heart[1] + heart[2] * heart[2])) * 48);
    if (b->blood)
        bfl_vessels_paint(s->at, b->blood, hu);
    else
        bfl_blend(hu, BLOOD_HU, 12 - hypotf(s->at[0] - 24, s->at[1] - 42));
    bfl_blend(hu, MUSCLE_HU, least(2 - fabsf(s->at[1] - 135), 200 - fabsf(s->at[0]))); /* the table */
}

/* ---- bones ---- */

static void paint_vertebra(const body *b, const spot *s, float *hu) {
    const float x = s->at[0], y = s->at[1] - 60 - 8 * sinf(s->at[2] / 90), grown = 1 - 0.0008F * s->at[2];
    const float front = (1 - hypotf(x / (17 * grown), y / (13.5F * grown))) * 14, canal = hypotf(x, y - 22);
    bfl_blend(hu, DISC_HU, front);
    float inside = least(front, 9.3F - fabsf(s->above));
    inside = fmaxf(inside, least(least(canal - 8.5F, 13.5F - canal), 8 - fabsf(s->above)));
    const float spine = least(least(3.4F - fabsf(x), 5.5F - fabsf(s->above + 0.5F * (y - 33))), 13 - fabsf(y - 44));
    const float side =
        least(least(4 - fabsf(s->above), 4 - fabsf(y - 16 - 0.25F * fabsf(x))), 12 - fabsf(fabsf(x) - 22));
    inside = fmaxf(inside, fmaxf(spine, side));
    blend_bone(b, hu, MARROW_HU, inside, s->at);
    bfl_blend(hu, 25, 8 - canal);
}

static void paint_ribs(const body *b, const spot *s, float *hu) {
    if (s->at[2] > 125 || s->at[2] < -150 || s->wall_mm < -12 || s->wall_mm > 12) return;
    const float up = s->at[2] * (1 + STRETCH * s->at[2]) + b->rib_shift + b->rib_slope * (70 - s->y);
    const float above = up - PITCH_MM * floorf(up / PITCH_MM + 0.5F);
    const float inside = (1 - hypotf(s->wall_mm / 5, above / 6.5F)) * 5;
    if (s->y < -62)
        bfl_blend(hu, 110, inside); /* cartilage */
    else
        blend_bone(b, hu, RIB_MARROW_HU, inside, s->at);
}

static void paint_plates(const body *b, const spot *s, float *hu) {
    const float sternum =
        least(least(5.5F - fabsf(s->y + 90), 17 + 0.08F * s->at[2] - fabsf(s->x)), 85 - fabsf(s->at[2] - 15));
    blend_bone(b, hu, RIB_MARROW_HU, sternum, s->at);
    const float ring = s->wall_mm + 17, around = atan2f(fabsf(s->x), s->y);
    const float blade =
        least(least(2.4F - fabsf(ring), (0.38F - fabsf(around - 0.95F)) * 110), 62 - fabsf(s->at[2] - 58));
    blend_bone(b, hu, RIB_MARROW_HU, blade, s->at);
}

typedef struct body_job {
    const body *body;
    bfl_volume *out;
} body_job;

static void paint_slice(void *context, size_t k) {
    const body_job *job = context;
    const bfl_grid *g = &job->out->grid;
    size_t at = bfl_grid_index(g, 0, 0, (int32_t)k);
    for (int32_t j = 0; j < g->size[1]; j++)
        for (int32_t i = 0; i < g->size[0]; i++) {
            const float mm[3] = {(float)(i * g->spacing_mm[0]), (float)(j * g->spacing_mm[1]),
                                 (float)((double)k * g->spacing_mm[2])};
            const spot s = spot_of(job->body, mm);
            float hu = AIR_HU;
            paint_soft(job->body, &s, &hu);
            paint_plates(job->body, &s, &hu);
            paint_ribs(job->body, &s, &hu);
            if (fabsf(s.at[0]) < 45 && s.at[1] > 30 && s.at[1] < 140) paint_vertebra(job->body, &s, &hu);
            job->out->hu[at++] = (int16_t)lrintf(hu);
        }
}

static bfl_volume *make(bfl_arena *arena, uint32_t threads, const body *b, const bfl_grid *grid) {
    body_job job = {b, bfl_volume_new(arena, grid)};
    bfl_parallel(threads, (size_t)grid->size[2], paint_slice, &job);
    return job.out;
}

bfl_volume *bfl_body_phantom(bfl_arena *arena, uint32_t threads, uint64_t seed, const bfl_grid *grid) {
    body b = draw_body(seed, grid);
    b.vessel_hu = BLOOD_HU;
    return make(arena, threads, &b, grid);
}

bfl_volume *bfl_body_enhanced(bfl_arena *arena, uint32_t threads, uint64_t seed, const bfl_grid *grid, float aorta_hu) {
    const bfl_blood_hu blood = bfl_blood_phase(fmaxf(aorta_hu, BLOOD_HU));
    body b = draw_body(seed, grid);
    b.blood = &blood;
    b.vessel_hu = (blood.left + blood.right) / 2; /* arteries and veins are not told apart */
    return make(arena, threads, &b, grid);
}
