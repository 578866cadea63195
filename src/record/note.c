/* SPDX-License-Identifier: Apache-2.0 */
/* Statements as printed: against the dates of the record, and against each other. */
#include "record/seal.h"

#include <string.h>

static bool is_topic(const bfl_note *n, const char *topic) {
    return bfl_text_equal_nocase(bfl_text_of(n->topic), bfl_text_of(topic));
}

static const char *date_text(bfl_arena *arena, bfl_date d) {
    char z[32];
    bfl_date_format(d, z, sizeof z);
    return bfl_arena_text(arena, bfl_text_of(z));
}

/* ---- a printed day count against its date ---- */

/* Says which year would fit the printed count, when a slip of the year explains it: "with 2018 it would be day 119". */
static const char *other_year(const seal *s, const bfl_note *n, int64_t stated, int32_t computed) {
    if (n->date.precision != BFL_DATE_DAY) return "";
    int32_t y, m, d;
    bfl_civil_from_day(n->date.first, &y, &m, &d);
    for (int32_t shift = -1; shift <= 1; shift += 2) {
        int32_t moved = computed + bfl_civil_day(y + shift, m, d) - n->date.first;
        int64_t was = stated > computed ? stated - computed : computed - stated;
        int64_t now = stated > moved ? stated - moved : moved - stated;
        if (now < was && now <= 7)
            return bfl_arena_printf(s->arena, "; with the year %d it is day %d", y + shift, moved);
    }
    return "";
}

/* A printed day is one that a date could be. */
static void check_stated_day(const seal *s, bfl_note *n) {
    bfl_decimal farthest = bfl_decimal_of(BFL_FARTHEST_DAY), day = n->stated_day.value;
    if (!n->stated_day.present ||
        (bfl_decimal_compare(day, farthest) <= 0 && bfl_decimal_compare(day, bfl_decimal_of(-BFL_FARTHEST_DAY)) >= 0))
        return;
    bfl_seal_issue(s, BFL_CODE_NUMBER_RANGE, n->source, "stated_day", bfl_decimal_z(s->arena, day, -1),
                   bfl_arena_printf(s->arena, "a day from %d to %d", -BFL_FARTHEST_DAY, BFL_FARTHEST_DAY));
    n->stated_day = (bfl_maybe){0};
}

static void check_day_count(const seal *s, const bfl_note *n) {
    if (!n->stated_day.present || !n->when.exact) return;
    if (bfl_decimal_compare(n->stated_day.value, bfl_decimal_of(n->when.day)) == 0) return;
    int64_t stated = bfl_decimal_round(n->stated_day.value, 0).mantissa;
    bool whole = n->stated_day.value.exponent == 0;
    const char *topic = bfl_issue_quote(s->arena, bfl_text_of(n->topic));
    bfl_seal_issue(s, BFL_CODE_NOTE_DAY_COUNT, n->source, "stated_day",
                   bfl_arena_printf(s->arena, "%s on day %s", topic, bfl_decimal_z(s->arena, n->stated_day.value, -1)),
                   bfl_arena_printf(s->arena, "day %d, for the date is %s and day 0 is %s%s", n->when.day,
                                    date_text(s->arena, n->date),
                                    s->b->anchor.calendar ? date_text(s->arena, s->b->anchor.date) : "d0",
                                    whole ? other_year(s, n, stated, n->when.day) : ""));
}

/* ---- dates against the record ---- */

static void check_start(const seal *s, const bfl_note *n) {
    const anchor *a = &s->b->anchor;
    bfl_date said = n->date;
    if (!is_topic(n, "start") || !(a->from_drug || a->from_patients)) return;
    if (said.precision == BFL_DATE_NONE && bfl_date_parse(bfl_text_of(n->value), &said, NULL) != BFL_OK) return;
    bool comparable = said.precision != BFL_DATE_RELATIVE && a->calendar;
    if (!comparable || (said.first <= a->date.last && said.last >= a->date.first)) return;
    bfl_seal_issue(s, BFL_CODE_NOTE_START_DIFFERS, n->source, n->date.precision == BFL_DATE_NONE ? "value" : "date",
                   bfl_arena_printf(s->arena, "start on %s", date_text(s->arena, said)),
                   bfl_arena_printf(s->arena, "%s, as in %s", date_text(s->arena, a->date),
                                    a->from_drug ? "therapy.csv" : "patients.csv"));
}

/* The earliest dated statement of progression; NULL when there is none. */
static const bfl_note *first_progression(const seal *s) {
    const bfl_note *first = NULL;
    for (size_t i = 0; i < s->b->notes.count; i++) {
        const bfl_note *n = &s->b->notes.items[i];
        if (n->when.known && is_topic(n, "progression") && (!first || n->when.day < first->when.day)) first = n;
    }
    return first;
}

/* A flare is called while the disease responds: one dated after the progression cannot be what was meant. */
static void check_order(const seal *s, const bfl_note *flare, const bfl_note *progression) {
    if (!progression || !flare->when.known || flare->when.first <= progression->when.day) return;
    if (!is_topic(flare, "flare")) return;
    bfl_seal_issue(s, BFL_CODE_NOTE_ORDER, flare->source, "date",
                   bfl_arena_printf(s->arena, "flare on %s", date_text(s->arena, flare->date)),
                   bfl_arena_printf(s->arena, "a flare before the progression on %s in row %u",
                                    date_text(s->arena, progression->date), progression->source.row));
}

/* ---- statements against each other ---- */

static const char *const number_words[] = {
    "zero",     "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
};

static bool read_number(bfl_text text, bfl_decimal *out) {
    for (size_t i = 0; i < sizeof number_words / sizeof *number_words; i++) {
        if (!bfl_text_equal_nocase(text, bfl_text_of(number_words[i]))) continue;
        *out = bfl_decimal_of((int64_t)i);
        return true;
    }
    return bfl_decimal_parse(text, out, NULL) == BFL_OK;
}

/* "8 weeks" = 56..56 days, "3 months" = 84..93: a month has 28 to 31 days. */
static bool read_duration(bfl_text text, int64_t *least, int64_t *most) {
    static const struct {
        const char *unit;
        int least, most;
    } units[] = {{"day", 1, 1}, {"week", 7, 7}, {"month", 28, 31}, {"year", 365, 366}};
    bfl_text head = bfl_text_split(&text, ' ');
    bfl_decimal n;
    if (!read_number(head, &n) || n.exponent != 0 || n.mantissa < 0 || n.mantissa > 1000) return false;
    bfl_text unit = bfl_text_trim(text);
    if (unit.size > 1 && (unit.data[unit.size - 1] == 's' || unit.data[unit.size - 1] == 'S')) unit.size--;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!bfl_text_equal_nocase(unit, bfl_text_of(units[i].unit))) continue;
        *least = n.mantissa * units[i].least;
        *most = n.mantissa * units[i].most;
        return true;
    }
    return false;
}

/* Can both values be true? Words, numbers ("twenty" = 20) and durations ("3 months" = "13 weeks") are understood. */
static bool values_agree(const char *a, const char *b) {
    bfl_text x = bfl_text_trim(bfl_text_of(a)), y = bfl_text_trim(bfl_text_of(b));
    if (bfl_text_equal_nocase(x, y)) return true;
    bfl_decimal m, n;
    if (read_number(x, &m) && read_number(y, &n)) return bfl_decimal_compare(m, n) == 0;
    int64_t x_least, x_most, y_least, y_most;
    if (read_duration(x, &x_least, &x_most) && read_duration(y, &y_least, &y_most))
        return x_least <= y_most && y_least <= x_most;
    return false;
}

/* Things that happen once: two different dates for one of them contradict each other. */
static bool happens_once(const bfl_note *n) {
    return is_topic(n, "start") || is_topic(n, "flare") || is_topic(n, "first_follow_up") || is_topic(n, "death") ||
           is_topic(n, "birth") || is_topic(n, "diagnosis");
}

static bool overlap(bfl_date a, bfl_date b) { return a.first <= b.last && b.first <= a.last; }

/* Dates of the same kind, calendar or relative, that cannot be the same day. */
static bool dates_differ(bfl_date a, bfl_date b) {
    bool comparable = a.precision != BFL_DATE_NONE && b.precision != BFL_DATE_NONE &&
                      (a.precision == BFL_DATE_RELATIVE) == (b.precision == BFL_DATE_RELATIVE);
    return comparable && !overlap(a, b);
}

/* What the notes contradict each other in: "value", "date" or NULL. */
static const char *contradiction(const bfl_note *a, const bfl_note *b) {
    if (!bfl_text_equal_nocase(bfl_text_of(a->topic), bfl_text_of(b->topic))) return NULL;
    bool other_time = dates_differ(a->date, b->date), once = happens_once(a);
    bool both_valued = a->value[0] && b->value[0];
    if (other_time && once && !(both_valued && !values_agree(a->value, b->value))) return "date";
    /* A response may change from visit to visit, so values are compared only when they speak of the same time. */
    if ((other_time && !once) || !both_valued) return NULL;
    return values_agree(a->value, b->value) ? NULL : "value";
}

void bfl_notes_compare(bfl_arena *arena, const bfl_note *notes, size_t count, const char *patient,
                       bfl_issue_list *issues) {
    enum { COMPARED = 256 }; /* statements before a row that it is compared with */
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i > COMPARED ? i - COMPARED : 0; j < i; j++) {
            const char *column = contradiction(&notes[j], &notes[i]);
            if (!column) continue;
            bool date = strcmp(column, "date") == 0;
            const char *now =
                date ? date_text(arena, notes[i].date) : bfl_issue_quote(arena, bfl_text_of(notes[i].value));
            const char *before =
                date ? date_text(arena, notes[j].date) : bfl_issue_quote(arena, bfl_text_of(notes[j].value));
            bfl_place place = {patient, notes[i].source, column};
            bfl_issue_add(arena, issues, BFL_CODE_NOTE_CONTRADICTION, place,
                          bfl_arena_printf(arena, "%s %s, but %s in row %u",
                                           bfl_issue_quote(arena, bfl_text_of(notes[i].topic)), now, before,
                                           notes[j].source.row),
                          "one statement");
            break;
        }
    }
}

static int compare_rows(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_note *x = a, *y = b;
    return bfl_seal_compare_source(x->source, y->source);
}

static int compare_time(const void *a, const void *b, const void *context) {
    const bfl_note *x = a, *y = b;
    int order = bfl_seal_compare_when(x->when, y->when);
    return order ? order : compare_rows(a, b, context);
}

void bfl_seal_notes(const seal *s) {
    bfl_builder *b = s->b;
    bfl_sort(s->b->scratch, b->notes.items, b->notes.count, sizeof *b->notes.items, compare_rows, NULL);
    bfl_notes_compare(s->arena, b->notes.items, b->notes.count, b->patient.id, &b->issues);
    const bfl_note *progression = first_progression(s);
    for (size_t i = 0; i < b->notes.count; i++) {
        check_stated_day(s, &b->notes.items[i]);
        check_day_count(s, &b->notes.items[i]);
        check_start(s, &b->notes.items[i]);
        check_order(s, &b->notes.items[i], progression);
    }
    bfl_sort(s->b->scratch, b->notes.items, b->notes.count, sizeof *b->notes.items, compare_time, NULL);
}
