/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the room: collected responses as rows, and the steps over them. */
#ifndef BFL_RECONCILE_PARTS_H
#define BFL_RECONCILE_PARTS_H

#include "criteria/criteria.h"
#include "endpoint/endpoint.h"
#include "format/format.h"
#include "num/num.h"
#include "reconcile/reconcile.h"

#include "reason/reason.h"

/* A response as collected: a statement whose topic is response.CATEGORY.TEST.EVALUATOR.EVALUATOR ID. */
typedef struct collected {
    const bfl_note *note;
    const char *category, *test, *evaluator, *evaluator_id, *visit;
    bool accepted, not_done;
} collected;

typedef BFL_LIST(collected) collected_list;
typedef BFL_LIST(bfl_disagreement) disagreement_list;
typedef BFL_LIST(bfl_concordance) concordance_list;

/* The collected responses of a record, in the order of its statements (collected.c). */
collected_list bfl_collected_of(bfl_arena *arena, const bfl_record *record);
/* "INVESTIGATOR", "INDEPENDENT ASSESSOR, RADIOLOGIST 1". */
const char *bfl_collected_reader(bfl_arena *arena, const char *evaluator, const char *evaluator_id);
/* Is the word a response of CDISC's codelist, or empty? */
bool bfl_collected_known(const char *word);

/* What the criteria make of a test: which criterion, and which part of it; false: nothing is derived for it. */
typedef struct derivation {
    bfl_reconciled what;
    const char *criterion;
} derivation;
bool bfl_derivation_of(const collected *c, derivation *out);

typedef struct reconcile {
    bfl_arena *arena;
    const bfl_study *study;
    const bfl_rulebook *rulebook;
    bfl_endpoint_options policies;
    bfl_reconciliation *out;
    disagreement_list disagreements;
    concordance_list concordances;
    BFL_LIST(const char *)
    derived_overall, collected_overall; /* pairs, for the table of the reader against the rules */
} reconcile;

/* Compares one record (compare.c). */
void bfl_reconcile_record(reconcile *r, const bfl_record *record);
/* Tables of agreement (concordance.c). */
void bfl_reconcile_readers(reconcile *r);
void bfl_reconcile_derived(reconcile *r);

#endif
