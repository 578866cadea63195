/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/study.h"

enum {
    SCLEROSING = BFL_CHANGE_SCLEROSED | BFL_CHANGE_DENSER | BFL_CHANGE_RIM | BFL_CHANGE_FILLED_IN,
    DESTROYING = BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS
};

bool bfl_study_absent(const bfl_lesion *row) { return row->state == BFL_LESION_ABSENT; }

bool bfl_study_present(const bfl_lesion *row) {
    return row->state != BFL_LESION_ABSENT && row->state != BFL_LESION_NOT_EVALUABLE &&
           row->state != BFL_LESION_EQUIVOCAL;
}

bool bfl_study_functional(const bfl_lesion *row) {
    return row->modality == BFL_MODALITY_BONE_SCAN || row->modality == BFL_MODALITY_FDG_PET ||
           row->modality == BFL_MODALITY_PSMA_PET || row->modality == BFL_MODALITY_NAF_PET;
}

bool bfl_study_sees_marrow(const bfl_lesion *row) {
    return row->modality == BFL_MODALITY_MRI || row->modality == BFL_MODALITY_FDG_PET ||
           row->modality == BFL_MODALITY_PSMA_PET || row->modality == BFL_MODALITY_NAF_PET;
}

bool bfl_study_sclerosing(const bfl_lesion *row) { return (row->changes & SCLEROSING) != 0; }

bool bfl_study_destroying(const bfl_lesion *row) { return (row->changes & DESTROYING) != 0; }
