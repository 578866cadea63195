/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before the canal lie vertebral bodies and discs in turn, so the density there falls at every disc. The discs are the row of such
 * valleys that is deepest while their distances change slowly. Ribs are what bone remains beside the spine in the back half, where it
 * begins at the spine and goes on outward; the rest of each is what hangs on it.
 */
#include "image/spine.h"
#include "image/vary.h"

#include <math.h>

/* ---- the canal, smoothed ---- */

static const float SMOOTH_MM = 9, SLOPE_MM = 12;

bfl_canal_slice bfl_canal_at(const bfl_canal *c, float z_mm) {
    const int32_t last = c->end - c->first - 1, k = (int32_t)lrintf(z_mm / c->spacing_mm) - c->first;
    return c->slices[k < 0 ? 0 : k > last ? last : k];
}

static bfl_canal smooth(bfl_arena *arena, const bfl_canal *from) {
    bfl_canal c = *from;
    const int32_t count = c.end - c.first, reach = (int32_t)(SMOOTH_MM / c.spacing_mm);
    c.slices = BFL_NEW_ARRAY(arena, (size_t)count + 1, bfl_canal_slice);
    for (int32_t k = 0; k < count; k++) {
        float n = 0;
        for (int32_t t = k - reach; t <= k + reach; t++) {
            const bfl_canal_slice *s = &from->slices[t < 0 ? 0 : t >= count ? count - 1 : t];
            c.slices[k].x_mm += s->x_mm;
            c.slices[k].y_mm += s->y_mm;
            c.slices[k].radius_mm += s->radius_mm;
            n++;
        }
        c.slices[k].x_mm /= n;
        c.slices[k].y_mm /= n;
        c.slices[k].radius_mm /= n;
        c.slices[k].ring = from->slices[k].ring;
    }
    return c;
}

/* How much y grows with z. */
static float slope_at(const bfl_canal *c, float z_mm) {
    return (bfl_canal_at(c, z_mm + SLOPE_MM).y_mm - bfl_canal_at(c, z_mm - SLOPE_MM).y_mm) / (2 * SLOPE_MM);
}

/* From the canal forward, square to it: d forward is d * slope upward. */
float bfl_spine_height(const bfl_spine *spine, float y_mm, float z_mm) {
    const bfl_canal *c = &spine->canal;
    float height = z_mm;
    for (int n = 0; n < 4; n++) {
        const float ahead = fminf(fmaxf(bfl_canal_at(c, height).y_mm - y_mm, 0), 45);
        height = (height + z_mm - ahead * slope_at(c, height)) / 2;
    }
    return height;
}

int32_t bfl_spine_level_at(const bfl_spine *spine, float height_mm) {
    for (size_t n = 0; n < spine->level_count; n++)
        if (height_mm >= spine->levels[n].low_mm && height_mm < spine->levels[n].high_mm) return (int32_t)n;
    return -1;
}

/* ---- discs ---- */

static const float FRONT_FROM_MM = 5, FRONT_TO_MM = 21, FRONT_HALF_MM = 8, LOWEST_HU = -50, HIGHEST_HU = 400;
static const float LEAST_PITCH_MM = 16, MOST_PITCH_MM = 44, BESIDE_MM = 13, DISC_COST = 0.35F, UNEVEN_COST = 5;

static const float NEXT_FROM = 0.75F, NEXT_TO = 1.3F;
static const float SIDE_FROM_MM = 16, SIDE_TO_MM = 21, WIDE_SHARE = 0.5F, WIDE_PITCH_MM = 9, WIDE_AROUND_MM = 15;

enum { LEAST_DISCS = 2 };

typedef struct profile {
    float *value, *valley;
    float *least_mm; /* between discs: wide vertebrae are tall ones */
    int32_t count;
} profile;

static bool value_at(const bfl_image *image, const float mm[3], float *out) {
    int32_t at[3];
    for (int a = 0; a < 3; a++) {
        at[a] = (int32_t)lrintf(mm[a] / image->spacing_mm[a]);
        if (at[a] < 0 || at[a] >= image->size[a]) return false;
    }
    *out = fminf(fmaxf(image->value[bfl_image_index(image, at[0], at[1], at[2])], LOWEST_HU), HIGHEST_HU);
    return true;
}

/* Mean density square before the canal at a height. */
static float before_canal(const bfl_image *image, const bfl_canal *c, float z_mm) {
    const bfl_canal_slice s = bfl_canal_at(c, z_mm);
    const float slope = slope_at(c, z_mm), norm = sqrtf(1 + slope * slope), step = c->spacing_mm;
    float sum = 0, count = 0;
    for (float d = s.radius_mm + FRONT_FROM_MM; d <= s.radius_mm + FRONT_TO_MM; d += step)
        for (float x = -FRONT_HALF_MM; x <= FRONT_HALF_MM; x += step) {
            float value;
            const float mm[3] = {s.x_mm + x, s.y_mm - d / norm, z_mm + d * slope / norm};
            if (!value_at(image, mm, &value)) continue;
            sum += value;
            count++;
        }
    return count > 0 ? sum / count : 0;
}

/* Depth of a valley: how much lower than the lower of the highest on both sides, over how much density varies at all. */
static profile profile_of(bfl_arena *arena, const bfl_image *image, const bfl_canal *c) {
    profile p = {.count = c->end - c->first};
    const size_t n = (size_t)p.count;
    p.value = BFL_NEW_ARRAY(arena, n + 1, float);
    p.valley = BFL_NEW_ARRAY(arena, n + 1, float);
    float *sorted = BFL_NEW_ARRAY(arena, n + 1, float);
    for (size_t k = 0; k < n; k++)
        sorted[k] = p.value[k] = before_canal(image, c, (float)(c->first + (int32_t)k) * c->spacing_mm);
    bfl_sample_sort(arena, &(bfl_sample){sorted, n});
    const float range = fmaxf(sorted[n * 9 / 10] - sorted[n / 10], 20);
    const int32_t reach = (int32_t)(BESIDE_MM / c->spacing_mm);
    for (int32_t k = 0; k < p.count; k++) {
        float below = p.value[k], above = p.value[k];
        for (int32_t t = 1; t <= reach; t++) {
            if (k >= t) below = fmaxf(below, p.value[k - t]);
            if (k + t < p.count) above = fmaxf(above, p.value[k + t]);
        }
        p.valley[k] = fminf(1, (fminf(below, above) - p.value[k]) / range);
    }
    return p;
}

/* Share of bone where only a wide vertebral body reaches. */
static float width_at(const bfl_shape *bone, const bfl_canal *c, float z_mm) {
    const bfl_canal_slice s = bfl_canal_at(c, z_mm);
    const float slope = slope_at(c, z_mm), mm = c->spacing_mm;
    float bony = 0, all = 0;
    for (float d = s.radius_mm + FRONT_FROM_MM; d <= s.radius_mm + FRONT_TO_MM; d += mm)
        for (int side = -1; side <= 1; side += 2)
            for (float x = SIDE_FROM_MM; x <= SIDE_TO_MM; x += mm) {
                const int32_t at[3] = {(int32_t)lrintf((s.x_mm + (float)side * x) / mm),
                                       (int32_t)lrintf((s.y_mm - d) / mm), (int32_t)lrintf((z_mm + d * slope) / mm)};
                bool inside = true;
                for (int a = 0; a < 3; a++) inside &= at[a] >= 0 && at[a] < bone->size[a];
                if (!inside) continue;
                all++;
                bony += bone->in[((size_t)at[2] * (size_t)bone->size[1] + (size_t)at[1]) * (size_t)bone->size[0] +
                                 (size_t)at[0]];
            }
    return all > 0 ? bony / all : 0;
}

static void expect_pitch(bfl_arena *arena, const bfl_shape *bone, const bfl_canal *c, profile *p) {
    const int32_t reach = (int32_t)(WIDE_AROUND_MM / c->spacing_mm);
    float *width = BFL_NEW_ARRAY(arena, (size_t)p->count + 1, float);
    p->least_mm = BFL_NEW_ARRAY(arena, (size_t)p->count + 1, float);
    for (int32_t k = 0; k < p->count; k++) width[k] = width_at(bone, c, (float)(c->first + k) * c->spacing_mm);
    for (int32_t k = 0; k < p->count; k++) {
        float sum = 0, n = 0;
        for (int32_t t = k - reach; t <= k + reach; t++)
            if (t >= 0 && t < p->count) sum += width[t], n++;
        p->least_mm[k] = LEAST_PITCH_MM + WIDE_PITCH_MM * fminf(1, sum / n / WIDE_SHARE);
    }
}

typedef struct row {
    float best;
    int32_t from; /* distance to the disc before the last one, 0: none */
} row;

/* The best row of discs: of each place of the last disc and its distance to the one before. Returns how many, lowest first. */
static size_t choose_discs(bfl_arena *arena, const profile *p, float mm, int32_t *discs) {
    const int32_t least = (int32_t)ceilf(LEAST_PITCH_MM / mm), most = (int32_t)(MOST_PITCH_MM / mm), wide = most + 1;
    row *rows = BFL_NEW_ARRAY(arena, (size_t)p->count * (size_t)wide + 1, row);
    int32_t best_k = -1, best_s = 0;
    for (int32_t k = 0; k < p->count; k++) {
        const float gain = p->valley[k] - DISC_COST;
        for (int32_t s = least; s <= most; s++) {
            row *r = &rows[k * wide + s];
            r->best = -1e9F;
            if (s > k || (float)s * mm < p->least_mm[k - s / 2]) continue;
            r->best = gain + p->valley[k - s] - DISC_COST;
            for (int32_t t = least; t <= most && t <= k - s; t++) {
                const float uneven = logf((float)s / (float)t);
                const float sum = rows[(k - s) * wide + t].best + gain - UNEVEN_COST * uneven * uneven;
                if (sum > r->best) *r = (row){sum, t};
            }
            if (best_k < 0 || r->best > rows[best_k * wide + best_s].best) best_k = k, best_s = s;
        }
    }
    if (best_k < 0 || rows[best_k * wide + best_s].best <= 0) return 0;
    size_t count = 0;
    int32_t k = best_k, s = best_s;
    for (;;) {
        discs[count++] = k;
        const int32_t next = rows[k * wide + s].from;
        k -= s;
        if (next == 0) break;
        s = next;
    }
    discs[count++] = k;
    for (size_t n = 0; n < count / 2; n++) {
        const int32_t other = discs[n];
        discs[n] = discs[count - 1 - n];
        discs[count - 1 - n] = other;
    }
    return count;
}

/* Above the last disc of the row a vertebra is hardly taller than the one below it: where noise or a lesion hides a disc, the deepest
 * valley about as far on is one. */
static size_t go_on_upward(const profile *p, float mm, int32_t *discs, size_t count) {
    const size_t most = (size_t)p->count;
    while (count >= LEAST_DISCS && count < most) {
        const int32_t last = discs[count - 1], pitch = last - discs[count - 2];
        const int32_t from = last + (int32_t)(NEXT_FROM * (float)pitch), to = last + (int32_t)(NEXT_TO * (float)pitch);
        if ((float)pitch * mm < LEAST_PITCH_MM || to >= p->count) break;
        int32_t best = from;
        for (int32_t k = from; k <= to; k++)
            if (p->valley[k] > p->valley[best]) best = k;
        discs[count++] = best;
    }
    return count;
}

static void take_apart(bfl_arena *arena, const bfl_image *image, const bfl_shape *bone, bfl_spine *s) {
    const bfl_canal *c = &s->canal;
    profile p = profile_of(arena, image, c);
    expect_pitch(arena, bone, c, &p);
    int32_t *discs = BFL_NEW_ARRAY(arena, (size_t)p.count + 2, int32_t);
    const size_t count = go_on_upward(&p, c->spacing_mm, discs, choose_discs(arena, &p, c->spacing_mm, discs));
    if (count < LEAST_DISCS) return; /* marrow of a hip makes holes too: what shows no row of discs is no spine */
    s->levels = BFL_NEW_ARRAY(arena, count + 1, bfl_level);
    s->level_count = count + 1;
    for (size_t n = 0; n <= count; n++)
        s->levels[n] = (bfl_level){.low_mm = (float)(c->first + (n ? discs[n - 1] : 0)) * c->spacing_mm,
                                   .high_mm = (float)(n < count ? c->first + discs[n] : c->end) * c->spacing_mm,
                                   .whole = n > 0 && n < count};
}

/* ---- wings ---- */

static const float WING_FROM_MM = 24, WING_TO_MM = 42, WING_DEEP_MM = 28, LEAST_WING = 0.3F,
                   LEAST_WINGS = 0.76F; /* of a side, of both together: the processes of L5 come near the first */

/* Share of bone beside a level, on one side: a sacrum's wing fills much of it, transverse processes and ribs little. */
static float wing(const bfl_shape *bone, const bfl_spine *s, const bfl_level *level, float sign) {
    const float mm = bone->spacing_mm;
    size_t all = 0, bony = 0;
    for (float z = level->low_mm; z < level->high_mm; z += mm) {
        const bfl_canal_slice c = bfl_canal_at(&s->canal, z);
        const float slope = slope_at(&s->canal, z);
        for (float d = 0; d < WING_DEEP_MM; d += mm)
            for (float x = WING_FROM_MM; x < WING_TO_MM; x += mm) {
                const int32_t i = (int32_t)lrintf((c.x_mm + sign * x) / mm), j = (int32_t)lrintf((c.y_mm - d) / mm),
                              k = (int32_t)lrintf((z + d * slope) / mm);
                if (i < 0 || j < 0 || k < 0 || i >= bone->size[0] || j >= bone->size[1] || k >= bone->size[2]) continue;
                all++;
                bony += bone->in[((size_t)k * (size_t)bone->size[1] + (size_t)j) * (size_t)bone->size[0] + (size_t)i];
            }
    }
    return all ? (float)bony / (float)all : 0;
}

/* ---- ribs ---- */

static const float COLUMN_MM = 31, BACK_MM = 50, RIB_TOUCH_MM = 7, RIB_OUT_MM = 62, RIB_LEAST_ML = 0.35F,
                   RIB_MOST_ML = 45, RIB_Y_MM = 32, RIB_ABOVE_MM = 6; /* it begins at the upper edge of its vertebra */

typedef struct candidate {
    float nearest, farthest, height; /* from the canal, across; height where it is nearest */
    double sum;
    size_t count, near_count;
    int side;
} candidate;

/* Where a voxel lies to the canal: across, and behind it. */
static bfl_canal_slice beside(const bfl_spine *s, size_t voxel, const bfl_shape *bone, float mm_of[3]) {
    const size_t nx = (size_t)bone->size[0], ny = (size_t)bone->size[1];
    mm_of[0] = (float)(voxel % nx) * bone->spacing_mm;
    mm_of[1] = (float)(voxel / nx % ny) * bone->spacing_mm;
    mm_of[2] = (float)(voxel / nx / ny) * bone->spacing_mm;
    return bfl_canal_at(&s->canal, mm_of[2]);
}

/* Below the lowest vertebra that has no wings: hips are no ribs. */
static float lowest_rib_mm(const bfl_spine *s) {
    float low = s->levels[0].low_mm;
    for (size_t n = 0; n < s->level_count; n++)
        if (s->levels[n].wings) low = s->levels[n].high_mm;
    return low;
}

static void measure_candidates(const bfl_spine *s, const bfl_shape *bone, const bfl_shape_parts *parts,
                               candidate *list) {
    const size_t voxels = bfl_shape_voxels(bone);
    for (size_t p = 0; p < parts->count; p++) list[p] = (candidate){.nearest = 1e9F};
    for (int pass = 0; pass < 2; pass++)
        for (size_t v = 0; v < voxels; v++) {
            float mm[3];
            if (!parts->label[v]) continue;
            candidate *c = &list[parts->label[v] - 1];
            const bfl_canal_slice at = beside(s, v, bone, mm);
            const float across = fabsf(mm[0] - at.x_mm);
            const bool level_with = mm[1] > at.y_mm - RIB_Y_MM && mm[1] < at.y_mm + RIB_Y_MM;
            if (pass == 0) {
                c->count++;
                c->side = mm[0] > at.x_mm;
                c->farthest = fmaxf(c->farthest, across);
                if (level_with) c->nearest = fminf(c->nearest, across);
            } else if (level_with && across < c->nearest + RIB_TOUCH_MM) {
                c->sum += (double)mm[2];
                c->near_count++;
            }
        }
}

/* What hangs on each rib's beginning, by steps through bone from all of them at once. */
static void follow_ribs(bfl_arena *arena, const bfl_shape *rest, uint16_t *rib_of) {
    const size_t voxels = bfl_shape_voxels(rest), nx = (size_t)rest->size[0], slice = nx * (size_t)rest->size[1];
    BFL_LIST(size_t) queue = {0};
    for (size_t v = 0; v < voxels; v++)
        if (rib_of[v]) *BFL_PUSH(arena, &queue) = v;
    for (size_t head = 0; head < queue.count; head++) {
        const size_t v = queue.items[head], i = v % nx, j = v % slice / nx, k = v / slice;
        for (int n = 0; n < 27; n++) {
            const size_t x = i + (size_t)(n % 3) - 1, y = j + (size_t)(n / 3 % 3) - 1, z = k + (size_t)(n / 9) - 1;
            if (x >= nx || y >= (size_t)rest->size[1] || z >= (size_t)rest->size[2]) continue;
            const size_t next = z * slice + y * nx + x;
            if (!rest->in[next] || rib_of[next]) continue;
            rib_of[next] = rib_of[v];
            *BFL_PUSH(arena, &queue) = next;
        }
    }
}

static void measure_ribs(const bfl_shape *bone, bfl_spine *s) {
    const size_t voxels = bfl_shape_voxels(bone);
    for (size_t v = 0; v < voxels; v++) {
        if (!s->rib_of[v]) continue;
        bfl_rib *r = &s->ribs[s->rib_of[v] - 1];
        const float y = (float)(v / (size_t)bone->size[0] % (size_t)bone->size[1]) * bone->spacing_mm;
        r->front_mm = fminf(r->front_mm, y);
        r->back_mm = fmaxf(r->back_mm, y);
    }
}

/* Bone beside the spine, and of it what lies in the back half. */
static void leave_out_column(const bfl_spine *s, const bfl_shape *bone, bfl_shape *rest, bfl_shape *back) {
    const size_t voxels = bfl_shape_voxels(bone);
    const float low = lowest_rib_mm(s) - MOST_PITCH_MM;
    for (size_t v = 0; v < voxels; v++) {
        float mm[3];
        if (!bone->in[v]) continue;
        const bfl_canal_slice at = beside(s, v, bone, mm);
        const bool column = fabsf(mm[0] - at.x_mm) < COLUMN_MM && mm[1] > at.y_mm - BACK_MM - 10;
        rest->in[v] = !column && mm[2] > low;
        back->in[v] = rest->in[v] && mm[1] > at.y_mm - BACK_MM;
    }
}

/* The level a part begins at, when it is a rib: it touches the spine, goes on outward, and is not several with the shoulder blade. */
static int32_t rib_level(const bfl_spine *s, const candidate *c, float ml) {
    const float z = c->near_count ? (float)(c->sum / (double)c->near_count) : -1;
    if (ml < RIB_LEAST_ML || ml > RIB_MOST_ML || c->farthest < RIB_OUT_MM) return -1;
    if (c->nearest > COLUMN_MM + RIB_TOUCH_MM || z < lowest_rib_mm(s)) return -1;
    return bfl_spine_level_at(s, z - RIB_ABOVE_MM);
}

static void find_ribs(bfl_arena *arena, const bfl_shape *bone, bfl_spine *s) {
    const size_t voxels = bfl_shape_voxels(bone);
    const float voxel_ml = bone->spacing_mm * bone->spacing_mm * bone->spacing_mm / 1000;
    bfl_shape *rest = bfl_shape_new(arena, bone->size, bone->spacing_mm), *back = bfl_shape_copy(arena, rest);
    leave_out_column(s, bone, rest, back);
    const bfl_shape_parts parts = bfl_shape_parts_of(arena, back, NULL, NULL);
    candidate *list = BFL_NEW_ARRAY(arena, parts.count + 1, candidate);
    uint16_t *rib_number = BFL_NEW_ARRAY(arena, parts.count + 1, uint16_t);
    BFL_LIST(bfl_rib) ribs = {0};
    measure_candidates(s, bone, &parts, list);
    for (size_t p = 0; p < parts.count && ribs.count < UINT16_MAX; p++) {
        const int32_t level = rib_level(s, &list[p], (float)list[p].count * voxel_ml);
        if (level < 0) continue;
        *BFL_PUSH(arena, &ribs) = (bfl_rib){level, list[p].side, 1e9F, 0};
        rib_number[p] = (uint16_t)ribs.count;
        s->levels[level].rib[list[p].side]++;
    }
    s->ribs = ribs.items;
    s->rib_count = ribs.count;
    for (size_t v = 0; v < voxels; v++)
        if (parts.label[v]) s->rib_of[v] = rib_number[parts.label[v] - 1];
    follow_ribs(arena, rest, s->rib_of);
    measure_ribs(bone, s);
}

bfl_spine bfl_spine_of(bfl_arena *arena, const bfl_image *image, const bfl_shape *bone, const bfl_canal *canal) {
    bfl_spine s = {.canal = smooth(arena, canal), .rib_of = BFL_NEW_ARRAY(arena, bfl_shape_voxels(bone), uint16_t)};
    if (canal->end == canal->first) return s;
    take_apart(arena, image, bone, &s);
    for (size_t n = 0; n < s.level_count; n++) {
        const float a = wing(bone, &s, &s.levels[n], -1), b = wing(bone, &s, &s.levels[n], 1);
        s.levels[n].wings = a > LEAST_WING && b > LEAST_WING && a + b > LEAST_WINGS;
    }
    if (s.level_count) find_ribs(arena, bone, &s);
    return s;
}
