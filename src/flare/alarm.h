/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: gathering alarms, from laboratory values (alarm.c) and from what was said at the bedside (said.c). */
#ifndef BFL_FLARE_ALARM_H
#define BFL_FLARE_ALARM_H

#include "flare/flare.h"

typedef struct alarm_finder {
    bfl_arena *arena;
    const bfl_findings *findings;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    int32_t undated_day; /* where facts without a date were put; INT32_MAX: they were left out */
    BFL_LIST(bfl_alarm) alarms;
} alarm_finder;

void alarm_add(alarm_finder *f, const bfl_rule *rule, int32_t day, bool urgent, const bfl_event_list *events,
               const char *finding);
/* "2019-04-04", "day 41", or "date not known". */
const char *alarm_day(alarm_finder *f, int32_t day);

/* said.c */
void alarms_from_statements(alarm_finder *f);
/* The last statement "yes" about sepsis or fever not further than `within` days from `day`; NULL when there is none. */
const bfl_clinical *alarm_fever_near(alarm_finder *f, int32_t day, int32_t within, size_t *index);
const char *alarm_statement(alarm_finder *f, const bfl_clinical *said);
/* Is `word` one of the comma-separated words of the list? */
bool alarm_listed(const char *list, const char *word);

#endif
