/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bone a place belongs to. The spine is counted in image/; here its levels get names, from an anchor: the sacrum's wings, or the
 * last rib. A number without an anchor would be a guess, and one of six spines has its own count in some respect, so two anchors that
 * do not agree give no number either.
 */
#include "lesion/site.h"

#include <math.h>
#include <stdio.h>

/* ---- numbers ---- */

static const float LEAST_LUMBAR_MM = 22;

/* A transverse process, or a lesion on it, may look like a rib on one side. A last rib may be missing on one side, too, but the
 * level above has ribs then. */
static bool has_ribs(const bfl_spine *s, size_t n) {
    const bfl_level *level = &s->levels[n];
    if (level->rib[0] == 0 && level->rib[1] == 0) return false;
    if (level->rib[0] > 0 && level->rib[1] > 0) return true;
    return n + 1 >= s->level_count || s->levels[n + 1].rib[0] + s->levels[n + 1].rib[1] > 0;
}

/* Index of L5 counted from the sacrum; false when no sacrum is in view. */
static bool from_sacrum(const bfl_spine *s, int32_t *sacrum) {
    *sacrum = -1;
    for (size_t n = 0; n + 1 < s->level_count; n++)
        if (s->levels[n].wings && !has_ribs(s, n)) *sacrum = (int32_t)n;
    return *sacrum >= 0;
}

/* The lowest level with ribs is T12 when the one below is whole and has none. */
static bool from_ribs(const bfl_spine *s, int32_t *t12) {
    for (size_t n = 0; n < s->level_count; n++) {
        if (!has_ribs(s, n)) continue;
        *t12 = (int32_t)n;
        return n > 0 && s->levels[n - 1].whole;
    }
    return false;
}

/* No lumbar vertebra is that low: where noise makes a disc, levels were counted wrongly. */
static bool counted_too_many(const bfl_spine *s, int32_t l5) {
    enum { LUMBAR = 5 };
    for (int32_t n = 0; n < (int32_t)s->level_count; n++)
        if (n >= l5 && n < l5 + LUMBAR && s->levels[n].whole &&
            s->levels[n].high_mm - s->levels[n].low_mm < LEAST_LUMBAR_MM)
            return true;
    return false;
}

bfl_anatomy bfl_anatomy_of(bfl_arena *arena, const bfl_image *image, const bfl_shape *bone, const bfl_canal *canal) {
    enum { LUMBAR = 5 };
    bfl_anatomy a = {.spine = bfl_spine_of(arena, image, bone, canal), .l5 = INT32_MIN, .bone = bone};
    int32_t t12 = 0;
    const bool by_sacrum = from_sacrum(&a.spine, &a.sacrum), by_ribs = from_ribs(&a.spine, &t12);
    if (!by_sacrum && a.spine.rib_count == 0) a.spine.level_count = 0; /* a hip can look like that: no name */
    if (by_sacrum) a.l5 = a.sacrum + 1;
    if (by_ribs && !by_sacrum) a.l5 = t12 - LUMBAR;
    if (by_ribs && by_sacrum && t12 - LUMBAR != a.l5) a.l5 = INT32_MIN;
    if (a.l5 != INT32_MIN && counted_too_many(&a.spine, a.l5)) a.l5 = INT32_MIN;
    return a;
}

/* ---- places ---- */

static const float COLUMN_MM = 31, COLUMN_FRONT_MM = 52, COLUMN_BACK_MM = 65, STERNUM_MM = 26, STERNUM_FRONT_MM = 68;
static const float ILIUM_MM = 105, JOINT_MM = 46, JOINT_NARROWS = 0.28F, SACRUM_LONG_MM = 130;

static int vertebra_code(const bfl_anatomy *a, int32_t level) {
    const bfl_spine *s = &a->spine;
    if (a->l5 != INT32_MIN) {
        const int32_t code = BFL_BONE_L5 + level - a->l5;
        return code < BFL_BONE_L5 ? BFL_BONE_SACRUM : code > BFL_BONE_C1 ? BFL_BONE_VERTEBRA : code;
    }
    if (a->sacrum >= 0 && level <= a->sacrum) return BFL_BONE_SACRUM;
    if (has_ribs(s, (size_t)level)) return BFL_BONE_THORACIC;
    bool above = false, below = false;
    for (int32_t n = 0; n < (int32_t)s->level_count; n++) {
        above |= n > level && has_ribs(s, (size_t)n);
        below |= n < level && has_ribs(s, (size_t)n);
    }
    return above && below ? BFL_BONE_THORACIC : above || a->sacrum >= 0 ? BFL_BONE_LUMBAR : BFL_BONE_VERTEBRA;
}

static int rib_code(const bfl_anatomy *a, const bfl_rib *rib) {
    const int vertebra = vertebra_code(a, rib->level), left = rib->side == 1;
    const bool two = a->spine.levels[rib->level].rib[rib->side] > 1; /* which is which nobody knows */
    if (two || vertebra < BFL_BONE_T12 || vertebra > BFL_BONE_T1)
        return left ? BFL_BONE_SOME_RIB : BFL_BONE_SOME_RIB + 1;
    return (left ? BFL_BONE_RIB_LEFT : BFL_BONE_RIB_RIGHT) + BFL_BONE_T1 - vertebra;
}

static const bfl_rib *rib_at(const bfl_anatomy *a, const float mm[3]) {
    size_t v = 0, stride = 1;
    for (int x = 0; x < 3; x++) {
        const int32_t at = (int32_t)lrintf(mm[x] / a->bone->spacing_mm);
        if (at < 0 || at >= a->bone->size[x]) return NULL;
        v += (size_t)at * stride;
        stride *= (size_t)a->bone->size[x];
    }
    return a->spine.rib_of[v] ? &a->spine.ribs[a->spine.rib_of[v] - 1] : NULL;
}

/* Below the sacrum's top: sacrum between the joints, which come closer downward; beside it the ilium, below that hip or femur. */
static int pelvis_code(const bfl_canal_slice *c, const float mm[3], float below) {
    const float across = fabsf(mm[0] - c->x_mm);
    const int right = mm[0] < c->x_mm;
    if (across < JOINT_MM - JOINT_NARROWS * below && mm[1] > c->y_mm - COLUMN_FRONT_MM && below < SACRUM_LONG_MM)
        return BFL_BONE_SACRUM;
    return (below < ILIUM_MM ? BFL_BONE_HIP : BFL_BONE_HIP_OR_FEMUR) + right;
}

static bool in_column(const bfl_canal_slice *c, const float mm[3]) {
    return fabsf(mm[0] - c->x_mm) < COLUMN_MM && mm[1] > c->y_mm - COLUMN_FRONT_MM && mm[1] < c->y_mm + COLUMN_BACK_MM;
}

/* Beside the lower lumbar spine rises the ilium. */
static int beside_spine(const bfl_anatomy *a, const bfl_canal_slice *c, const float mm[3], float height) {
    const bool low = a->sacrum >= 0 && height < a->spine.levels[a->sacrum].high_mm + JOINT_MM;
    if (!low || fabsf(mm[0] - c->x_mm) < COLUMN_MM + 4 || mm[1] < c->y_mm - 2 * COLUMN_FRONT_MM) return BFL_BONE_NONE;
    return BFL_BONE_HIP + (mm[0] < c->x_mm);
}

int bfl_anatomy_at(const bfl_anatomy *a, const float mm[3]) {
    const bfl_spine *s = &a->spine;
    if (s->level_count == 0) return BFL_BONE_NONE;
    const bfl_canal_slice c = bfl_canal_at(&s->canal, mm[2]);
    const float height = bfl_spine_height(s, mm[1], mm[2]);
    const bfl_rib *rib = rib_at(a, mm);
    if (a->sacrum >= 0 && !rib && height < s->levels[a->sacrum].high_mm)
        return pelvis_code(&c, mm, s->levels[a->sacrum].high_mm - height);
    const int32_t level = bfl_spine_level_at(s, height);
    if (level >= 0 && in_column(&c, mm)) return vertebra_code(a, level);
    if (s->rib_count && fabsf(mm[0] - c.x_mm) < STERNUM_MM && mm[1] < c.y_mm - STERNUM_FRONT_MM)
        return BFL_BONE_STERNUM;
    return rib ? rib_code(a, rib) : beside_spine(a, &c, mm, height);
}

int bfl_anatomy_of_voxels(const bfl_anatomy *a, const size_t *voxels, size_t count) {
    size_t votes[256] = {0}, best = 0, named = 0;
    const size_t nx = (size_t)a->bone->size[0], ny = (size_t)a->bone->size[1];
    for (size_t n = 0; n < count; n++) {
        const float mm[3] = {(float)(voxels[n] % nx) * a->bone->spacing_mm,
                             (float)(voxels[n] / nx % ny) * a->bone->spacing_mm,
                             (float)(voxels[n] / nx / ny) * a->bone->spacing_mm};
        const int code = bfl_anatomy_at(a, mm);
        votes[code]++;
        named += code != BFL_BONE_NONE;
    }
    if (named * 10 < count) return BFL_BONE_NONE;
    for (size_t code = 1; code < 256; code++)
        if (votes[code] > votes[best] || best == 0) best = votes[code] ? code : best;
    return (int)best;
}

double bfl_anatomy_back(const bfl_anatomy *a, int code, const float mm[3]) {
    if (a->spine.level_count == 0) return -1;
    const bfl_rib *rib = rib_at(a, mm);
    const bool is_rib = code == BFL_BONE_SOME_RIB || code == BFL_BONE_SOME_RIB + 1 ||
                        (code >= BFL_BONE_RIB_LEFT && code < BFL_BONE_STERNUM);
    if (is_rib && !rib) return -1;
    if (is_rib) return (double)((mm[1] - rib->front_mm) / fmaxf(rib->back_mm - rib->front_mm, 1));
    return mm[1] > bfl_canal_at(&a->spine.canal, bfl_spine_height(&a->spine, mm[1], mm[2])).y_mm ? 1 : 0;
}

/* ---- words ---- */

static const char *vertebra_text(bfl_arena *arena, const char *name, double back, const char *after) {
    const char *part = back < 0 ? "vertebra" : back > 0.5 ? "posterior elements" : "vertebral body";
    return bfl_arena_printf(arena, "%s%s%s%s", name, *name ? " " : "", part, after);
}

static const char *rib_text(bfl_arena *arena, bool left, int number, double back) {
    const char *part = back < 0 ? "" : back < 1.0 / 3 ? ", anterior" : back < 2.0 / 3 ? ", lateral" : ", posterior";
    const char *side = left ? "left" : "right";
    return number ? bfl_arena_printf(arena, "%s rib %d%s", side, number, part)
                  : bfl_arena_printf(arena, "%s rib%s, number uncertain", side, part);
}

const char *bfl_site_text(bfl_arena *arena, int code, double back) {
    static const char *const BONES[] = {"left humerus",  "right humerus",  "left scapula", "right scapula",
                                        "left clavicle", "right clavicle", "left femur",   "right femur",
                                        "left ilium",    "right ilium"};
    enum { FIRST = 69, SKULL = 91, CARTILAGE = 117 };
    char name[8] = "";
    switch (code) {
    case BFL_BONE_SACRUM:
    case BFL_BONE_S1: return "sacrum";
    case BFL_BONE_STERNUM: return "sternum";
    case SKULL: return "skull";
    case CARTILAGE: return "costal cartilage";
    case BFL_BONE_THORACIC: return vertebra_text(arena, "thoracic", back, ", level uncertain");
    case BFL_BONE_LUMBAR: return vertebra_text(arena, "lumbar", back, ", level uncertain");
    case BFL_BONE_VERTEBRA: return vertebra_text(arena, "", back, ", level uncertain");
    case BFL_BONE_SOME_RIB:
    case BFL_BONE_SOME_RIB + 1: return rib_text(arena, code == BFL_BONE_SOME_RIB, 0, back);
    case BFL_BONE_HIP_OR_FEMUR: return "left hip bone or femur";
    case BFL_BONE_HIP_OR_FEMUR + 1: return "right hip bone or femur";
    default: break;
    }
    if (code >= FIRST && code <= BFL_BONE_HIP + 1) return BONES[code - FIRST];
    if (code >= BFL_BONE_RIB_LEFT && code < BFL_BONE_STERNUM)
        return rib_text(arena, code < BFL_BONE_RIB_RIGHT, (code - BFL_BONE_RIB_LEFT) % 12 + 1, back);
    if (code < BFL_BONE_L5 || code > BFL_BONE_C1) return "bone, unlabelled";
    const int number = code <= BFL_BONE_L1   ? BFL_BONE_L1 - code + 1
                       : code <= BFL_BONE_T1 ? BFL_BONE_T1 - code + 1
                                             : BFL_BONE_C1 - code + 1;
    (void)snprintf(name, sizeof name, "%c%d", code <= BFL_BONE_L1 ? 'L' : code <= BFL_BONE_T1 ? 'T' : 'C', number);
    return vertebra_text(arena, name, back, "");
}
