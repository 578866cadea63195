/* SPDX-License-Identifier: Apache-2.0 */
/* mda: MD Anderson bone response criteria (Hamaoka 2004) over the same visits. */
#ifndef BFL_CRITERIA_MDA_MDA_H
#define BFL_CRITERIA_MDA_MDA_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* `elsewhere`: the response outside bone at each visit, which the flare clause asks for. */
const bfl_criterion_visit *bfl_mda_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits, const bfl_criterion_visit *elsewhere);

#endif
