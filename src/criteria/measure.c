/* SPDX-License-Identifier: Apache-2.0 */
/* The size of a lesion at a visit, and whether that size is measurable. */
#include "criteria/disease.h"
#include "criteria/study.h"

static bfl_maybe number_of(const bfl_lesion *row, bfl_organ organ) {
    bfl_maybe mm = organ == BFL_ORGAN_NODE   ? row->short_mm
                   : organ == BFL_ORGAN_BONE ? row->soft_tissue_mm
                                             : row->longest_mm;
    if (mm.value.mantissa < 0) mm.present = false;
    return mm;
}

static bfl_size size_of_row(const bfl_measure *m, bfl_organ organ, size_t index) {
    const bfl_lesion *row = &m->record->lesions[index];
    bfl_maybe mm = number_of(row, organ);
    bfl_size size = {.kind = BFL_SIZE_MISSING, .row = index};
    if (row->state == BFL_LESION_NOT_EVALUABLE) return size;
    if (row->state == BFL_LESION_ABSENT) {
        if (!bfl_study_functional(row) && (!mm.present || bfl_decimal_is_zero(mm.value))) size.kind = BFL_SIZE_GONE;
        return size;
    }
    if (mm.present) {
        size.kind = bfl_decimal_is_zero(mm.value) ? BFL_SIZE_GONE : BFL_SIZE_GIVEN;
        size.mm = mm.value;
    } else if (row->state == BFL_LESION_TOO_SMALL) {
        size.kind = BFL_SIZE_TOO_SMALL;
        size.mm = bfl_rule_number(m->rulebook, BFL_NUM_RECIST11_TARGET_TOO_SMALL__DEFAULT_MM);
    }
    return size;
}

/* Which of two rows of a visit speaks for the lesion: one that tells a size, then anatomy, then the method of the baseline. */
static int merit(const bfl_measure *m, const bfl_size *size, bfl_modality method) {
    const bfl_lesion *row = &m->record->lesions[size->row];
    int points = size->kind != BFL_SIZE_MISSING;
    points = points * 2 + !bfl_study_functional(row);
    return points * 2 + (method != BFL_MODALITY_NONE && row->modality == method);
}

bfl_size bfl_lesion_size(const bfl_measure *m, const bfl_tracked *lesion, bfl_rows rows, bfl_modality method) {
    if (rows.count == 1) return size_of_row(m, lesion->organ, rows.items[0]);
    bfl_size best = {.kind = BFL_SIZE_MISSING, .row = SIZE_MAX};
    int best_merit = -1;
    for (size_t i = 0; i < rows.count; i++) {
        bfl_size size = size_of_row(m, lesion->organ, rows.items[i]);
        int points = merit(m, &size, method);
        if (points < best_merit) continue;
        best = size;
        best_merit = points;
    }
    return best;
}

static bool cannot_measure(const bfl_lesion *row) {
    return row->modality == BFL_MODALITY_BONE_SCAN || row->modality == BFL_MODALITY_ULTRASOUND ||
           row->modality == BFL_MODALITY_FDG_PET || row->modality == BFL_MODALITY_PSMA_PET ||
           row->modality == BFL_MODALITY_NAF_PET;
}

static bfl_decimal smallest_measurable(const bfl_measure *m, bfl_organ organ, const bfl_lesion *row) {
    bfl_decimal least = bfl_rule_number(
        m->rulebook, organ == BFL_ORGAN_NODE              ? BFL_NUM_RECIST11_MEASURABLE_NODE__SHORT_AXIS_MM
                     : organ == BFL_ORGAN_BONE            ? BFL_NUM_RECIST11_MEASURABLE_BONE__SOFT_TISSUE_MM
                     : row->modality == BFL_MODALITY_XRAY ? BFL_NUM_RECIST11_MEASURABLE_LESION__RADIOGRAPH_MM
                                                          : BFL_NUM_RECIST11_MEASURABLE_LESION__LONGEST_MM);
    bfl_decimal thick = bfl_rule_number(m->rulebook, BFL_NUM_RECIST11_MEASURABLE_SLICE__SLICE_MM);
    if (!row->slice_mm.present || bfl_decimal_compare(row->slice_mm.value, thick) <= 0) return least;
    bfl_decimal doubled = bfl_decimal_multiply(
        row->slice_mm.value, bfl_rule_number(m->rulebook, BFL_NUM_RECIST11_MEASURABLE_SLICE__TIMES_FACTOR));
    return bfl_decimal_compare(doubled, least) > 0 ? doubled : least;
}

bool bfl_lesion_measurable(const bfl_measure *m, const bfl_tracked *lesion, const bfl_size *size) {
    if (size->kind != BFL_SIZE_GIVEN) return false;
    const bfl_lesion *row = &m->record->lesions[size->row];
    if (cannot_measure(row)) return false;
    if (lesion->organ == BFL_ORGAN_BONE) {
        bool part_lytic = row->matrix == BFL_MATRIX_LYTIC || row->matrix == BFL_MATRIX_MIXED;
        if (!part_lytic || row->modality == BFL_MODALITY_XRAY) return false;
    }
    return bfl_decimal_compare(size->mm, smallest_measurable(m, lesion->organ, row)) >= 0;
}

bool bfl_lesion_same_organ(const bfl_tracked *a, const bfl_tracked *b) {
    if (a->organ != b->organ) return false;
    if (a->organ != BFL_ORGAN_NONE && a->organ != BFL_ORGAN_OTHER) return true;
    return bfl_site_same(a->site, b->site);
}
