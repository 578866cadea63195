/* SPDX-License-Identifier: Apache-2.0 */
/* The bone of each finding: by the spine as it is found in the follow-up, or by the labels that the user gives of the baseline. */
#include "lesion/lesion.h"
#include "lesion/site.h"

#include <math.h>

bfl_status bfl_lesion_check_labels(const bfl_scan *labels, const bfl_scan *baseline, bfl_error *err) {
    const bfl_volume *v = labels->volume;
    const size_t voxels = bfl_grid_voxels(&v->grid);
    if (!bfl_grid_same(&v->grid, &baseline->volume->grid))
        return bfl_fail(err, BFL_EINVAL, labels->info.path, 0, "the labels do not lie on the voxels of the baseline");
    for (size_t i = 0; i < voxels; i++)
        if (v->hu[i] != BFL_HU_NONE && (v->hu[i] < 0 || v->hu[i] > BFL_BONE_HIGHEST))
            return bfl_fail(err, BFL_EINVAL, labels->info.path, 0,
                            "label %d: TotalSegmentator 2 numbers its classes 1 to %d", v->hu[i], BFL_BONE_HIGHEST);
    return BFL_OK;
}

static bool is_bone(int label) {
    return (label >= BFL_BONE_SACRUM && label <= BFL_BONE_C1) || (label >= 69 && label <= BFL_BONE_HIP + 1) ||
           label == 91 || (label >= BFL_BONE_RIB_LEFT && label <= BFL_BONE_HIGHEST);
}

/* The label of the baseline at a place of the follow-up's frame; of what touches it where it is none, as new bone lies beyond. */
static int label_at(const bfl_ct *ct, const bfl_volume *labels, const float fixed_mm[3]) {
    static const int32_t NEXT[7][3] = {{0, 0, 0}, {1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
    float mm[3];
    bfl_transform_point(&ct->transform, fixed_mm, mm);
    for (int n = 0; n < 7; n++) {
        int32_t at[3];
        bool inside = true;
        for (int a = 0; a < 3; a++) {
            at[a] = (int32_t)lrint((double)mm[a] / labels->grid.spacing_mm[a]) + NEXT[n][a];
            inside &= at[a] >= 0 && at[a] < labels->grid.size[a];
        }
        const int label = inside ? labels->hu[bfl_grid_index(&labels->grid, at[0], at[1], at[2])] : 0;
        if (is_bone(label)) return label;
    }
    return BFL_BONE_NONE;
}

static int label_of_mark(const bfl_ct *ct, const bfl_volume *labels, const bfl_mark *mark) {
    const bfl_image *image = ct->marks.after;
    size_t votes[BFL_BONE_HIGHEST + 1] = {0}, best = 0;
    for (size_t n = 0; n < mark->count; n++) {
        int32_t at[3];
        float mm[3];
        bfl_voxel_at(image->size, mark->voxels[n], at);
        for (int a = 0; a < 3; a++) mm[a] = (float)at[a] * image->spacing_mm[a];
        votes[label_at(ct, labels, mm)]++;
    }
    for (size_t l = 1; l <= BFL_BONE_HIGHEST; l++)
        if (votes[l] > (best ? votes[best] : 0)) best = l;
    return (int)best;
}

/* From where to where a label reaches, front to back; -1 when the place has nothing to be compared with. */
static double back_of_label(const bfl_volume *labels, int label, double y_mm) {
    const bfl_grid *g = &labels->grid;
    int32_t low = g->size[1], high = -1;
    size_t v = 0;
    for (int32_t k = 0; k < g->size[2]; k++)
        for (int32_t j = 0; j < g->size[1]; j++)
            for (int32_t i = 0; i < g->size[0]; i++, v++) {
                if (labels->hu[v] != label) continue;
                low = j < low ? j : low;
                high = j > high ? j : high;
            }
    return high > low ? (y_mm / g->spacing_mm[1] - low) / (high - low) : -1;
}

void bfl_lesion_find_sites(bfl_arena *arena, bfl_ct *ct, const bfl_ct_options *how) {
    bfl_arena *scratch = bfl_arena_scratch(arena);
    const bfl_arena_mark nothing = bfl_arena_here(scratch);
    const bfl_volume *labels = how->labels ? how->labels->volume : NULL;
    const bfl_anatomy anatomy = bfl_anatomy_of(scratch, ct->marks.after, ct->marks.bone_after, &ct->marks.canal_after);
    ct->bones = BFL_NEW_ARRAY(arena, ct->finding_count + 1, int);
    for (size_t n = 0; n < ct->finding_count; n++) {
        const bfl_mark *mark = &ct->marks.items[n];
        const int code =
            labels ? label_of_mark(ct, labels, mark) : bfl_anatomy_of_voxels(&anatomy, mark->voxels, mark->count);
        double back = bfl_anatomy_back(&anatomy, code, mark->peak_mm);
        if (labels && code >= BFL_BONE_RIB_LEFT) {
            float mm[3];
            bfl_transform_point(&ct->transform, mark->peak_mm, mm);
            back = back_of_label(labels, code, (double)mm[1]);
        }
        ct->findings[n].site = bfl_site_text(arena, code, back);
        ct->bones[n] = code;
        ct->findings[n].labelled = code != BFL_BONE_NONE;
    }
    bfl_arena_back(scratch, nothing);
}
