/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far off the scans still lie, place by place: the shift that would make the bone around a place fit best, by one step of
 * Gauss-Newton on the moved baseline. What was found as changed is left out, so that a lesion is not taken for a misfit. A finding
 * where the bone around it does not fit may be no change at all: its words say so.
 */
#include "lesion/lesion.h"

#include <math.h>

static const double RADIUS_MM = 15, PLACE_MM = 12, SCALE_HU = 150;
enum { LEAST_VOXELS = 150, BINS = 400 };

typedef struct looking {
    const bfl_ct *ct;
    const uint16_t *label; /* of findings */
    double matrix[3][3], right[3];
    size_t voxels;
} looking;

/* Bone at both dates that is no finding and touches none. */
static bool counts(const looking *l, size_t v, const size_t stride[3]) {
    if (!l->ct->marks.bone_before->in[v] || !l->ct->marks.bone_after->in[v] || l->label[v]) return false;
    for (int a = 0; a < 3; a++)
        if (l->label[v - stride[a]] || l->label[v + stride[a]]) return false;
    return true;
}

static void add_voxel(looking *l, size_t v, const size_t stride[3]) {
    const bfl_image *after = l->ct->marks.after, *before = l->ct->marks.before;
    const double r = (double)(after->value[v] - before->value[v]) - l->ct->fit.offset_hu, q = r / SCALE_HU;
    const double weight = 1 / ((1 + q * q) * (1 + q * q));
    double slope[3];
    for (int a = 0; a < 3; a++)
        slope[a] =
            (double)(before->value[v + stride[a]] - before->value[v - stride[a]]) / (2 * (double)before->spacing_mm[a]);
    for (int a = 0; a < 3; a++) {
        l->right[a] += weight * slope[a] * r;
        for (int b = 0; b < 3; b++) l->matrix[a][b] += weight * slope[a] * slope[b];
    }
    l->voxels++;
}

static double determinant(double m[3][3]) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/* Length of the best shift. Along a direction without edges nothing can be told, and the ridge keeps it short. */
static double shift_of(looking *l) {
    static const double RIDGE = 0.01;
    double square = 0;
    const double trace = l->matrix[0][0] + l->matrix[1][1] + l->matrix[2][2];
    for (int a = 0; a < 3; a++) l->matrix[a][a] += RIDGE * trace;
    const double all = determinant(l->matrix);
    for (int a = 0; a < 3 && all > 0; a++) {
        double replaced[3][3];
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++) replaced[r][c] = c == a ? l->right[r] : l->matrix[r][c];
        const double along = determinant(replaced) / all;
        square += along * along;
    }
    return sqrt(square);
}

/* Millimetres at a voxel of the working grid; below 0 when there is too little bone to tell. */
static double misfit_at(const bfl_ct *ct, const uint16_t *label, const int32_t at[3]) {
    const int32_t *n = ct->marks.after->size;
    const double mm = (double)ct->marks.after->spacing_mm[0];
    const size_t stride[3] = {1, (size_t)n[0], (size_t)n[0] * (size_t)n[1]};
    const int32_t reach = (int32_t)(RADIUS_MM / mm);
    looking l = {.ct = ct, .label = label};
    for (int32_t k = -reach; k <= reach; k++)
        for (int32_t j = -reach; j <= reach; j++)
            for (int32_t i = -reach; i <= reach; i++) {
                const int32_t d[3] = {i, j, k};
                bool inside = (double)(i * i + j * j + k * k) * mm * mm <= RADIUS_MM * RADIUS_MM;
                size_t v = 0;
                for (int a = 0; a < 3; a++) {
                    const int32_t x = at[a] + d[a];
                    inside &= x > 0 && x < n[a] - 1;
                    v += inside ? (size_t)x * stride[a] : 0;
                }
                if (inside && counts(&l, v, stride)) add_voxel(&l, v, stride);
            }
    return l.voxels < LEAST_VOXELS ? -1 : shift_of(&l);
}

/* Over places in bone on a lattice: median, 95th percentile, share over the limit. */
static void survey(bfl_ct *ct, const uint16_t *label, double limit) {
    const bfl_image *after = ct->marks.after;
    const int32_t step = (int32_t)(PLACE_MM / (double)after->spacing_mm[0]), *n = after->size;
    size_t bins[BINS] = {0}, all = 0, over = 0, below = 0;
    for (int32_t k = step / 2; k < n[2]; k += step)
        for (int32_t j = step / 2; j < n[1]; j += step)
            for (int32_t i = step / 2; i < n[0]; i += step) {
                if (!ct->marks.bone_after->in[bfl_image_index(after, i, j, k)]) continue;
                const double mm = misfit_at(ct, label, (int32_t[3]){i, j, k});
                if (mm < 0) continue;
                bins[(int32_t)fmin(mm * 100, BINS - 1)]++;
                all++;
                over += mm > limit;
            }
    ct->fit.misfit_places = all;
    ct->fit.misfit_share = all ? (double)over / (double)all : 0;
    for (int b = 0; b < BINS && all; b++) {
        below += bins[b];
        if (!(ct->fit.misfit_mm > 0) && below * 2 >= all) ct->fit.misfit_mm = (double)(b + 1) / 100;
        if (!(ct->fit.misfit_p95_mm > 0) && below * 20 >= all * 19) ct->fit.misfit_p95_mm = (double)(b + 1) / 100;
    }
}

void bfl_lesion_misfit(bfl_arena *arena, bfl_ct *ct) {
    const double limit = bfl_rule_double(ct->rulebook, BFL_NUM_CT_FIT_DOUBTFUL__SHIFT_MM);
    bfl_arena_mark mark = bfl_arena_here(arena);
    const uint16_t *label = bfl_lesion_labels(arena, ct);
    survey(ct, label, limit);
    for (size_t n = 0; n < ct->finding_count; n++) {
        int32_t at[3];
        for (int a = 0; a < 3; a++)
            at[a] = (int32_t)lrintf(ct->marks.items[n].peak_mm[a] / ct->marks.after->spacing_mm[a]);
        ct->findings[n].misfit_mm = misfit_at(ct, label, at);
    }
    bfl_arena_back(arena, mark);
    for (size_t n = 0; n < ct->finding_count; n++) {
        bfl_finding *f = &ct->findings[n];
        f->doubtful = f->misfit_mm > limit;
        if (f->doubtful)
            f->words = bfl_arena_printf(arena, "%s; the bone around it lies %s mm off: it may be no change", f->words,
                                        bfl_decimal_z(arena, bfl_decimal_from_double(f->misfit_mm, 1), 1));
    }
}
