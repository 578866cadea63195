/* SPDX-License-Identifier: Apache-2.0 */
/* Times: to progression, to death, of a response; event or censored, and why. */
#include "endpoint/course.h"

#include <limits.h>

/* How a time ends. */
typedef struct ending {
    bool event;
    int32_t day;
    const char *cause;
    bfl_reason_list reasons;
} ending;

/* Last assessment without progression; day 0 when there is none. */
static int32_t last_assessment(const bfl_course *c, size_t *visit) {
    *visit = SIZE_MAX;
    for (size_t i = 0; i < c->end; i++)
        if (bfl_response_is_controlled(c->visits[i].read)) *visit = i;
    return *visit == SIZE_MAX ? 0 : c->visits[*visit].day;
}

static void say(const bfl_course *c, ending *e, const bfl_rule *rule, size_t visit, const char *what, int32_t day) {
    bfl_event_list events = {0};
    bfl_course_events(c, visit, &events);
    bfl_reason_add(c->arena, &e->reasons, rule, &events, "%s on %s", what, bfl_course_day(c, day));
}

static void say_switch(const bfl_course *c, ending *e) {
    bfl_event_list events = {0};
    bfl_event_add(c->arena, &events, BFL_EVENT_THERAPY, c->switch_therapy);
    bfl_reason_add(c->arena, &e->reasons, bfl_course_rule(c, BFL_POLICY_NEW_THERAPY), &events, "%s on %s",
                   c->in->record->therapies[c->switch_therapy].drug, bfl_course_day(c, c->switch_day));
}

/* More planned assessments missed before the day than allowed? */
static bool missed_too_many(const bfl_course *c, int32_t last, int32_t day) {
    int32_t interval = bfl_course_policy(c, BFL_POLICY_VISIT_INTERVAL_DAYS);
    if (interval <= 0 || bfl_course_policy(c, BFL_POLICY_MISSED_PROGRESSION) == MISSED_EVENT) return false;
    int64_t allowed = (int64_t)bfl_course_policy(c, BFL_POLICY_MISSED_LIMIT) * interval +
                      bfl_course_policy(c, BFL_POLICY_VISIT_WINDOW_DAYS);
    return day - last > allowed;
}

/* At the last assessment without progression, because of `cause`. */
static void censor(const bfl_course *c, const bfl_rule *rule, ending *e, const char *cause) {
    size_t visit;
    e->event = false;
    e->day = last_assessment(c, &visit);
    e->cause = visit == SIZE_MAX ? "no assessment" : cause;
    if (visit == SIZE_MAX)
        bfl_reason_add(c->arena, &e->reasons, rule, NULL, "no assessment without progression after the baseline");
    else
        say(c, e, rule, visit, "last assessment without progression", e->day);
}

/* Assessments end at the new therapy: it is the event, or nothing after it counts. */
static void end_at_switch(const bfl_course *c, const bfl_rule *rule, ending *e) {
    if (bfl_course_policy(c, BFL_POLICY_NEW_THERAPY) == THERAPY_EVENT)
        *e = (ending){.event = true, .day = c->switch_day, .cause = "new therapy"};
    else
        censor(c, rule, e, "new therapy");
    say_switch(c, e);
}

static void end_too_late(const bfl_course *c, const bfl_rule *rule, ending *e, const char *cause, int32_t day) {
    censor(c, rule, e, "missed assessments");
    bfl_reason_add(c->arena, &e->reasons, bfl_course_rule(c, BFL_POLICY_MISSED_PROGRESSION), NULL,
                   "%s on %s came %d days after it", cause, bfl_course_day(c, day), (int)(day - e->day));
}

static void end_with_event(const bfl_course *c, const bfl_rule *rule, ending *e, bool progression, int32_t day) {
    *e = (ending){.event = true, .day = day, .cause = progression ? "progression" : "death"};
    say(c, e, rule, progression ? c->end : SIZE_MAX, e->cause, day);
    if (progression && c->reappeared)
        bfl_reason_add(c->arena, &e->reasons, bfl_course_rule(c, BFL_POLICY_CR_THEN_PR), NULL,
                       "disease seen again after complete response");
}

/* Progression, death (when it counts) or a new therapy, whichever is first; else the last assessment. */
static ending end_of(const bfl_course *c, const bfl_rule *rule, bool death_counts) {
    ending e = {0};
    size_t visit;
    int32_t progressed = c->progressed ? c->visits[c->end].day : INT32_MAX;
    int32_t died = c->died && death_counts ? c->death_day : INT32_MAX;
    bool progression = progressed <= died;
    int32_t day = progression ? progressed : died;
    if (c->switched && c->switch_day < day)
        end_at_switch(c, rule, &e);
    else if (day == INT32_MAX)
        censor(c, rule, &e, "last assessment");
    else if (missed_too_many(c, last_assessment(c, &visit), day))
        end_too_late(c, rule, &e, progression ? "progression" : "death", day);
    else
        end_with_event(c, rule, &e, progression, day);
    return e;
}

static void write_time(const bfl_course *c, bfl_endpoint *item, int32_t start, const ending *e) {
    item->state = e->event ? BFL_ENDPOINT_EVENT : BFL_ENDPOINT_CENSORED;
    item->start = start;
    item->day = e->day;
    item->has_day = true;
    item->days = e->day - start + (bfl_course_policy(c, BFL_POLICY_DURATION) == DURATION_INCLUSIVE ? 1 : 0);
    item->value = bfl_arena_printf(c->arena, "%d", (int)item->days);
    item->cause = e->cause;
    item->reasons = e->reasons.items;
    item->reason_count = e->reasons.count;
}

static void not_derived(const bfl_course *c, bfl_endpoint *item, const bfl_rule *rule, const char *why) {
    bfl_reason_list reasons = {0};
    bfl_reason_add(c->arena, &reasons, rule, NULL, "%s", why);
    item->cause = why;
    item->reasons = reasons.items;
    item->reason_count = reasons.count;
}

static void overall_survival(const bfl_course *c, bfl_endpoint *item) {
    const bfl_record *record = c->in->record;
    const bfl_rule *rule = bfl_rule_of(c->in->rulebook, BFL_RULE_ENDPOINT_OS);
    ending e = {.event = c->died, .day = c->died ? c->death_day : record->last_day};
    e.cause = c->died ? "death" : "last contact";
    if (!c->died && (record->patient.death.precision != BFL_DATE_NONE || record->last_day < 0)) {
        not_derived(c, item, rule, record->last_day < 0 ? "no contact after the start" : "death without a usable day");
        return;
    }
    say(c, &e, rule, SIZE_MAX, e.cause, e.day);
    write_time(c, item, 0, &e);
}

static void of_response(const bfl_course *c, const bfl_best *basis, const ending *progression, bfl_endpoint *items) {
    const bfl_rule *duration = bfl_rule_of(c->in->rulebook, BFL_RULE_ENDPOINT_DOR);
    const bfl_rule *onset = bfl_rule_of(c->in->rulebook, BFL_RULE_ENDPOINT_TTR);
    if (!bfl_response_is_response(basis->response)) {
        not_derived(c, &items[BFL_ENDPOINT_RESPONSE_TIME], duration, "no response");
        not_derived(c, &items[BFL_ENDPOINT_TO_RESPONSE], onset, "no response");
        return;
    }
    size_t visit = bfl_course_first_response(c);
    int32_t first = c->visits[visit].day;
    ending begun = {.event = true, .day = first, .cause = "response"};
    say(c, &begun, onset, visit, bfl_response_word(c->visits[visit].read), first);
    write_time(c, &items[BFL_ENDPOINT_TO_RESPONSE], 0, &begun);
    write_time(c, &items[BFL_ENDPOINT_RESPONSE_TIME], first, progression);
}

void bfl_course_times(const bfl_course *c, const bfl_best *basis, bfl_endpoint *items) {
    const bfl_rulebook *rulebook = c->in->rulebook;
    ending pfs = end_of(c, bfl_rule_of(rulebook, BFL_RULE_ENDPOINT_PFS), true);
    ending ttp = end_of(c, bfl_rule_of(rulebook, BFL_RULE_ENDPOINT_TTP), false);
    write_time(c, &items[BFL_ENDPOINT_PFS], 0, &pfs);
    write_time(c, &items[BFL_ENDPOINT_TTP], 0, &ttp);
    ending dor = end_of(c, bfl_rule_of(rulebook, BFL_RULE_ENDPOINT_DOR), true);
    of_response(c, basis, &dor, items);
    const bfl_rule *stable = bfl_rule_of(rulebook, BFL_RULE_ENDPOINT_DSD);
    if (bfl_response_is_stable(basis->response)) {
        ending dsd = end_of(c, stable, true);
        write_time(c, &items[BFL_ENDPOINT_STABLE_TIME], 0, &dsd);
    } else
        not_derived(c, &items[BFL_ENDPOINT_STABLE_TIME], stable, "best response is not stable disease");
    overall_survival(c, &items[BFL_ENDPOINT_OS]);
}
