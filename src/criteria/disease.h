/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disease: what RECIST and the criteria derived from it share: lesions followed from the baseline, their sizes, and the
 * table that joins target, non-target and new lesions.
 */
#ifndef BFL_CRITERIA_DISEASE_H
#define BFL_CRITERIA_DISEASE_H

#include "criteria/visits.h"
#include <boneflare/criteria.h>

/* One lesion as RECIST follows it. */
typedef struct bfl_followed {
    const bfl_tracked *tracked;
    bool target;
    bool nontarget;
    bool seen_before;             /* present in some study up to the baseline */
    bool anatomy_before;          /* ... in one that shows anatomy */
    bool marrow_before;           /* PET or MRI looked at it up to the baseline */
    bool absent_before;           /* looked for up to the baseline and not there */
    bfl_maybe baseline_mm;        /* of a target; missing when the table gives words only */
    bfl_modality method;          /* that measured it at baseline */
    bfl_new_lesions *newness;     /* per visit; NULL for a lesion that was never a candidate */
    bfl_rule_index *newness_rule; /* per visit, meaningful unless newness is NONE and nothing was claimed */
    bfl_reason *why_new;          /* per visit, told once for all readings; without a rule: not told yet */
    const char *note_says[2];     /* of a new bone lesion under the note on flare: that it counts, that it does not */
    const uint8_t *seen;          /* of a non-target, per visit: bfl_seen of recist/parts.h */
    bool heir;                    /* a part of a target that split, or the whole that targets merged into */
} bfl_followed;

/* What RECIST makes of one patient, for the criteria derived from it. */
typedef struct bfl_disease {
    const bfl_recist_visit *visits;
    const bfl_criterion_visit *literal;
    const bfl_followed *lesions; /* as many as there are tracked lesions, in their order */
    size_t lesion_count;
} bfl_disease;

/* ---- measure.c ---- */

typedef struct bfl_measure {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
} bfl_measure;

typedef enum bfl_size_kind { BFL_SIZE_MISSING, BFL_SIZE_GIVEN, BFL_SIZE_TOO_SMALL, BFL_SIZE_GONE } bfl_size_kind;
typedef struct bfl_size {
    bfl_size_kind kind;
    bfl_decimal mm; /* 0 when gone, the default when too small */
    size_t row;     /* SIZE_MAX when no row describes it */
} bfl_size;

/* The size of a lesion among the rows of one visit: short axis of a node, soft-tissue part in bone, else the longest diameter. */
bfl_size bfl_lesion_size(const bfl_measure *m, const bfl_tracked *lesion, bfl_rows rows, bfl_modality method);
/* Is a lesion of this size, in this row, measurable? */
bool bfl_lesion_measurable(const bfl_measure *m, const bfl_tracked *lesion, const bfl_size *size);
/* Lesions called "other", or without an organ, are in one organ when they are at one site. */
bool bfl_lesion_same_organ(const bfl_tracked *a, const bfl_tracked *b);

/* ---- tables.c ---- */

/* Tables 1 and 2 of RECIST 1.1. */
bfl_response bfl_recist_overall(bfl_response target, bfl_response nontarget, bfl_new_lesions new_lesions,
                                bfl_rule_index *table);

#endif
