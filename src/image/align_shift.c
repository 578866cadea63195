/* SPDX-License-Identifier: Apache-2.0 */
/* Where to begin: every shift on a coarse lattice is tried, so that no start is too far away. */
#include "image/align.h"

#include <math.h>

enum { ACROSS = 13, ALONG = 25, SHIFTS = ACROSS * ACROSS * ALONG, FEW_POINTS = 4000 };
static const float STEP_MM = 12, LEAST_INSIDE = 0.3F, BASE_SCORE = 0.2F;

typedef struct search {
    const bfl_bone_points *points;
    size_t stride; /* every stride-th point is looked at */
    const bfl_slopes *moving;
    float centred[3];
    float *score;
} search;

static void shift_of(const search *s, size_t index, float shift[3]) {
    const int across = (int)index % ACROSS, back = (int)index / ACROSS % ACROSS, along = (int)index / (ACROSS * ACROSS);
    shift[0] = s->centred[0] + (float)(across - ACROSS / 2) * STEP_MM;
    shift[1] = s->centred[1] + (float)(back - ACROSS / 2) * STEP_MM;
    shift[2] = s->centred[2] + (float)(along - ALONG / 2) * STEP_MM;
}

/* Mean value under the points (bone lies on something dense), weighed with how much lies inside and how alike the two are. */
static void score_shift(void *context, size_t index) {
    const search *s = context;
    double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    size_t inside = 0, looked_at = 0;
    float shift[3];
    shift_of(s, index, shift);
    for (size_t i = 0; i < s->points->count; i += s->stride, looked_at++) {
        const bfl_bone_point *p = &s->points->items[i];
        bfl_float4 m;
        if (!bfl_slopes_at(s->moving, (float[3]){p->mm[0] + shift[0], p->mm[1] + shift[1], p->mm[2] + shift[2]}, &m))
            continue;
        const double a = (double)p->value, b = (double)m[0];
        inside++;
        sum_a += a, sum_b += b, aa += a * a, bb += b * b, ab += a * b;
    }
    const double share = (double)inside / (double)looked_at, n = (double)inside;
    s->score[index] = -1;
    if (share < (double)LEAST_INSIDE) return;
    const double covariance = ab / n - sum_a / n * (sum_b / n);
    const double variances = (aa / n - sum_a / n * (sum_a / n)) * (bb / n - sum_b / n * (sum_b / n));
    const double alike = covariance > 0 ? covariance / sqrt(fmax(variances, 0) + 1) : 0;
    s->score[index] = (float)(sum_b / n * sqrt(share) * ((double)BASE_SCORE + alike));
}

bool bfl_align_shift(bfl_arena *arena, uint32_t threads, const bfl_bone_points *points, const bfl_slopes *moving,
                     bfl_transform *transform) {
    if (points->count == 0) return false;
    bfl_arena_mark mark = bfl_arena_here(arena);
    search s = {points, points->count / FEW_POINTS + 1, moving, {0, 0, 0}, BFL_NEW_ARRAY(arena, SHIFTS, float)};
    for (int a = 0; a < 3; a++)
        s.centred[a] = 0.5F * moving->spacing_mm * (float)(moving->size[a] - 1) - transform->centre_mm[a];
    bfl_parallel(threads, SHIFTS, score_shift, &s);
    size_t best = 0;
    for (size_t i = 1; i < SHIFTS; i++)
        if (s.score[i] > s.score[best]) best = i;
    const bool found = s.score[best] > 0;
    if (found) shift_of(&s, best, transform->shift_mm);
    bfl_arena_back(arena, mark);
    return found;
}
