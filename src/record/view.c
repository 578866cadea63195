/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a sealed record: as known on a day, the therapy in force, days and places in words. */
#include "record/seal.h"

#include <stdio.h>
#include <string.h>

/* ---- as of ---- */

static bool seen_by(bfl_when when, int32_t day) { return when.known && when.day <= day; }

/* Death in days from day 0; false when it is not stated or cannot be placed. */
static bool death_after(const bfl_record *r, int32_t day) {
    bfl_date death = r->patient.death;
    if (death.precision == BFL_DATE_RELATIVE) return death.last > day;
    return death.precision != BFL_DATE_NONE && r->has_calendar && death.last - r->day0_civil > day;
}

static bool all_seen_by(const bfl_record *r, int32_t day) {
    for (size_t i = 0; i < r->therapy_count; i++) {
        bfl_when stop = r->therapies[i].stop;
        if (!seen_by(r->therapies[i].start, day) || (stop.known && stop.day > day)) return false;
    }
#define ALL(list, count)                  \
    for (size_t i = 0; i < r->count; i++) \
        if (!seen_by(r->list[i].when, day)) return false;
    size_t lesions = r->lesion_count, labs = r->lab_count;
    if (lesions && !seen_by(r->lesions[lesions - 1].when, day)) return false;
    if (labs && !seen_by(r->labs[labs - 1].when, day)) return false;
    ALL(clinicals, clinical_count)
    ALL(moleculars, molecular_count)
    ALL(pathologies, pathology_count)
    ALL(notes, note_count)
#undef ALL
    return !death_after(r, day);
}

/* `rows` has room for all. */
static void filter_therapies(bfl_therapy *rows, const bfl_record *from, bfl_record *to, int32_t day) {
    size_t n = 0;
    for (size_t i = 0; i < from->therapy_count; i++) {
        if (!seen_by(from->therapies[i].start, day)) continue;
        bfl_therapy *t = &rows[n++];
        *t = from->therapies[i];
        if (t->stop.known && t->stop.day > day) { /* on that day nobody knew that it would stop, nor why */
            t->stop = (bfl_when){0};
            t->reason_stopped = "";
        }
    }
    to->therapies = rows;
    to->therapy_count = n;
}

/* How many rows of a list in the order of its days, undated ones last, are seen by a day: all of them at its front. */
#define FRONT(list, count)                               \
    do {                                                 \
        size_t low = 0, high = record->count;            \
        while (low < high) {                             \
            size_t middle = low + (high - low) / 2;      \
            if (seen_by(record->list[middle].when, day)) \
                low = middle + 1;                        \
            else                                         \
                high = middle;                           \
        }                                                \
        r->count = low;                                  \
    } while (0)

const bfl_record *bfl_record_as_of(bfl_arena *arena, const bfl_record *record, int32_t day) {
    if (all_seen_by(record, day)) return record;
    bfl_record *r = BFL_NEW(arena, bfl_record);
    *r = *record;
    if (death_after(record, day)) r->patient.death = BFL_NO_DATE;
    filter_therapies(BFL_NEW_ARRAY(arena, record->therapy_count, bfl_therapy), record, r, day);
    FRONT(lesions, lesion_count);
    FRONT(labs, lab_count);
    /* Mostly in the order of their days too: what is seen is the front of the list, and copied only where it is not. */
#define FILTER(type, list, count)                                                                  \
    do {                                                                                           \
        size_t front = 0, seen = 0;                                                                \
        while (front < record->count && seen_by(record->list[front].when, day)) front++;           \
        for (size_t i = front; i < record->count; i++) seen += seen_by(record->list[i].when, day); \
        r->count = front;                                                                          \
        if (seen == 0) break;                                                                      \
        type *rows = BFL_NEW_ARRAY(arena, front + seen, type);                                     \
        for (size_t i = 0; i < front; i++) rows[i] = record->list[i];                              \
        for (size_t i = front; i < record->count; i++)                                             \
            if (seen_by(record->list[i].when, day)) rows[r->count++] = record->list[i];            \
        r->list = rows;                                                                            \
    } while (0)
    FILTER(bfl_clinical, clinicals, clinical_count);
    FILTER(bfl_molecular, moleculars, molecular_count);
    FILTER(bfl_pathology, pathologies, pathology_count);
    FILTER(bfl_note, notes, note_count);
#undef FILTER
#undef FRONT
    r->last_day = bfl_record_last_day(r);
    return r;
}

/* ---- as of one day after another ---- */

static void later(bfl_when when, int32_t *last) {
    if (when.known && when.day > *last) *last = when.day;
}

static bool in_order(const bfl_record *r) {
#define IN_ORDER(list, count)             \
    for (size_t i = 1; i < r->count; i++) \
        if (r->list[i].when.known && !seen_by(r->list[i - 1].when, r->list[i].when.day)) return false;
    IN_ORDER(clinicals, clinical_count)
    IN_ORDER(moleculars, molecular_count)
    IN_ORDER(pathologies, pathology_count)
    IN_ORDER(notes, note_count)
#undef IN_ORDER
    return true; /* lesions and labs are by sealing */
}

bfl_unfolding *bfl_record_unfold(bfl_arena *arena, const bfl_record *record, int32_t day) {
    bfl_unfolding *u = BFL_NEW(arena, bfl_unfolding);
    u->whole = record;
    u->day = INT32_MIN;
    u->in_order = in_order(record);
    u->then = *record;
    u->then.therapies = u->therapies = BFL_NEW_ARRAY(arena, record->therapy_count, bfl_therapy);
    u->then.lesion_count = u->then.lab_count = u->then.clinical_count = 0;
    u->then.molecular_count = u->then.pathology_count = u->then.note_count = 0;
    u->then.last_day = INT32_MIN;
    u->scratch = u->in_order ? NULL : bfl_arena_scratch(arena);
    (void)bfl_record_unfold_to(u, day);
    return u;
}

/* Did one start or stop after a day and not after another? */
static bool therapy_between(const bfl_record *r, int32_t from, int32_t to) {
    for (size_t i = 0; i < r->therapy_count; i++) {
        bfl_when start = r->therapies[i].start, stop = r->therapies[i].stop;
        if ((start.day > from && seen_by(start, to)) || (stop.day > from && seen_by(stop, to))) return true;
    }
    return false;
}

static void unfold_therapies(bfl_unfolding *u, int32_t day) {
    bfl_record *r = &u->then;
    if (u->day != INT32_MIN && !therapy_between(u->whole, u->day, day)) return;
    filter_therapies(u->therapies, u->whole, r, day);
    for (size_t i = 0; i < r->therapy_count; i++) {
        later(r->therapies[i].start, &r->last_day);
        later(r->therapies[i].stop, &r->last_day);
    }
}

static void unfold_rows(bfl_unfolding *u, int32_t day) {
    const bfl_record *whole = u->whole;
    bfl_record *r = &u->then;
#define UNFOLD(list, count)                                                     \
    while (r->count < whole->count && seen_by(whole->list[r->count].when, day)) \
    later(whole->list[r->count++].when, &last)
    int32_t last = INT32_MIN;
    UNFOLD(notes, note_count);
    last = r->last_day; /* notes are only statements */
    UNFOLD(lesions, lesion_count);
    UNFOLD(labs, lab_count);
    UNFOLD(clinicals, clinical_count);
    UNFOLD(moleculars, molecular_count);
    UNFOLD(pathologies, pathology_count);
#undef UNFOLD
    r->last_day = last;
}

const bfl_record *bfl_record_unfold_to(bfl_unfolding *u, int32_t day) {
    if (!u->in_order) {
        bfl_arena_reset(u->scratch);
        u->then = *bfl_record_as_of(u->scratch, u->whole, day);
    } else {
        u->then.patient.death = death_after(u->whole, day) ? BFL_NO_DATE : u->whole->patient.death;
        unfold_therapies(u, day);
        unfold_rows(u, day);
    }
    u->day = day;
    return &u->then;
}

static void sooner(bfl_when when, int32_t day, int32_t *next) {
    if (when.known && when.day > day && when.day < *next) *next = when.day;
}

int32_t bfl_record_next_day(const bfl_unfolding *u) {
    const bfl_record *whole = u->whole, *r = &u->then;
    int32_t next = INT32_MAX;
    if (r->lesion_count < whole->lesion_count) sooner(whole->lesions[r->lesion_count].when, u->day, &next);
    if (r->lab_count < whole->lab_count) sooner(whole->labs[r->lab_count].when, u->day, &next);
        /* Of lists in order the first row that is not known yet tells. */
#define NEXT(list, count)                                                             \
    for (size_t from = u->in_order ? r->count : 0, i = from; i < whole->count; i++) { \
        sooner(whole->list[i].when, u->day, &next);                                   \
        if (u->in_order) break;                                                       \
    }
    NEXT(clinicals, clinical_count)
    NEXT(moleculars, molecular_count)
    NEXT(pathologies, pathology_count)
#undef NEXT
    return next;
}

int32_t bfl_record_last_day(const bfl_record *r) {
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < r->therapy_count; i++) {
        later(r->therapies[i].start, &last);
        later(r->therapies[i].stop, &last);
    }
    size_t lesions = r->lesion_count, labs = r->lab_count; /* in the order of their days, undated ones last */
    while (lesions && !r->lesions[lesions - 1].when.known) lesions--;
    while (labs && !r->labs[labs - 1].when.known) labs--;
    if (lesions) later(r->lesions[lesions - 1].when, &last);
    if (labs) later(r->labs[labs - 1].when, &last);
#define LATEST(list, count) \
    for (size_t i = 0; i < r->count; i++) later(r->list[i].when, &last);
    LATEST(clinicals, clinical_count)
    LATEST(moleculars, molecular_count)
    LATEST(pathologies, pathology_count)
#undef LATEST
    return last;
}

/* ---- looking things up ---- */

const bfl_therapy *bfl_record_therapy_on(const bfl_record *record, int32_t day) {
    const bfl_therapy *found = NULL;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (t->intent != BFL_INTENT_ANTICANCER || !seen_by(t->start, day)) continue;
        if (t->stop.known && t->stop.day < day) continue;
        if (!found || t->start.day > found->start.day) found = t;
    }
    return found;
}

size_t bfl_record_bone_diagnosis(const bfl_record *record, int32_t day) {
    for (size_t i = 0; i < record->clinical_count; i++) {
        const bfl_clinical *c = &record->clinicals[i];
        bool said =
            strcmp(c->item, "bone_metastasis") == 0 && bfl_text_equal_nocase(bfl_text_of(c->value), BFL_TEXT("yes"));
        if (said && seen_by(c->when, day)) return i;
    }
    return SIZE_MAX;
}

bfl_source bfl_record_source(const bfl_record *record, bfl_event_ref ref) {
    size_t i = ref.index;
    switch (ref.kind) {
    case BFL_EVENT_THERAPY:
        if (i < record->therapy_count) return record->therapies[i].source;
        break;
    case BFL_EVENT_LESION:
        if (i < record->lesion_count) return record->lesions[i].source;
        break;
    case BFL_EVENT_LAB:
        if (i < record->lab_count) return record->labs[i].source;
        break;
    case BFL_EVENT_CLINICAL:
        if (i < record->clinical_count) return record->clinicals[i].source;
        break;
    case BFL_EVENT_MOLECULAR:
        if (i < record->molecular_count) return record->moleculars[i].source;
        break;
    case BFL_EVENT_PATHOLOGY:
        if (i < record->pathology_count) return record->pathologies[i].source;
        break;
    case BFL_EVENT_NOTE:
        if (i < record->note_count) return record->notes[i].source;
        break;
    }
    return (bfl_source){"", 0, ""};
}

size_t bfl_record_format_day(const bfl_record *record, int32_t day, char *buffer, size_t size) {
    if (record->has_calendar) {
        int32_t civil = record->day0_civil + day;
        return bfl_date_format((bfl_date){civil, civil, BFL_DATE_DAY}, buffer, size);
    }
    char text[sizeof "day " + BFL_WHOLE_SIZE] = "day ";
    const size_t word = sizeof "day " - 1;
    size_t length = word + bfl_whole_format(day < 0, day < 0 ? 0 - (uint64_t)day : (uint64_t)day, text + word);
    size_t shown = length < size ? length : size ? size - 1 : 0;
    memcpy(buffer, text, shown);
    if (size) buffer[shown] = '\0';
    return shown;
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool bfl_site_same(const char *a, const char *b) {
    while (a != b) {
        while (is_blank(*a)) a++;
        while (is_blank(*b)) b++;
        if (lower(*a) != lower(*b)) return false;
        if (*a == '\0') return true;
        a++, b++;
    }
    return true;
}
