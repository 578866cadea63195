/* SPDX-License-Identifier: Apache-2.0 */
/* serial: the values of one serum marker in the order of their days, as the criteria of markers read them. */
#ifndef BFL_CRITERIA_SERIAL_H
#define BFL_CRITERIA_SERIAL_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* The last value up to day 0 is the baseline, [0]; then all later ones. Empty without a baseline. A value below or above a limit
 * of the assay is read as that limit. */
typedef struct bfl_serial {
    const bfl_record *record;
    const size_t *rows; /* laboratory rows */
    size_t count;
} bfl_serial;

bfl_serial bfl_serial_collect(bfl_arena *arena, const bfl_record *record, const char *analyte);
bfl_decimal bfl_serial_value(const bfl_serial *s, size_t index);
int32_t bfl_serial_day(const bfl_serial *s, size_t index);
/* How many are known on the day. */
size_t bfl_serial_known(const bfl_serial *s, int32_t day);
/* The first value at least so many days after this one, among the first `known`; `known` when there is none. */
size_t bfl_serial_second(const bfl_serial *s, size_t index, size_t known, int32_t interval);
/* Is the value at least so many per cent below the baseline? */
bool bfl_serial_fallen(const bfl_serial *s, size_t index, bfl_decimal percent);
/* Is the value at least so many per cent above `from`? */
bool bfl_serial_risen(const bfl_serial *s, size_t index, bfl_decimal from, bfl_decimal percent);
/* What a criterion says at a visit: the word, the rule, the baseline and the value that decides. */
typedef struct bfl_serial_verdict {
    bfl_response response;
    const char *word;
    const bfl_rule *rule; /* NULL: no reason */
    size_t at;
} bfl_serial_verdict;
/* A marker whose criterion goes by the upper limit of its reference range. */
typedef struct bfl_serial_course {
    const bfl_serial *s;
    const bfl_rulebook *rulebook;
    bfl_decimal limit;
} bfl_serial_course;
typedef bfl_serial_verdict (*bfl_serial_judge)(const bfl_serial_course *course, int32_t day);
/* What `judge` says at every visit after the first; NE without a later value or without a limit. */
const bfl_criterion_visit *bfl_serial_visits(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                             const bfl_visits *visits, const char *analyte, bfl_serial_judge judge);
void bfl_serial_say(bfl_arena *arena, const bfl_serial *s, const bfl_serial_verdict *verdict,
                    bfl_criterion_visit *visit);

#endif
