/* SPDX-License-Identifier: Apache-2.0 */
/* course: what the files of this room share: the visits as the policies read them. */
#ifndef BFL_ENDPOINT_COURSE_H
#define BFL_ENDPOINT_COURSE_H

#include "endpoint/endpoint.h"

/* The choices of each policy, in the order of the rulebook's `choices`. */
enum { NO, YES };
enum { CR_THEN_PR_PD, CR_THEN_PR_PR, CR_THEN_PR_RECORDED };
enum { PR_CR_PR_FOLLOW, PR_CR_PR_PR };
enum { PDU_LAST_PD, PDU_LAST_NE };
enum { EARLY_AS_READ, EARLY_KEEP_PD, EARLY_NE };
enum { MISSING_IGNORE, MISSING_NE };
enum { MISSED_CENSOR, MISSED_EVENT };
enum { THERAPY_CENSOR, THERAPY_EVENT, THERAPY_IGNORE };
enum { LOCAL_IGNORE, LOCAL_COUNT };
enum { BASIS_CONFIRMED, BASIS_UNCONFIRMED };
enum { DURATION_INCLUSIVE, DURATION_ELAPSED };

typedef struct bfl_course {
    bfl_arena *arena;
    const bfl_endpoint_input *in;
    int32_t start; /* of treatment, or the late baseline: stable disease counts from here */
    /* After the baseline, up to a new therapy. */
    bfl_endpoint_visit *visits;
    size_t *origins; /* visit of the criterion behind each; SIZE_MAX when missed */
    size_t count;
    size_t end; /* visits before progression; count when there was none */
    bool progressed,
        reappeared; /* reappeared: disease after complete response, not called progression by the criterion */
    bool died;
    int32_t death_day;
    bool switched; /* a new therapy that counts */
    int32_t switch_day;
    size_t switch_therapy;
    bfl_reason_list readings;
} bfl_course;

int32_t bfl_course_policy(const bfl_course *course, bfl_policy policy);
const bfl_rule *bfl_course_rule(const bfl_course *course, bfl_policy policy);
bfl_course *bfl_course_read(bfl_arena *arena, const bfl_endpoint_input *input);
/* Adds the events on which the response of a visit rests. */
void bfl_course_events(const bfl_course *course, size_t visit, bfl_event_list *events);
const char *bfl_course_day(const bfl_course *course, int32_t day);

bool bfl_response_is_response(bfl_response r);
/* SD or non-CR/non-PD */
bool bfl_response_is_stable(bfl_response r);
/* Evaluable and without progression. */
bool bfl_response_is_controlled(bfl_response r);

/* ---- best.c ---- */

typedef struct bfl_best {
    bfl_response response;
    size_t visit, confirmed_by; /* SIZE_MAX when none */
    bool too_early;             /* a response or stable disease was there, but not late enough to count */
} bfl_best;
bfl_best bfl_course_best(const bfl_course *course, bool confirmed);
/* "Whichever of CR and PR is first recorded" and counts by the policy response_basis; SIZE_MAX when none does. */
size_t bfl_course_first_response(const bfl_course *course);
/* Appends why. */
void bfl_course_explain(const bfl_course *course, const bfl_best *best, bool confirmed, bfl_reason_list *reasons);

/* ---- time.c ---- */

void bfl_course_times(const bfl_course *course, const bfl_best *basis, bfl_endpoint *items);

#endif
