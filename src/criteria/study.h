/* SPDX-License-Identifier: Apache-2.0 */
/* study: what one row of an imaging study says about its lesion, in the words that every criterion shares. */
#ifndef BFL_CRITERIA_STUDY_H
#define BFL_CRITERIA_STUDY_H

#include "record/record.h"

/* Looked for and not there. */
static inline bool bfl_study_absent(const bfl_lesion *row) { return row->state == BFL_LESION_ABSENT; }

/* There for certain: any state but absent, not evaluable and equivocal. */
static inline bool bfl_study_present(const bfl_lesion *row) {
    return row->state != BFL_LESION_ABSENT && row->state != BFL_LESION_NOT_EVALUABLE &&
           row->state != BFL_LESION_EQUIVOCAL;
}

/* Bone scan and PET show activity; all else shows anatomy. */
static inline bool bfl_study_functional(const bfl_lesion *row) {
    return row->modality == BFL_MODALITY_BONE_SCAN || row->modality == BFL_MODALITY_FDG_PET ||
           row->modality == BFL_MODALITY_PSMA_PET || row->modality == BFL_MODALITY_NAF_PET;
}

/* PET and MRI see disease of the marrow that CT and radiographs miss. */
static inline bool bfl_study_sees_marrow(const bfl_lesion *row) {
    return row->modality == BFL_MODALITY_MRI || row->modality == BFL_MODALITY_FDG_PET ||
           row->modality == BFL_MODALITY_PSMA_PET || row->modality == BFL_MODALITY_NAF_PET;
}

/* A word of the reader for new sclerosis: sclerosed, denser, rim, filled in. */
static inline bool bfl_study_sclerosing(const bfl_lesion *row) {
    return (row->changes & (BFL_CHANGE_SCLEROSED | BFL_CHANGE_DENSER | BFL_CHANGE_RIM | BFL_CHANGE_FILLED_IN)) != 0;
}

/* Lytic growth or a soft-tissue mass: never healing. */
static inline bool bfl_study_destroying(const bfl_lesion *row) {
    return (row->changes & (BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS)) != 0;
}

#endif
