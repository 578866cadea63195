/* SPDX-License-Identifier: Apache-2.0 */
/* Ellipsoids and tubes about where an adult has them. */
#include "image/vessels.h"

#include <stddef.h>

typedef enum side { LEFT, RIGHT, VEIN, LOWER_VEIN, SIDES } side;

static const struct chamber {
    side blood;
    float centre[3], radius[3];
} CHAMBERS[] = {
    {LEFT, {44, -30, -55}, {20, 22, 30}},
    {LEFT, {15, 5, -30}, {26, 15, 20}},
    {RIGHT, {8, -45, -55}, {24, 18, 28}},
    {RIGHT, {-15, -20, -45}, {17, 21, 26}},
};

/* A straight piece with round ends. */
static const struct tube {
    side blood;
    float from[3], to[3], radius;
} TUBES[] = {
    {LEFT, {8, -25, -20}, {4, -25, 45}, 14}, /* aorta: ascending, arch, descending */
    {LEFT, {4, -25, 45}, {14, 10, 60}, 13},
    {LEFT, {14, 10, 60}, {24, 42, 45}, 12},
    {LEFT, {24, 42, 45}, {24, 42, -400}, 12},
    {LEFT, {6, -10, 62}, {10, 0, 300}, 5}, /* to the head and the left arm */
    {LEFT, {16, 14, 62}, {26, 20, 300}, 4.5F},
    {RIGHT, {12, -42, -30}, {16, -14, 20}, 13}, /* to the lungs */
    {RIGHT, {16, -12, 20}, {-26, 5, 10}, 9},
    {RIGHT, {16, -12, 20}, {34, 5, 10}, 10},
    {VEIN, {-20, -14, -30}, {-20, -14, 62}, 9}, /* upper vena cava, the left innominate vein, and on to the neck */
    {VEIN, {-20, -14, 62}, {32, -42, 90}, 6.5F},
    {VEIN, {32, -42, 90}, {34, -44, 300}, 6.5F},
    {LOWER_VEIN, {-15, -12, -70}, {-12, 16, -130}, 11},
    {LOWER_VEIN, {-12, 16, -130}, {-14, 24, -400}, 11},
};

bfl_blood_hu bfl_blood_phase(float aorta_hu) {
    const float mixed_hu = 150, early = fminf(fmaxf((aorta_hu - mixed_hu) / 150, 0), 1);
    return (bfl_blood_hu){.left = aorta_hu,
                          .right = aorta_hu * (1 + early / 3),
                          .vein = aorta_hu + 900 * early,
                          .lower_vein = aorta_hu * (1 - early / 2),
                          .muscle = 45 + (aorta_hu - 45) / 5};
}

static float inside_chamber(const struct chamber *c, const float at[3]) {
    float square = 0, least = c->radius[0];
    for (size_t a = 0; a < 3; a++) {
        const float d = (at[a] - c->centre[a]) / c->radius[a];
        square += d * d;
        least = fminf(least, c->radius[a]);
    }
    return (1 - sqrtf(square)) * least;
}

static float inside_tube(const struct tube *t, const float at[3]) {
    float along = 0, length = 0, square = 0;
    for (size_t a = 0; a < 3; a++) {
        along += (at[a] - t->from[a]) * (t->to[a] - t->from[a]);
        length += (t->to[a] - t->from[a]) * (t->to[a] - t->from[a]);
    }
    const float share = fminf(fmaxf(along / length, 0), 1);
    for (size_t a = 0; a < 3; a++) {
        const float d = at[a] - t->from[a] - share * (t->to[a] - t->from[a]);
        square += d * d;
    }
    return t->radius - sqrtf(square);
}

/* Of each kind of blood what reaches farthest counts, so that pieces join without a seam. */
void bfl_vessels_paint(const float at[3], const bfl_blood_hu *blood, float *hu) {
    const float densities[SIDES] = {blood->left, blood->right, blood->vein, blood->lower_vein};
    float inside[SIDES];
    for (size_t s = 0; s < SIDES; s++) inside[s] = -INFINITY;
    for (size_t n = 0; n < sizeof CHAMBERS / sizeof *CHAMBERS; n++)
        inside[CHAMBERS[n].blood] = fmaxf(inside[CHAMBERS[n].blood], inside_chamber(&CHAMBERS[n], at));
    for (size_t n = 0; n < sizeof TUBES / sizeof *TUBES; n++)
        inside[TUBES[n].blood] = fmaxf(inside[TUBES[n].blood], inside_tube(&TUBES[n], at));
    for (size_t s = SIDES; s-- > 0;) bfl_blend(hu, densities[s], inside[s]);
}
