/* SPDX-License-Identifier: Apache-2.0 */
/* The visits as the policies read them: cut at a new therapy, missed ones put in, words changed, progression found. */
#include "endpoint/course.h"

#include <limits.h>
#include <string.h>

static void find_death(bfl_course *c);
static void find_new_therapy(bfl_course *c);
static void copy_visits(bfl_course *c);
static void read_early_scans(bfl_course *c);
static void read_unconfirmed(bfl_course *c);
static void read_between_partial(bfl_course *c);
static void read_before_partial(bfl_course *c);
static void read_after_partial(bfl_course *c);
static void find_progression(bfl_course *c);

bfl_course *bfl_course_read(bfl_arena *arena, const bfl_endpoint_input *in) {
    bfl_course *c = BFL_NEW(arena, bfl_course);
    *c = (bfl_course){.arena = arena, .in = in};
    if (in->criterion->visit_count > 0 && in->criterion->visits[0].day > 0) c->start = in->criterion->visits[0].day;
    find_death(c);
    find_new_therapy(c);
    copy_visits(c);
    read_early_scans(c);
    read_unconfirmed(c);
    read_between_partial(c);
    read_before_partial(c);
    read_after_partial(c);
    find_progression(c);
    return c;
}

/* ---- small questions ---- */

int32_t bfl_course_policy(const bfl_course *c, bfl_policy policy) { return c->in->options->policies[policy]; }

const bfl_rule *bfl_course_rule(const bfl_course *c, bfl_policy policy) {
    return bfl_policy_rule(c->in->rulebook, policy);
}

bool bfl_response_is_response(bfl_response r) { return r == BFL_RESPONSE_CR || r == BFL_RESPONSE_PR; }
bool bfl_response_is_stable(bfl_response r) { return r == BFL_RESPONSE_SD || r == BFL_RESPONSE_NON_CR_NON_PD; }
bool bfl_response_is_controlled(bfl_response r) { return bfl_response_is_response(r) || bfl_response_is_stable(r); }

/* Says nothing about the course. */
static bool is_silent(bfl_response r) { return r == BFL_RESPONSE_NE || r == BFL_RESPONSE_NONE; }

const char *bfl_course_day(const bfl_course *c, int32_t day) {
    char text[32];
    (void)bfl_record_format_day(c->in->record, day, text, sizeof text);
    return bfl_arena_text(c->arena, bfl_text_of(text));
}

void bfl_course_events(const bfl_course *c, size_t visit, bfl_event_list *events) {
    if (visit >= c->count || c->origins[visit] == SIZE_MAX) return;
    const bfl_criterion_visit *from = &c->in->criterion->visits[c->origins[visit]];
    for (size_t i = 0; i < from->reason_count; i++)
        for (size_t j = 0; j < from->reasons[i].event_count; j++)
            bfl_event_add(c->arena, events, from->reasons[i].events[j].kind, from->reasons[i].events[j].index);
}

/* A policy makes another response of a visit, and says so. */
static void change(bfl_course *c, size_t visit, bfl_response response, bfl_policy policy) {
    bfl_response before = c->visits[visit].read;
    c->visits[visit].read = response;
    bfl_event_list events = {0};
    bfl_course_events(c, visit, &events);
    bfl_reason_add(c->arena, &c->readings, bfl_course_rule(c, policy), &events, "%s: %s read as %s",
                   bfl_course_day(c, c->visits[visit].day), bfl_response_word(before), bfl_response_word(response));
}

/* ---- death, new therapy ---- */

static void find_death(bfl_course *c) {
    const bfl_record *record = c->in->record;
    bfl_date death = record->patient.death;
    c->death_day = INT32_MIN;
    if (death.precision == BFL_DATE_RELATIVE)
        c->death_day = death.last;
    else if (death.precision != BFL_DATE_NONE && record->has_calendar)
        c->death_day = death.last - record->day0_civil;
    c->died = c->death_day >= 0;
}

static bool is_anticancer(const bfl_course *c, const bfl_therapy *t) {
    bool local = bfl_course_policy(c, BFL_POLICY_NEW_THERAPY_LOCAL) == LOCAL_COUNT &&
                 (t->intent == BFL_INTENT_RADIOTHERAPY || t->intent == BFL_INTENT_SURGERY);
    return t->start.known && (t->intent == BFL_INTENT_ANTICANCER || local);
}

static bool same_drug(const bfl_therapy *a, const bfl_therapy *b) {
    if (a->known || b->known) return a->known == b->known;
    return a->intent == b->intent && bfl_text_equal_nocase(bfl_text_of(a->drug), bfl_text_of(b->drug));
}

/* The treatment under study began on day 0, or where day 0 is another day with the first drug after it. */
static int32_t index_start(const bfl_course *c) {
    const bfl_record *record = c->in->record;
    int32_t first = INT32_MAX;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (t->intent != BFL_INTENT_ANTICANCER || !t->start.known) continue;
        if (t->start.day < 0 && t->stop.known && t->stop.day < 0) continue;
        int32_t day = t->start.day > 0 ? t->start.day : 0;
        if (day < first) first = day;
    }
    return first;
}

static bool was_given(const bfl_course *c, const bfl_therapy *therapy, int32_t until) {
    const bfl_record *record = c->in->record;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        bool current = t->start.known && t->start.day <= until && !(t->stop.known && t->stop.day < 0);
        if (current && is_anticancer(c, t) && same_drug(t, therapy)) return true;
    }
    return false;
}

/* The first anticancer therapy that was not part of the treatment under study. */
static void find_new_therapy(bfl_course *c) {
    if (bfl_course_policy(c, BFL_POLICY_NEW_THERAPY) == THERAPY_IGNORE) return;
    const bfl_record *record = c->in->record;
    int32_t start = index_start(c);
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (!is_anticancer(c, t) || t->start.day <= start || was_given(c, t, start)) continue;
        if (c->switched && t->start.day >= c->switch_day) continue;
        c->switched = true;
        c->switch_day = t->start.day;
        c->switch_therapy = i;
    }
}

/* ---- visits ---- */

/* Planned assessments missed between two days. */
static int32_t missed_between(const bfl_course *c, int32_t from, int32_t to) {
    int32_t interval = bfl_course_policy(c, BFL_POLICY_VISIT_INTERVAL_DAYS);
    int32_t late = to - from - bfl_course_policy(c, BFL_POLICY_VISIT_WINDOW_DAYS);
    if (bfl_course_policy(c, BFL_POLICY_MISSING_VISITS) != MISSING_NE || interval <= 0 || late <= 0) return 0;
    return (late - 1) / interval;
}

static void add_missed(bfl_course *c, int32_t from, int32_t count) {
    int32_t interval = bfl_course_policy(c, BFL_POLICY_VISIT_INTERVAL_DAYS);
    for (int32_t k = 1; k <= count; k++) {
        c->origins[c->count] = SIZE_MAX;
        c->visits[c->count++] = (bfl_endpoint_visit){from + k * interval, BFL_RESPONSE_NE, BFL_RESPONSE_NE, true};
        bfl_reason_add(c->arena, &c->readings, bfl_course_rule(c, BFL_POLICY_MISSING_VISITS), NULL,
                       "no assessment around %s: read as NE", bfl_course_day(c, from + k * interval));
    }
}

static void copy_visits(bfl_course *c) {
    const bfl_criterion_result *from = c->in->criterion;
    size_t kept = from->visit_count > 0 ? 1 : 0, room = 0;
    for (int32_t last = c->start; kept < from->visit_count; kept++) {
        int32_t day = from->visits[kept].day;
        if (c->switched && day > c->switch_day) break;
        room += 1 + (size_t)missed_between(c, last, day);
        last = day;
    }
    c->visits = BFL_NEW_ARRAY(c->arena, room, bfl_endpoint_visit);
    c->origins = BFL_NEW_ARRAY(c->arena, room, size_t);
    int32_t last = c->start;
    for (size_t i = 1; i < kept; i++) {
        const bfl_criterion_visit *v = &from->visits[i];
        add_missed(c, last, missed_between(c, last, v->day));
        c->origins[c->count] = i;
        c->visits[c->count++] = (bfl_endpoint_visit){v->day, v->response, v->response, false};
        last = v->day;
    }
    if (kept == from->visit_count) return;
    bfl_event_list events = {0};
    bfl_event_add(c->arena, &events, BFL_EVENT_THERAPY, c->switch_therapy);
    bfl_reason_add(c->arena, &c->readings, bfl_course_rule(c, BFL_POLICY_NEW_THERAPY), &events,
                   "%s on %s: later assessments are not used", c->in->record->therapies[c->switch_therapy].drug,
                   bfl_course_day(c, c->switch_day));
}

/* ---- policies that change a word ---- */

static void read_early_scans(bfl_course *c) {
    int32_t policy = bfl_course_policy(c, BFL_POLICY_EARLY_SCAN);
    int32_t days = bfl_course_policy(c, BFL_POLICY_EARLY_SCAN_DAYS);
    for (size_t i = 0; policy != EARLY_AS_READ && i < c->count && c->visits[i].day - c->start < days; i++) {
        bfl_response r = c->visits[i].read;
        bool progression = r == BFL_RESPONSE_PD || r == BFL_RESPONSE_PD_UNCONFIRMED;
        if (!is_silent(r) && (policy == EARLY_NE || !progression)) change(c, i, BFL_RESPONSE_NE, BFL_POLICY_EARLY_SCAN);
    }
}

/* The next visit after i that says something, `skip` not counted; c->count when there is none. */
static size_t next_saying(const bfl_course *c, size_t i, bfl_response skip) {
    size_t next = i + 1;
    while (next < c->count && (is_silent(c->visits[next].read) || c->visits[next].read == skip)) next++;
    return next;
}

static void read_unconfirmed(bfl_course *c) {
    for (size_t i = 0; i < c->count; i++) {
        if (c->visits[i].read != BFL_RESPONSE_PD_UNCONFIRMED) continue;
        size_t next = next_saying(c, i, BFL_RESPONSE_PD_UNCONFIRMED);
        bool last = next == c->count;
        bool progression =
            last ? bfl_course_policy(c, BFL_POLICY_PDU_LAST) == PDU_LAST_PD : c->visits[next].read == BFL_RESPONSE_PD;
        change(c, i, progression ? BFL_RESPONSE_PD : BFL_RESPONSE_NE, BFL_POLICY_PDU_LAST);
    }
}

static void read_between_partial(bfl_course *c) {
    if (bfl_course_policy(c, BFL_POLICY_PR_CR_PR) != PR_CR_PR_PR) return;
    bfl_response before = BFL_RESPONSE_NONE;
    for (size_t i = 0; i < c->count; i++) {
        bfl_response r = c->visits[i].read;
        if (r == BFL_RESPONSE_CR && before == BFL_RESPONSE_PR) {
            size_t next = next_saying(c, i, BFL_RESPONSE_CR);
            if (next < c->count && c->visits[next].read == BFL_RESPONSE_PR)
                change(c, i, BFL_RESPONSE_PR, BFL_POLICY_PR_CR_PR);
        }
        if (!is_silent(r)) before = c->visits[i].read;
    }
}

static void read_before_partial(bfl_course *c) {
    if (bfl_course_policy(c, BFL_POLICY_CR_THEN_PR) != CR_THEN_PR_PR) return;
    for (size_t i = 0; i < c->count; i++) {
        if (c->visits[i].read != BFL_RESPONSE_CR) continue;
        size_t next = next_saying(c, i, BFL_RESPONSE_CR);
        if (next < c->count && c->visits[next].read == BFL_RESPONSE_PR)
            change(c, i, BFL_RESPONSE_PR, BFL_POLICY_CR_THEN_PR);
    }
}

static void read_after_partial(bfl_course *c) {
    if (bfl_course_policy(c, BFL_POLICY_STICKY_PR) != YES) return;
    bool partial = false;
    for (size_t i = 0; i < c->count && c->visits[i].read != BFL_RESPONSE_PD; i++) {
        if (partial && c->visits[i].read == BFL_RESPONSE_SD) change(c, i, BFL_RESPONSE_PR, BFL_POLICY_STICKY_PR);
        partial |= c->visits[i].read == BFL_RESPONSE_PR;
    }
}

/* ---- progression ---- */

static void find_progression(bfl_course *c) {
    bool complete = false, footnote = bfl_course_policy(c, BFL_POLICY_CR_THEN_PR) != CR_THEN_PR_RECORDED;
    for (c->end = 0; c->end < c->count; c->end++) {
        bfl_response r = c->visits[c->end].read;
        c->reappeared = footnote && complete && (r == BFL_RESPONSE_PR || bfl_response_is_stable(r));
        c->progressed = r == BFL_RESPONSE_PD || c->reappeared;
        if (c->progressed) break;
        complete |= r == BFL_RESPONSE_CR;
    }
    if (c->reappeared) change(c, c->end, BFL_RESPONSE_PD, BFL_POLICY_CR_THEN_PR);
}
