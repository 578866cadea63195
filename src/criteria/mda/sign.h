/* SPDX-License-Identifier: Apache-2.0 */
/* sign: what one bone lesion shows at one visit, in the terms of the MDA criteria. */
#ifndef BFL_CRITERIA_MDA_SIGN_H
#define BFL_CRITERIA_MDA_SIGN_H

#include "criteria/visits.h"

/* In rising order of weight: the strongest sign of a visit speaks. Healing outweighs activity that may be flare. */
typedef enum bfl_bone_sign {
    BFL_SIGN_UNSEEN,
    BFL_SIGN_GONE,
    BFL_SIGN_SAME,
    BFL_SIGN_FLARE_LIKE,
    BFL_SIGN_BETTER,
    BFL_SIGN_WORSE
} bfl_bone_sign;

typedef struct bfl_lesion_sign {
    bfl_bone_sign sign;
    bfl_rule_index rule;
    bool sclerosis; /* FLARE_LIKE: new sclerosis, not uptake alone */
    bool unchanged; /* FLARE_LIKE: and stable since the study before */
} bfl_lesion_sign;

bfl_lesion_sign bfl_mda_sign(const bfl_record *record, const bfl_rulebook *rulebook, const bfl_visits *visits,
                             const bfl_tracked *lesion, bfl_rows rows);

#endif
