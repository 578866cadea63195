/* SPDX-License-Identifier: Apache-2.0 */
/* count: how many bone lesions a scan shows that an earlier one did not. */
#ifndef BFL_CRITERIA_PCWG_COUNT_H
#define BFL_CRITERIA_PCWG_COUNT_H

#include "criteria/visits.h"

/* A visit as a study of bone. */
typedef struct bfl_scan {
    bfl_event_list rows; /* that speak of bone; not to be added to */
    bool done;           /* bone was studied */
} bfl_scan;

/* What the rows of one lesion say up to a visit: the largest number among those of a visit. */
typedef struct bfl_scan_course {
    bfl_decimal now, most; /* at the last visit that described it; ever so far */
    bool called_new, numbered;
} bfl_scan_course;

typedef struct bfl_scans {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_visits *visits;
    bfl_modality modality;          /* bone scan, else CT; NONE when neither was done after the baseline */
    const bfl_scan *at;             /* each visit */
    const bfl_scan_course *courses; /* of each bone lesion, visit after visit */
    size_t lesion_count;            /* in bone */
} bfl_scans;

/* Chooses the modality and reads every scan. */
bfl_scans bfl_scans_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                       const bfl_visits *visits);
/* Lesions of visit `at` that no visit up to `reference` had shown. */
bfl_decimal bfl_scans_new(const bfl_scans *s, size_t at, size_t reference);
/* Does the visit, or the last one that studied it before, show any bone lesion? */
bool bfl_scans_any(const bfl_scans *s, size_t at);

#endif
