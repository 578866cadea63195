/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/assess.h"

#include <limits.h>

/* The public object and the arena that holds everything in it. */
typedef struct assessment {
    bfl_assessment face; /* first: the public pointer is the object's */
    bfl_arena *arena;
} assessment;

typedef struct request {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_assess_options *options;
    assessment *result;
} request;

/* The day asked for, counted from day 0. */
static bfl_status day_asked(const request *r, int32_t *day, bfl_error *err) {
    const bfl_record *record = r->record;
    *day = record->last_day == INT32_MIN ? 0 : record->last_day;
    if (!r->options || !r->options->has_as_of) return BFL_OK;
    bfl_date asked = r->options->as_of;
    if (asked.precision == BFL_DATE_NONE) return bfl_fail(err, BFL_EINVAL, "as_of", 0, "no date given");
    if (asked.precision == BFL_DATE_RELATIVE) {
        *day = asked.last;
        return BFL_OK;
    }
    if (!record->has_calendar)
        return bfl_fail(err, BFL_EINVAL, "as_of", 0,
                        "patient %s has no calendar dates: write a day of therapy, as in d41", record->patient.id);
    *day = asked.last - record->day0_civil;
    return BFL_OK;
}

static void join_issues(bfl_arena *arena, bfl_assessment *out) {
    const struct {
        const bfl_issue *items;
        size_t count;
    } parts[] = {{out->record->issues, out->record->issue_count},
                 {out->criteria->issues, out->criteria->issue_count},
                 {out->markers->issues, out->markers->issue_count}};
    BFL_LIST(bfl_issue) all = {0};
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
        for (size_t i = 0; i < parts[p].count; i++) *BFL_PUSH(arena, &all) = parts[p].items[i];
    out->issues = all.items;
    out->issue_count = all.count;
}

/* Notes dated after the day left out: they are statements, and do not count as events when the last day is found. */
static const bfl_record *without_later_notes(bfl_arena *arena, const bfl_record *record, int32_t day) {
    bfl_record *then = BFL_NEW(arena, bfl_record);
    bfl_note *notes = BFL_NEW_ARRAY(arena, record->note_count, bfl_note);
    *then = *record;
    then->notes = notes;
    then->note_count = 0;
    for (size_t i = 0; i < record->note_count; i++)
        if (!record->notes[i].when.known || record->notes[i].when.day <= day)
            notes[then->note_count++] = record->notes[i];
    return then;
}

/* The record as known on the day asked for. What has no date is known today, but not on any day before the last event. */
static const bfl_record *known_on(bfl_arena *arena, const request *r, int32_t day) {
    if (!r->options || !r->options->has_as_of) return r->record;
    if (day < r->record->last_day) return bfl_record_as_of(arena, r->record, day);
    return without_later_notes(arena, r->record, day);
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    int32_t day = 0;
    bfl_endpoint_options policies;
    bfl_status status = day_asked(r, &day, err);
    if (!status) status = bfl_endpoint_options_init(r->rulebook, &policies, err);
    if (status) return status;
    assessment *a = BFL_NEW(arena, assessment);
    bfl_assessment *out = &a->face;
    a->arena = arena;
    out->as_of = day;
    out->rulebook = r->rulebook;
    out->record = known_on(arena, r, day);
    out->criteria = bfl_criteria_assess(arena, out->record, r->rulebook);
    out->best = bfl_endpoint_best(arena, out->record, r->rulebook, out->criteria, &policies);
    out->markers = bfl_markers_assess(arena, out->record, r->rulebook);
    bfl_findings findings = {out->record, r->rulebook, out->criteria, out->markers, day};
    out->verdict = bfl_flare_assess(arena, &findings);
    out->workup = bfl_workup_assess(arena, &findings, out->verdict);
    join_issues(arena, out);
    r->result = a;
    return BFL_OK;
}

bfl_status bfl_assess(const bfl_record *record, const bfl_rulebook *rulebook, const bfl_assess_options *options,
                      bfl_assessment **out, bfl_error *err) {
    if (!record || !rulebook || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_assess", 0, "record, rulebook and out are needed");
    request r = {record, rulebook, options, NULL};
    bfl_status status = bfl_arena_build(body, &r, err);
    if (!status) *out = &r.result->face;
    return status;
}

void bfl_assessment_free(bfl_assessment *assessment_face) {
    if (assessment_face) bfl_arena_free(((assessment *)assessment_face)->arena);
}
