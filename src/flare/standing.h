/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: findings of one day weighed, and what of them stands from day to day. */
#ifndef BFL_FLARE_STANDING_H
#define BFL_FLARE_STANDING_H

#include "flare/evidence.h"
#include "flare/past.h"

typedef struct standing standing;
standing *standing_new(bfl_arena *arena);
/* What was weighed last is to stay whole until the next that is remembered. */
void standing_remember(standing *s);

/* Prior, findings and probabilities of the day of q->findings. What stands from the last day weighed with `s` is not found again
 * (NULL: nothing does); `now`: the rows known on the day, read with `s`. The evidence lies in q->arena and in `s`.
 * false: nothing was found anew since the day that was remembered last, whose judgement has the same findings and probabilities;
 * of the bone only the days are set. */
bool weigh(inquiry *q, standing *s, const known_rows *now, bfl_bone *bone);

#endif
