/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: findings in this record that speak for or against, each by its rule. */
#ifndef BFL_FLARE_EVIDENCE_H
#define BFL_FLARE_EVIDENCE_H

#include "flare/episode.h"

typedef BFL_LIST(bfl_evidence) evidence_list;

/* Everything a detector needs. */
typedef struct inquiry {
    bfl_arena *arena;
    const bfl_findings *findings;
    const episode *episode;
    evidence_list found;
} inquiry;

/* Adds the finding with the rule's group and likelihood ratio. */
void evidence_add(inquiry *q, bfl_rule_index rule, const bfl_event_list *events, const char *format, ...)
    BFL_PRINTF(4, 5);

/* Images of the bone and what they follow on (evidence.c). */
void evidence_from_images(inquiry *q);
/* Disease elsewhere, symptoms, genome, tissue (patient.c). */
void evidence_from_patient(inquiry *q);
/* Given now or before (patient.c). */
bool under_checkpoint_inhibitor(const bfl_record *record);

/* What is found in serum: ALP, bone markers, the own tumour marker, calcium (serum.c). */
typedef struct serum_finding {
    bfl_rule_index rule;
    void (*tell)(inquiry *q, const struct serum_finding *f); /* puts it into words */
    const bfl_analyte *analyte;
    const char *word;       /* what the laboratory said, or what the value is compared with */
    bool measured;          /* there is a value */
    bfl_marker_point value; /* when measured */
    bfl_decimal against;    /* what it is compared with */
    bfl_event_list events;  /* of several values; else none */
} serum_finding;
typedef BFL_LIST(serum_finding) serum_findings;
serum_findings serum_findings_of(const inquiry *q);
/* Do they say the same, in the same words? */
bool serum_findings_alike(const serum_findings *a, const serum_findings *b);
/* Adds them to the findings of the day. */
void serum_findings_tell(inquiry *q, const serum_findings *found);

/* The evidence that a rule gives, without a finding (evidence.c). */
bfl_evidence evidence_of(const bfl_rulebook *book, const bfl_rule *rule);

/* The probabilities before any finding, from the onset (combine.c). */
void prior_publish(const inquiry *q, bfl_bone *bone);
/* Strongest first; findings of one strength keep the order in which they were found. */
void evidence_order(bfl_evidence *items, size_t count);
/* Discounts findings of one group, sums, and fills the probabilities and the interval of `bone` (combine.c). */
void evidence_combine(inquiry *q, bfl_bone *bone);

#endif
