/* SPDX-License-Identifier: Apache-2.0 */
/* study: what one row of an imaging study says about its lesion, in the words that every criterion shares. */
#ifndef BFL_CRITERIA_STUDY_H
#define BFL_CRITERIA_STUDY_H

#include "record/record.h"

/* Looked for and not there. */
bool bfl_study_absent(const bfl_lesion *row);
/* There for certain: any state but absent, not evaluable and equivocal. */
bool bfl_study_present(const bfl_lesion *row);
/* Bone scan and PET show activity; all else shows anatomy. */
bool bfl_study_functional(const bfl_lesion *row);
/* PET and MRI see disease of the marrow that CT and radiographs miss. */
bool bfl_study_sees_marrow(const bfl_lesion *row);
/* A word of the reader for new sclerosis: sclerosed, denser, rim, filled in. */
bool bfl_study_sclerosing(const bfl_lesion *row);
/* Lytic growth or a soft-tissue mass: never healing. */
bool bfl_study_destroying(const bfl_lesion *row);

#endif
