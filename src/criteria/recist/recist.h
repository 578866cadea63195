/* SPDX-License-Identifier: Apache-2.0 */
/* recist: RECIST 1.1 over the visits, read three ways: literally, with its note on flare, and without bone. */
#ifndef BFL_CRITERIA_RECIST_RECIST_H
#define BFL_CRITERIA_RECIST_RECIST_H

#include "criteria/disease.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

typedef enum bfl_recist_lens {
    BFL_LENS_LITERAL,
    BFL_LENS_FLARE_NOTE,
    BFL_LENS_SOFT_TISSUE,
    BFL_LENS_COUNT
} bfl_recist_lens;

typedef struct bfl_recist {
    bfl_disease disease; /* its visits: as many as there are visits */
    const bfl_criterion_visit *readings[BFL_LENS_COUNT];
    bool measurable;
    bool soft_tissue_stands; /* no later study changes what the reading without bone said of an earlier visit */
    const bfl_issue *issues;
    size_t issue_count;
} bfl_recist;

const bfl_recist *bfl_recist_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                    const bfl_visits *visits);
/* The reading without bone alone, with neither reasons nor issues: day, first_day, baseline and soft_tissue of every visit. */
const bfl_recist_visit *bfl_recist_soft_tissue(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                               const bfl_visits *visits);

#endif
