/* SPDX-License-Identifier: Apache-2.0 */
/* Day 0, and every date as days from it. A partial date stays a range: nothing is rounded to the first of the month. */
#include "record/seal.h"

#include <stdio.h>

static bool is_calendar(bfl_date d) { return d.precision != BFL_DATE_NONE && d.precision != BFL_DATE_RELATIVE; }

static bool is_partial(bfl_date d) { return d.precision == BFL_DATE_YEAR || d.precision == BFL_DATE_MONTH; }

static bool earlier(bfl_date a, bfl_date b) { return a.first != b.first ? a.first < b.first : a.last < b.last; }

static void take_earliest(bfl_date d, bfl_date *best) {
    if (is_calendar(d) && (best->precision == BFL_DATE_NONE || earlier(d, *best))) *best = d;
}

static bfl_date first_anticancer_start(const bfl_builder *b) {
    bfl_date best = BFL_NO_DATE;
    for (size_t i = 0; i < b->therapies.count; i++)
        if (b->therapies.items[i].row.intent == BFL_INTENT_ANTICANCER)
            take_earliest(b->therapies.items[i].start, &best);
    return best;
}

/* The dates of all events, one after the other: index runs on over the kinds. */
static bool event_date(const bfl_builder *b, size_t index, bfl_date *out) {
#define FROM(list, member)                  \
    if (index < b->list.count) {            \
        *out = b->list.items[index].member; \
        return true;                        \
    }                                       \
    index -= b->list.count;
    FROM(therapies, start)
    FROM(lesions, date)
    FROM(labs, date)
    FROM(clinicals, date)
    FROM(moleculars, date)
    FROM(pathologies, date)
#undef FROM
    return false;
}

/* The first dated event; NONE when some date is relative, for then the writer had a day 0 in mind that is not given. */
static bfl_date first_event(const bfl_builder *b) {
    bfl_date best = BFL_NO_DATE, best_partial = BFL_NO_DATE, d;
    for (size_t i = 0; event_date(b, i, &d); i++) {
        if (d.precision == BFL_DATE_RELATIVE) return BFL_NO_DATE;
        take_earliest(d, is_partial(d) ? &best_partial : &best);
    }
    if (best.precision == BFL_DATE_NONE) best = best_partial;
    /* A record of statements alone (responses as collected) still needs a calendar. */
    size_t statements = best.precision == BFL_DATE_NONE && !event_date(b, 0, &d) ? b->notes.count : 0;
    for (size_t i = 0; i < statements; i++)
        if (!is_partial(b->notes.items[i].date)) take_earliest(b->notes.items[i].date, &best_partial);
    return best.precision == BFL_DATE_NONE ? best_partial : best;
}

static anchor find_anchor(const seal *s) {
    bfl_builder *b = s->b;
    bfl_source source = b->patient.source;
    if (b->day0.precision == BFL_DATE_RELATIVE && (b->day0.first != 0 || b->day0.last != 0))
        bfl_seal_issue(s, BFL_CODE_DATE_UNREADABLE, source, "day0", "a day counted from day 0",
                       "a calendar date, or d0");
    if (is_calendar(b->day0)) return (anchor){true, b->day0, true, false};
    bfl_date start = first_anticancer_start(b);
    if (is_calendar(start)) return (anchor){true, start, false, true};
    bfl_date event = first_event(b);
    if (!is_calendar(event)) return (anchor){0};
    char z[32];
    bfl_date_format(event, z, sizeof z);
    bfl_seal_issue(s, BFL_CODE_PATIENT_NO_DAY0, source, "day0",
                   bfl_arena_printf(s->arena, "no dated anticancer drug and no day0; first dated event %s", z),
                   "the start of the first anticancer drug");
    return (anchor){true, event, false, false};
}

/* Days from day 0. With a partial day 0 a calendar date is the range of days it may be. */
static bfl_when place(const anchor *a, bfl_date d) {
    if (d.precision == BFL_DATE_NONE || (is_calendar(d) && !a->calendar)) return (bfl_when){0};
    bfl_when when = {.day = d.last, .first = d.first, .known = true};
    if (is_calendar(d)) {
        when.first = d.first - a->date.last;
        when.day = d.last - a->date.first;
    }
    when.exact = when.first == when.day;
    return when;
}

static const char *date_text(const seal *s, bfl_date d) {
    char z[32];
    bfl_date_format(d, z, sizeof z);
    return bfl_arena_text(s->arena, bfl_text_of(z));
}

static void check_life(const seal *s, bfl_when when, bfl_date date, bfl_source source, const char *column) {
    const bfl_patient *p = &s->b->patient;
    bfl_when birth = place(&s->b->anchor, p->birth), death = place(&s->b->anchor, p->death);
    if (birth.known && when.day < birth.first)
        bfl_seal_issue(s, BFL_CODE_DATE_BEFORE_BIRTH, source, column, date_text(s, date),
                       bfl_arena_printf(s->arena, "not before the birth on %s", date_text(s, p->birth)));
    if (death.known && when.first > death.day)
        bfl_seal_issue(s, BFL_CODE_DATE_AFTER_DEATH, source, column, date_text(s, date),
                       bfl_arena_printf(s->arena, "not after the death on %s", date_text(s, p->death)));
}

/* Places one date and reports what is wrong with it. `missing` is the code for no date at all, COUNT for none. */
static bfl_when place_event(const seal *s, bfl_date date, bfl_source source, const char *column,
                            bfl_issue_code missing) {
    bfl_when when = place(&s->b->anchor, date);
    if (date.precision == BFL_DATE_NONE) {
        bool reported = date.first == BFL_DATE_REPORTED.first;
        if (!reported && missing != BFL_CODE_COUNT)
            bfl_seal_issue(s, missing, source, column, "no date", "2019-04-04, 2019-04, 2019, d41 or d56..d90");
        return when;
    }
    if (!when.known)
        bfl_seal_issue(s, BFL_CODE_DATE_NO_CALENDAR, source, column, date_text(s, date),
                       "a day of therapy (d41), for this patient's day 0 has no calendar date");
    else
        check_life(s, when, date, source, column);
    if (is_partial(date))
        bfl_seal_issue(s, BFL_CODE_DATE_PARTIAL, source, column, date_text(s, date), "year, month and day");
    return when;
}

static void place_therapies(const seal *s) {
    for (size_t i = 0; i < s->b->therapies.count; i++) {
        therapy_row *t = &s->b->therapies.items[i];
        bool drug = t->row.intent == BFL_INTENT_ANTICANCER || t->row.intent == BFL_INTENT_BONE_AGENT;
        t->row.start =
            place_event(s, t->start, t->row.source, "start", drug ? BFL_CODE_DATE_MISSING : BFL_CODE_DATE_UNDATED);
        t->row.stop = place_event(s, t->stop, t->row.source, "stop", BFL_CODE_COUNT);
        /* However partial the date, the drug that defines day 0 starts on day 0. */
        if (s->b->anchor.from_drug && bfl_date_same(t->start, s->b->anchor.date))
            t->row.start = (bfl_when){.known = true, .exact = true};
    }
}

void bfl_seal_timeline(const seal *s) {
    bfl_builder *b = s->b;
    b->anchor = find_anchor(s);
    if (b->anchor.calendar && is_partial(b->anchor.date))
        bfl_seal_issue(s, BFL_CODE_PATIENT_DAY0_PARTIAL, b->patient.source, "day0", date_text(s, b->anchor.date),
                       "the day that therapy started");
    place_therapies(s);
#define PLACE(list, missing)                   \
    for (size_t i = 0; i < b->list.count; i++) \
        b->list.items[i].row.when = place_event(s, b->list.items[i].date, b->list.items[i].row.source, "date", missing);
    PLACE(lesions, BFL_CODE_DATE_MISSING)
    PLACE(labs, BFL_CODE_DATE_MISSING)
    PLACE(clinicals, BFL_CODE_DATE_UNDATED)
    PLACE(moleculars, BFL_CODE_DATE_UNDATED)
    PLACE(pathologies, BFL_CODE_DATE_UNDATED)
#undef PLACE
    for (size_t i = 0; i < b->notes.count; i++) {
        bfl_note *n = &b->notes.items[i];
        n->when = place_event(s, n->date, n->source, "date", BFL_CODE_COUNT);
    }
}

const char *bfl_seal_day_text(const seal *s, int32_t day) {
    const anchor *a = &s->b->anchor;
    if (!a->calendar || a->date.precision != BFL_DATE_DAY) return bfl_arena_printf(s->arena, "day %d", day);
    bfl_date civil = {a->date.first + day, a->date.first + day, BFL_DATE_DAY};
    return bfl_arena_printf(s->arena, "%s (day %d)", date_text(s, civil), day);
}
