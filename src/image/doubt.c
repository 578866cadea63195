/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bone that slid makes two changes: less dense where it was, denser where it is. So what changed the other way beside a mark speaks
 * against it; and when one shift of what was before shows what is now, in the mark and around it, nothing need have changed at all.
 */
#include "image/doubt.h"

#include <math.h>
#include <string.h>

static const float NOISE_HU = 35, MOST_OPPOSED = 0.7F, SOME_OPPOSED = 0.1F, ASIDE_MM = 5, UNEXPLAINED = 0.75F,
                   ROBUST_HU = 300, LOWEST_HU = -150, HIGHEST_HU = 1300;
/* In voxels: how far around a mark the other way counts, how far a shift must explain, and how far things may have moved. */
enum { AROUND = 3, NEAR = 2, SHIFT = 5, SMALL = 110 };

/* The box of a mark and its surroundings, and what of it counts. */
typedef struct box {
    int32_t low[3], size[3];
    uint8_t *in; /* MARK, or RING or FAR around it */
    size_t *at;  /* voxels of the mark and the ring that are searched */
    size_t count;
} box;
enum { FAR = 1, RING = 2, MARK = 3 };

static void find_box(const bfl_change *c, box *b) {
    int32_t high[3] = {0, 0, 0}, at[3];
    for (int a = 0; a < 3; a++) b->low[a] = INT32_MAX;
    for (size_t n = 0; n < c->count; n++) {
        bfl_voxel_at(c->after->size, c->voxels[n], at);
        for (int a = 0; a < 3; a++) {
            if (at[a] < b->low[a]) b->low[a] = at[a];
            if (at[a] > high[a]) high[a] = at[a];
        }
    }
    for (int a = 0; a < 3; a++) {
        b->low[a] = b->low[a] > AROUND ? b->low[a] - AROUND : 0;
        if ((high[a] += AROUND) >= c->after->size[a]) high[a] = c->after->size[a] - 1;
        b->size[a] = high[a] - b->low[a] + 1;
    }
}

static void put(box *b, const int32_t at[3], uint8_t what) {
    size_t index = 0, stride = 1;
    for (int a = 0; a < 3; a++) {
        const int32_t inside = at[a] - b->low[a];
        if (inside < 0 || inside >= b->size[a]) return;
        index += (size_t)inside * stride;
        stride *= (size_t)b->size[a];
    }
    if (b->in[index] < what) b->in[index] = what;
}

static void surround(const bfl_change *c, box *b, size_t voxel) {
    int32_t at[3], d[3];
    bfl_voxel_at(c->after->size, voxel, at);
    put(b, at, MARK);
    for (d[2] = -AROUND; d[2] <= AROUND; d[2]++)
        for (d[1] = -AROUND; d[1] <= AROUND; d[1]++)
            for (d[0] = -AROUND; d[0] <= AROUND; d[0]++)
                put(b, (const int32_t[3]){at[0] + d[0], at[1] + d[1], at[2] + d[2]},
                    d[0] * d[0] + d[1] * d[1] + d[2] * d[2] <= NEAR * NEAR ? RING : FAR);
}

static box box_of(bfl_arena *arena, const bfl_change *c) {
    box b = {.count = 0};
    find_box(c, &b);
    const size_t all = (size_t)b.size[0] * (size_t)b.size[1] * (size_t)b.size[2];
    b.in = BFL_NEW_ARRAY(arena, all, uint8_t);
    b.at = BFL_NEW_ARRAY(arena, all, size_t);
    for (size_t n = 0; n < c->count; n++) surround(c, &b, c->voxels[n]);
    for (size_t n = 0; n < all; n++) {
        const size_t row = (size_t)b.size[0], slice = row * (size_t)b.size[1];
        const size_t v =
            bfl_image_index(c->after, b.low[0] + (int32_t)(n % row), b.low[1] + (int32_t)(n / row % (size_t)b.size[1]),
                            b.low[2] + (int32_t)(n / slice));
        if (!b.in[n] || !c->searched->in[v]) continue;
        b.in[b.count] = b.in[n]; /* beside its place in `at` */
        b.at[b.count++] = v;
    }
    return b;
}

/* What changed the other way around the mark, over what changed in it. A core within its rim does not speak against it: what counts lies
 * aside, as where a bone came from does. */
static float opposed(const bfl_change *c, const box *b) {
    float own = 0, other = 0, middle[2][3] = {{0}}, aside = 0;
    for (size_t n = 0; n < b->count; n++) {
        const float d = c->difference->value[b->at[n]] * (float)c->sign;
        const bool mark = b->in[n] == MARK;
        int32_t at[3];
        if (!mark && d > -NOISE_HU) continue;
        bfl_voxel_at(c->after->size, b->at[n], at);
        for (int a = 0; a < 3; a++) middle[mark][a] += fabsf(d) * (float)(at[a] - b->low[a]);
        if (mark)
            own += fabsf(d);
        else
            other -= d;
    }
    if (!(own > 0 && other > 0)) return 0;
    for (int a = 0; a < 3; a++) {
        const float apart = (middle[0][a] / other - middle[1][a] / own) * c->after->spacing_mm[a];
        aside += apart * apart;
    }
    return other / own * fminf(1, sqrtf(aside) / ASIDE_MM);
}

static float held(float hu) { return fminf(fmaxf(hu, LOWEST_HU), HIGHEST_HU); }

/* How differently both look when what was before is shifted; large differences count up to a bound. */
static double cost_of(const bfl_change *c, const box *b, const int32_t by[3]) {
    const float bound = ROBUST_HU * ROBUST_HU;
    double cost = 0;
    for (size_t n = 0; n < b->count; n++) {
        int32_t at[3];
        if (b->in[n] == FAR && c->count >= SMALL) continue;
        bfl_voxel_at(c->after->size, b->at[n], at);
        for (int a = 0; a < 3; a++) {
            at[a] += by[a];
            at[a] = at[a] < 0 ? 0 : at[a] >= c->before->size[a] ? c->before->size[a] - 1 : at[a];
        }
        const float error = held(c->after->value[b->at[n]]) - c->offset_hu -
                            held(c->before->value[bfl_image_index(c->before, at[0], at[1], at[2])]);
        cost += (double)(error * error * bound / (bound + error * error));
    }
    return cost;
}

/* The share of the difference that is left after the best shift. */
static float unexplained(const bfl_change *c, const box *b) {
    const double here = cost_of(c, b, (const int32_t[3]){0, 0, 0});
    double least = here;
    int32_t by[3];
    for (by[2] = -SHIFT; by[2] <= SHIFT; by[2]++)
        for (by[1] = -SHIFT; by[1] <= SHIFT; by[1]++)
            for (by[0] = -SHIFT; by[0] <= SHIFT; by[0]++)
                if (by[0] * by[0] + by[1] * by[1] + by[2] * by[2] <= SHIFT * SHIFT)
                    least = fmin(least, cost_of(c, b, by));
    return here > 0 ? (float)(least / here) : 1;
}

float bfl_change_trust(bfl_arena *arena, const bfl_change *change) {
    bfl_arena_mark mark = bfl_arena_here(arena);
    const box b = box_of(arena, change);
    const float against = opposed(change, &b),
                left = change->sign < 0 && against < SOME_OPPOSED ? 1 : fminf(1, unexplained(change, &b) / UNEXPLAINED);
    bfl_arena_back(arena, mark);
    return left * left * fminf(1, MOST_OPPOSED / fmaxf(against, MOST_OPPOSED));
}
