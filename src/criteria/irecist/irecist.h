/* SPDX-License-Identifier: Apache-2.0 */
/* irecist: iRECIST (Seymour 2017) over the same visits: progression is unconfirmed until the disease grows further. */
#ifndef BFL_CRITERIA_IRECIST_IRECIST_H
#define BFL_CRITERIA_IRECIST_IRECIST_H

#include "criteria/disease.h"
#include "reason/reason.h"

/* Reads what RECIST 1.1 makes of the targets, the non-targets and the new lesions. */
const bfl_criterion_visit *bfl_irecist_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                              const bfl_visits *visits, const bfl_disease *disease);
/* Best overall response (table 3) of a course of visits, the baseline first. */
bfl_response bfl_irecist_best(const bfl_criterion_visit *visits, size_t count);
/* "iCR", "iUPD", "iCPD" ... */
const char *bfl_irecist_word(bfl_response response);

#endif
