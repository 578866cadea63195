/* SPDX-License-Identifier: Apache-2.0 */
/* Measures a mark and names what it looks like. Numbers that decide a name are rows of rulebook/ct. */
#include "lesion/lesion.h"

#include <math.h>

typedef struct place {
    int32_t at[3];
} place;

static place place_of(const bfl_image *image, size_t voxel) {
    place p;
    bfl_voxel_at(image->size, voxel, p.at);
    return p;
}

static double voxel_mm3(const bfl_ct *ct) { return pow((double)ct->marks.after->spacing_mm[0], 3); }

/* ---- density ---- */

static int by_value(const void *a, const void *b, const void *context) {
    const float x = *(const float *)a, y = *(const float *)b;
    (void)context;
    return x < y ? -1 : x > y;
}

/* Means over the core: the edge is a mixture of what changed and what did not. */
static void measure_density(bfl_arena *arena, const bfl_ct *ct, const bfl_mark *mark, bfl_finding *f) {
    double before = 0, after = 0, core = 0;
    bfl_arena_mark here = bfl_arena_here(arena);
    float *change = BFL_NEW_ARRAY(arena, mark->count, float);
    for (size_t n = 0; n < mark->count; n++) {
        const size_t v = mark->voxels[n];
        change[n] = ct->marks.difference->value[v] * (float)mark->sign;
        if (change[n] < mark->core_hu) continue;
        before += (double)ct->marks.before->value[v] + (double)ct->marks.offset_hu;
        after += (double)ct->marks.after->value[v];
        core++;
    }
    bfl_sort(arena, change, mark->count, sizeof *change, by_value, NULL);
    f->before_hu = before / core;
    f->after_hu = after / core;
    f->change_hu = f->after_hu - f->before_hu;
    f->change_p90_hu = (double)change[(mark->count - 1) * 9 / 10] * mark->sign;
    bfl_arena_back(arena, here);
}

/* ---- size ---- */

/* The largest extent over many directions, which misses the true diameter by less than a voxel; a voxel is added, since
 * extents run from centre to centre. */
static double extent(const bfl_ct *ct, const bfl_mark *mark, int32_t slice, bool in_slice) {
    enum { ROUND = 24, UP = 12 };
    const double mm = (double)ct->marks.after->spacing_mm[0], turn = acos(-1) / ROUND, tilt = acos(-1) / UP;
    double longest = 0;
    for (int u = 0; u < (in_slice ? 1 : UP); u++)
        for (int r = 0; r < ROUND; r++) {
            const double d[3] = {cos(tilt * u) * cos(turn * r), cos(tilt * u) * sin(turn * r), sin(tilt * u)};
            double low = 1e9, high = -1e9;
            for (size_t n = 0; n < mark->count; n++) {
                const place p = place_of(ct->marks.after, mark->voxels[n]);
                if (in_slice && p.at[2] != slice) continue;
                const double along = d[0] * p.at[0] + d[1] * p.at[1] + d[2] * p.at[2];
                low = fmin(low, along);
                high = fmax(high, along);
            }
            longest = fmax(longest, high - low);
        }
    return (longest + 1) * mm;
}

static double axial_extent(const bfl_ct *ct, const bfl_mark *mark) {
    int32_t low = INT32_MAX, high = INT32_MIN;
    double longest = 0;
    for (size_t n = 0; n < mark->count; n++) {
        const int32_t k = place_of(ct->marks.after, mark->voxels[n]).at[2];
        low = k < low ? k : low;
        high = k > high ? k : high;
    }
    for (int32_t k = low; k <= high; k++) longest = fmax(longest, extent(ct, mark, k, true));
    return longest;
}

/* Distance in voxels to the nearest of the bone before, looked for within a few voxels. */
static double away_from_bone(const bfl_ct *ct, const place *p) {
    enum { REACH = 6 };
    const bfl_shape *bone = ct->marks.bone_before;
    double nearest = REACH * REACH;
    for (int32_t k = -REACH; k <= REACH; k++)
        for (int32_t j = -REACH; j <= REACH; j++)
            for (int32_t i = -REACH; i <= REACH; i++) {
                const int32_t at[3] = {p->at[0] + i, p->at[1] + j, p->at[2] + k};
                bool inside = true;
                for (int a = 0; a < 3; a++) inside &= at[a] >= 0 && at[a] < bone->size[a];
                if (!inside || i * i + j * j + k * k >= nearest) continue;
                if (bone->in[bfl_image_index(ct->marks.after, at[0], at[1], at[2])]) nearest = i * i + j * j + k * k;
            }
    return sqrt(nearest);
}

static void measure_beyond(const bfl_ct *ct, const bfl_mark *mark, bfl_finding *f) {
    const double mm = (double)ct->marks.after->spacing_mm[0];
    size_t beyond = 0;
    for (size_t n = 0; n < mark->count; n++) {
        if (ct->marks.bone_before->in[mark->voxels[n]]) continue;
        const place p = place_of(ct->marks.after, mark->voxels[n]);
        beyond++;
        f->beyond_mm = fmax(f->beyond_mm, away_from_bone(ct, &p) * mm);
    }
    f->beyond_mm3 = (double)beyond * voxel_mm3(ct);
}

/* ---- where ---- */

/* In the body's halves: which side of its middle, front or back, and how far below the top of the scan. */
static const char *say_place(bfl_arena *arena, const bfl_ct *ct, const bfl_mark *mark) {
    const bfl_grid *g = &ct->fixed->grid;
    const double middle_mm = 15; /* as wide as the spine */
    const double across = (double)mark->peak_mm[0] - (g->size[0] - 1) * g->spacing_mm[0] / 2;
    const double deep = (double)mark->peak_mm[1] - (g->size[1] - 1) * g->spacing_mm[1] / 2;
    const double below = (g->size[2] - 1) * g->spacing_mm[2] - (double)mark->peak_mm[2];
    const char *side = across > middle_mm ? "left" : across < -middle_mm ? "right" : "middle";
    return bfl_arena_printf(arena, "%s, %s, %d mm below the top of the scan", side, deep > 0 ? "back" : "front",
                            (int)lround(below));
}

/* ---- what it looks like ---- */

/* Median density before of unchanged bone from 3 to 9 mm around the peak's surroundings; false when there is none. */
static bool surroundings(bfl_arena *arena, const bfl_ct *ct, const bfl_mark *mark, const bfl_finding *f, double *hu) {
    const bfl_image *d = ct->marks.difference;
    const double mm = (double)d->spacing_mm[0], inner = f->longest_mm / 2 + 3, outer = inner + 6;
    const int32_t reach = (int32_t)(outer / mm);
    const double unchanged = f->change_hu / 4;
    const float FILLED_HU = 80; /* what is no denser than a disc was filled in between vertebrae */
    bfl_arena_mark here = bfl_arena_here(arena);
    BFL_LIST(float) found = {0};
    int32_t centre[3], at[3];
    for (int a = 0; a < 3; a++) centre[a] = (int32_t)lround((double)mark->peak_mm[a] / mm);
    for (at[2] = centre[2] - reach; at[2] <= centre[2] + reach; at[2]++)
        for (at[1] = centre[1] - reach; at[1] <= centre[1] + reach; at[1]++)
            for (at[0] = centre[0] - reach; at[0] <= centre[0] + reach; at[0]++) {
                double away = 0;
                bool inside = true;
                for (int a = 0; a < 3; a++) {
                    inside &= at[a] >= 0 && at[a] < d->size[a];
                    away += (at[a] - centre[a]) * (at[a] - centre[a]) * mm * mm;
                }
                if (!inside || away < inner * inner || away > outer * outer) continue;
                const size_t v = bfl_image_index(d, at[0], at[1], at[2]);
                if (!ct->marks.bone_before->in[v] || fabs((double)d->value[v]) > fabs(unchanged)) continue;
                if (ct->marks.before->value[v] < FILLED_HU) continue;
                *BFL_PUSH(arena, &found) = ct->marks.before->value[v] + ct->marks.offset_hu;
            }
    bfl_sort(arena, found.items, found.count, sizeof *found.items, by_value, NULL);
    if (found.count > 0) *hu = (double)found.items[found.count / 2];
    bfl_arena_back(arena, here);
    return found.count > 0;
}

/* Share of the inner half of the mark's radius that belongs to the mark: near 1 for a solid change, 0 for a rim. */
static double core_share(const bfl_ct *ct, const bfl_mark *mark, const bfl_finding *f) {
    const bfl_image *d = ct->marks.difference;
    double centre[3] = {0, 0, 0};
    for (size_t n = 0; n < mark->count; n++) {
        const place p = place_of(d, mark->voxels[n]);
        for (int a = 0; a < 3; a++) centre[a] += p.at[a] / (double)mark->count;
    }
    const double radius = f->axial_mm / (double)d->spacing_mm[0] / 4;
    size_t inside = 0;
    for (size_t n = 0; n < mark->count; n++) {
        const place p = place_of(d, mark->voxels[n]);
        double away = 0;
        for (int a = 0; a < 3; a++) away += (p.at[a] - centre[a]) * (p.at[a] - centre[a]);
        inside += away <= radius * radius;
    }
    const double ball = fmax(1, 4 * acos(-1) / 3 * radius * radius * radius);
    return fmin(1, (double)inside / ball);
}

static bfl_finding_kind name_kind(bfl_arena *arena, const bfl_ct *ct, const bfl_mark *mark, const bfl_finding *f) {
    const bfl_rulebook *rules = ct->rulebook;
    double around = 0;
    const bool known = surroundings(arena, ct, mark, f, &around);
    const double below = bfl_rule_double(rules, BFL_NUM_CT_KIND_LYTIC_BEFORE__BELOW_SURROUNDINGS_HU);
    const double above = bfl_rule_double(rules, BFL_NUM_CT_KIND_SCLEROTIC_BEFORE__ABOVE_SURROUNDINGS_HU);
    const double counted_mm3 = (double)mark->count * voxel_mm3(ct); /* as beyond_mm3 is, without the blurred edge */
    const bool within = f->beyond_mm3 * 2 <= counted_mm3;           /* what was outside bone was no hole in it */
    const bool lytic = known && within && f->before_hu < around - below;
    const bool sclerotic = known && f->before_hu > around + above;
    if (mark->sign < 0) return sclerotic ? BFL_FINDING_LESS_DENSE : BFL_FINDING_LYSIS;
    const bool outgrown =
        f->beyond_mm > bfl_rule_double(rules, BFL_NUM_CT_KIND_OUTGROWN__BEYOND_MM) &&
        f->beyond_mm3 > bfl_rule_double(rules, BFL_NUM_CT_KIND_OUTGROWN__BEYOND_MM3) &&
        f->beyond_mm3 > counted_mm3 * bfl_rule_double(rules, BFL_NUM_CT_KIND_OUTGROWN__SHARE_FRACTION);
    if (outgrown) return BFL_FINDING_OUTGROWN;
    if (core_share(ct, mark, f) < bfl_rule_double(rules, BFL_NUM_CT_KIND_RIM__CORE_FRACTION)) return BFL_FINDING_RIM;
    if (lytic) return BFL_FINDING_FILLED_IN;
    return sclerotic ? BFL_FINDING_DENSER : BFL_FINDING_NEW_SCLEROSIS;
}

void bfl_lesion_measure(bfl_arena *arena, bfl_ct *ct) {
    ct->finding_count = ct->marks.count;
    ct->findings = BFL_NEW_ARRAY(arena, ct->marks.count, bfl_finding);
    for (size_t n = 0; n < ct->marks.count; n++) {
        const bfl_mark *mark = &ct->marks.items[n];
        bfl_finding *f = &ct->findings[n];
        const double mm[3] = {(double)mark->peak_mm[0], (double)mark->peak_mm[1], (double)mark->peak_mm[2]};
        double index[3];
        for (int a = 0; a < 3; a++) index[a] = mm[a] / ct->fixed->grid.spacing_mm[a];
        f->id = bfl_arena_printf(arena, "ct%zu", n + 1);
        f->score = (double)mark->score;
        bfl_grid_to_mm(&ct->fixed->grid, index, f->centre_mm);
        measure_density(arena, ct, mark, f);
        f->volume_mm3 = (double)mark->volume_mm3;
        f->longest_mm = extent(ct, mark, 0, false);
        f->axial_mm = axial_extent(ct, mark);
        if (mark->sign > 0) measure_beyond(ct, mark, f); /* what became less dense grew nowhere */
        f->jacobian = (double)bfl_transform_jacobian(&ct->transform, mark->peak_mm);
        f->place = say_place(arena, ct, mark);
        f->kind = name_kind(arena, ct, mark, f);
        f->words = bfl_lesion_words(arena, f);
    }
}
