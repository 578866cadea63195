/* SPDX-License-Identifier: Apache-2.0 */
/* What was known on a day of the past, read anew only where that day brought something. */
#include "flare/past.h"

static bool between(bfl_when when, int32_t from, int32_t to) { return when.known && when.day > from && when.day <= to; }

/* Is there a row of a list, by day and undated ones last, that comes between? Of those after `from` the first one tells. */
#define FIRST_AFTER(list, count)                                                     \
    size_t low = 0, high = r->count;                                                 \
    while (low < high) {                                                             \
        size_t middle = low + (high - low) / 2;                                      \
        bool after = !r->list[middle].when.known || r->list[middle].when.day > from; \
        *(after ? &high : &low) = after ? middle : middle + 1;                       \
    }                                                                                \
    return low < r->count && between(r->list[low].when, from, to)
static bool imaged(const bfl_record *r, int32_t from, int32_t to) { FIRST_AFTER(lesions, lesion_count); }
static bool drawn(const bfl_record *r, int32_t from, int32_t to) { FIRST_AFTER(labs, lab_count); }
#undef FIRST_AFTER

/* Does anything that the response criteria read come after `from` and not after `to`? Of the laboratory they read what was
 * known at a visit: a later value changes nothing. */
static bool read_anew(const bfl_record *r, int32_t from, int32_t to) {
    if (imaged(r, from, to)) return true;
    for (size_t i = 0; i < r->therapy_count; i++)
        if (between(r->therapies[i].start, from, to) || between(r->therapies[i].stop, from, to)) return true;
    for (size_t i = 0; i < r->clinical_count; i++)
        if (between(r->clinicals[i].when, from, to)) return true;
    for (size_t i = 0; i < r->note_count; i++)
        if (between(r->notes[i].when, from, to)) return true;
    return false;
}

bool anything_but_serum(const bfl_record *r, int32_t from, int32_t to) {
    for (size_t i = 0; i < r->molecular_count; i++)
        if (between(r->moleculars[i].when, from, to)) return true;
    for (size_t i = 0; i < r->pathology_count; i++)
        if (between(r->pathologies[i].when, from, to)) return true;
    return read_anew(r, from, to);
}

/* The same of the courses in serum: values, and what says that there is a tumour. */
static bool measured_anew(const bfl_record *r, int32_t from, int32_t to) {
    if (drawn(r, from, to)) return true;
    for (size_t i = 0; i < r->therapy_count; i++)
        if (between(r->therapies[i].start, from, to)) return true;
    for (size_t i = 0; i < r->pathology_count; i++)
        if (between(r->pathologies[i].when, from, to)) return true;
    return false;
}

/* Were the visits of that day the first ones of today's, each as it is read today? Not while a visit was going on. */
static bool as_read_today(const bfl_criteria *today, int32_t day) {
    if (!today->soft_tissue_stands || today->visit_count == 0 || day < today->visits[0].day) return false;
    for (size_t i = 0; i < today->visit_count; i++)
        if (today->visits[i].first_day <= day && day < today->visits[i].day) return false;
    return true;
}

static const bfl_criteria *visits_until(bfl_arena *arena, const bfl_criteria *today, int32_t day) {
    bfl_criteria *then = BFL_NEW(arena, bfl_criteria);
    then->visits = today->visits;
    while (then->visit_count < today->visit_count && today->visits[then->visit_count].day <= day) then->visit_count++;
    return then;
}

/* What is read holds texts of the record and places in it, nothing of the day's view of it: so it may outlive the view. */
static const bfl_criteria *criteria_on(const bfl_findings *today, const bfl_record *then, int32_t day, reading *read) {
    if (!read->criteria || read_anew(today->record, read->criteria_day, day)) {
        bfl_arena_reset(read->images);
        read->criteria = bfl_criteria_soft_tissue(read->images, then, today->rulebook);
        read->criteria_day = day;
    }
    return read->criteria;
}

static const bfl_markers *markers_on(const bfl_findings *today, const bfl_record *then, int32_t day, reading *read) {
    if (!read->markers || measured_anew(today->record, read->markers_day, day)) {
        bfl_arena_reset(read->serum);
        read->markers = bfl_markers_then(read->serum, read->courses, then);
        read->markers_day = day;
    }
    return read->markers;
}

bfl_findings as_known_on(bfl_arena *arena, const bfl_findings *f, int32_t day, reading *read) {
    bfl_findings then = *f;
    then.as_of = day;
    then.record = bfl_record_as_of(arena, f->record, day);
    then.criteria = as_read_today(f->criteria, day) ? visits_until(arena, f->criteria, day)
                                                    : criteria_on(f, then.record, day, read);
    then.markers = markers_on(f, then.record, day, read);
    return then;
}
