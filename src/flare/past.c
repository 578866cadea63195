/* SPDX-License-Identifier: Apache-2.0 */
/* What was known on a day of the past, read anew only where that day brought something. */
#include "flare/past.h"

#include <limits.h>

struct past {
    const bfl_findings *today;
    bfl_unfolding *record;
    known_rows rows;
    bfl_arena *images, *serum;    /* scratch */
    const bfl_criteria *criteria; /* as known with criteria_rows; NULL at first */
    const bfl_markers *markers;   /* as known with markers_rows; NULL at first */
    const bfl_marker_past *courses;
    known_rows criteria_rows, markers_rows;
    bfl_criteria visits; /* those of today up to the day */
};

known_rows rows_known(const bfl_record *then, int32_t day) {
    return (known_rows){.lesions = then->lesion_count,
                        .labs = then->lab_count,
                        .clinicals = then->clinical_count,
                        .moleculars = then->molecular_count,
                        .pathologies = then->pathology_count,
                        .notes = then->note_count,
                        .day = day};
}

/* ---- what a day brings ---- */

static bool between(bfl_when when, const known_rows *from, const known_rows *to) {
    return when.known && when.day > from->day && when.day <= to->day;
}

/* Does anything that the response criteria read come after `from` and not after `to`? Of the laboratory they read what was
 * known at a visit: a later value changes nothing. */
static bool read_anew(const bfl_record *r, const known_rows *from, const known_rows *to) {
    if (from->lesions != to->lesions || from->clinicals != to->clinicals || from->notes != to->notes) return true;
    for (size_t i = 0; i < r->therapy_count; i++)
        if (between(r->therapies[i].start, from, to) || between(r->therapies[i].stop, from, to)) return true;
    return false;
}

bool anything_but_serum(const bfl_record *r, const known_rows *from, const known_rows *to) {
    return from->moleculars != to->moleculars || from->pathologies != to->pathologies || read_anew(r, from, to);
}

/* The same of the courses in serum: values, and what says that there is a tumour. */
static bool measured_anew(const bfl_record *r, const known_rows *from, const known_rows *to) {
    if (from->labs != to->labs || from->pathologies != to->pathologies) return true;
    for (size_t i = 0; i < r->therapy_count; i++)
        if (between(r->therapies[i].start, from, to)) return true;
    return false;
}

/* ---- day by day ---- */

past *past_of(bfl_arena *arena, const bfl_findings *today, int32_t first_day) {
    past *p = BFL_NEW(arena, past);
    p->today = today;
    p->record = bfl_record_unfold(arena, today->record, first_day - 1);
    p->images = bfl_arena_scratch(arena);
    p->serum = bfl_arena_scratch(arena);
    p->courses = bfl_marker_past_of(arena, today->markers);
    p->visits.visits = today->criteria->visits;
    return p;
}

bool past_next_day(past *p) {
    int32_t day = bfl_record_next_day(p->record);
    if (day >= p->today->as_of) return false;
    p->rows = rows_known(bfl_record_unfold_to(p->record, day), day);
    return true;
}

const known_rows *past_rows(const past *p) { return &p->rows; }

known_rows past_rows_today(past *p) {
    int32_t day = p->today->as_of;
    return rows_known(bfl_record_unfold_to(p->record, day), day);
}

/* Were the visits of the day the first ones of today's, each as it is read today? Not while a visit was going on. Visits stand
 * by day. */
static bool as_read_today(past *p) {
    const bfl_criteria *today = p->today->criteria;
    bfl_criteria *then = &p->visits;
    while (then->visit_count < today->visit_count && today->visits[then->visit_count].day <= p->rows.day)
        then->visit_count++;
    if (!today->soft_tissue_stands || then->visit_count == 0) return false;
    return then->visit_count == today->visit_count || today->visits[then->visit_count].first_day > p->rows.day;
}

/* What is read holds texts of the record and places in it, nothing of the day's view of it: so it may outlive the view. */
static const bfl_criteria *criteria_on(past *p) {
    const bfl_record *then = &p->record->then;
    if (!p->criteria || read_anew(then, &p->criteria_rows, &p->rows)) {
        bfl_arena_reset(p->images);
        p->criteria = bfl_criteria_soft_tissue(p->images, then, p->today->rulebook);
        p->criteria_rows = p->rows;
    }
    return p->criteria;
}

static const bfl_markers *markers_on(past *p) {
    const bfl_record *then = &p->record->then;
    if (!p->markers || measured_anew(then, &p->markers_rows, &p->rows)) {
        bfl_arena_reset(p->serum);
        p->markers = bfl_markers_then(p->serum, p->courses, then);
        p->markers_rows = p->rows;
    }
    return p->markers;
}

bfl_findings past_findings(past *p) {
    bfl_findings then = *p->today;
    then.as_of = p->rows.day;
    then.record = &p->record->then;
    then.criteria = as_read_today(p) ? &p->visits : criteria_on(p);
    then.markers = markers_on(p);
    return then;
}
