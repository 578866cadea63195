/* SPDX-License-Identifier: Apache-2.0 */
/* count: how many bone lesions a scan shows that an earlier one did not. */
#ifndef BFL_CRITERIA_PCWG_COUNT_H
#define BFL_CRITERIA_PCWG_COUNT_H

#include "criteria/visits.h"
#include "reason/reason.h"

/* What rows of one study day after another say: the largest number among those of a visit. */
typedef struct bfl_scan_course {
    bfl_decimal now, most; /* at the last visit that described it; ever so far */
    bool described, called_new, numbered;
    size_t read; /* visits that went into it */
} bfl_scan_course;

typedef struct bfl_scans {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_visits *visits;
    bfl_modality modality;       /* bone scan, else CT; NONE when neither was done after the baseline */
    bfl_scan_course *now, *then; /* of each lesion, up to the visit last asked about and up to the last reference */
} bfl_scans;

/* Chooses the modality. */
bfl_scans bfl_scans_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                       const bfl_visits *visits);
/* Was bone studied at this visit? */
bool bfl_scans_done(const bfl_scans *s, size_t visit);
/* Lesions of visit `at` that no visit up to `reference` had shown. */
bfl_decimal bfl_scans_new(const bfl_scans *s, size_t at, size_t reference);
/* Does the visit, or the last one that studied it before, show any bone lesion? */
bool bfl_scans_any(const bfl_scans *s, size_t at);
/* The rows that speak of bone at this visit. */
bfl_event_list bfl_scans_rows(const bfl_scans *s, size_t visit);

#endif
