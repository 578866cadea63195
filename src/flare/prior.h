/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: the probability of flare before looking at this patient's findings. */
#ifndef BFL_FLARE_PRIOR_H
#define BFL_FLARE_PRIOR_H

#include "flare/evidence.h"

/* Sets the prior of `bone` from drug class, tumour, modality, line and time, and notes the time window among the findings. */
void prior_set(inquiry *q, bfl_bone *bone);
/* The same where no day of the question is known. */
void prior_set_undated(inquiry *q, bfl_bone *bone);

#endif
