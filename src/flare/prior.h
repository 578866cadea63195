/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: the probability of flare before looking at this patient's findings. */
#ifndef BFL_FLARE_PRIOR_H
#define BFL_FLARE_PRIOR_H

#include "flare/evidence.h"

/* Sets prior_rule and prior_p_flare from the drug class, and adds the time window to the findings. */
void prior_set(inquiry *q, bfl_bone *bone);

#endif
