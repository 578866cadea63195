/* SPDX-License-Identifier: Apache-2.0 */
/* parts: what the files of this folder share. */
#ifndef BFL_CRITERIA_IRECIST_PARTS_H
#define BFL_CRITERIA_IRECIST_PARTS_H

#include "criteria/irecist/irecist.h"

/* A category of disease that may progress, as a set. */
typedef enum bfl_ipart { BFL_IPART_TARGET = 1 << 0, BFL_IPART_NONTARGET = 1 << 1, BFL_IPART_NEW = 1 << 2 } bfl_ipart;

/* What one visit shows, before it is compared with an earlier progression. */
typedef struct bfl_ifindings {
    int32_t day;
    bfl_response target, nontarget; /* as RECIST 1.1 reads them */
    unsigned progressed;            /* categories that meet progression of RECIST 1.1 at this visit */
    unsigned further;               /* categories that grew since the open progression was first seen */
    bool again;                     /* no lesion is new at this visit: those of before progressed */
    bool new_there;                 /* a new lesion of an earlier visit is still there */
    bool shrunk;                    /* targets or new lesions are smaller than at the assessment before */
} bfl_ifindings;

/* The open, unconfirmed progression. */
typedef struct bfl_iopen {
    bool open, confirmed;
    int32_t since;  /* day */
    size_t visit;   /* that first showed it */
    unsigned parts; /* that progressed then */
} bfl_iopen;

typedef struct bfl_iwindow {
    int32_t minimum_days, maximum_days;
    bool late_refused;
} bfl_iwindow;

/* ---- timepoint.c ---- */

/* Table 2: the response of a visit, the rule that decided, and what stays open. */
bfl_response bfl_irecist_timepoint(const bfl_iwindow *window, bfl_iopen *state, const bfl_ifindings *f,
                                   bfl_rule_index *rule);

/* ---- followup.c ---- */

/* A lesion that is new since the baseline, on the list of new targets or of new non-targets. */
typedef struct bfl_inew {
    const bfl_followed *lesion;
    size_t appears; /* visit */
    bool target;
    bfl_modality method; /* that measured it first */
} bfl_inew;

typedef struct bfl_icase {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_visits *visits;
    const bfl_disease *disease;
    const bfl_inew *news;
    size_t new_count;
    bool new_targets; /* some of them are targets */
} bfl_icase;

/* Puts every new lesion on one of the two lists, in the order in which they appear. */
void bfl_irecist_list_new(bfl_icase *c);
/* What visit `i` shows, growth being judged from the open progression on. */
bfl_ifindings bfl_irecist_look(const bfl_icase *c, size_t i, const bfl_iopen *state);

#endif
