/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of a row: text, numbers, dates; whose row it is. */
#include "format/sdtm/sdtm.h"

#include <stdio.h>
#include <string.h>

const char *bfl_sdtm_cell(const sdtm_row *w, sdtm_variable v) {
    return w->d->at[v] ? w->line->cells[w->d->at[v] - 1] : "";
}

bool bfl_sdtm_is(const sdtm_row *w, sdtm_variable v, const char *word) {
    return bfl_text_equal_nocase(bfl_text_of(bfl_sdtm_cell(w, v)), bfl_text_of(word));
}

bfl_source bfl_sdtm_source(const sdtm_row *w) {
    return (bfl_source){w->d->file, w->line->line, bfl_sdtm_said(w, "BFLSRC", "")};
}

void bfl_sdtm_issue(const sdtm_row *w, bfl_issue_code code, sdtm_variable v, const char *found, const char *expected) {
    const char *column = v < VAR_COUNT && w->d->names[v] ? w->d->names[v] : "";
    bfl_place place = {w->patient, bfl_sdtm_source(w), column};
    sdtm *s = w->s;
    if (w->builder)
        bfl_issue_add(s->scratch, bfl_record_issues(w->builder), code, place, found, expected);
    else
        bfl_issue_add(s->arena, &s->study.issues, code, place, found, expected);
}

/* ---- supplemental qualifiers ---- */

static const sdtm_qualifier *find_qualifier(const sdtm_row *w, const char *qnam) {
    for (const sdtm_qualifier *q = w->qualifiers; q; q = q->next)
        if (bfl_text_equal_nocase(bfl_text_of(q->name), bfl_text_of(qnam))) return q;
    return NULL;
}

const char *bfl_sdtm_qualifier(const sdtm_row *w, const char *qnam) {
    const sdtm_qualifier *q = find_qualifier(w, qnam);
    if (!q) return NULL;
    if (strcmp(q->value, SDTM_NOT_STATED) == 0) return "";
    const char *text = q->value;
    for (int i = 1; i <= SDTM_MOST_PARTS && q; i++) {
        char part[16];
        (void)snprintf(part, sizeof part, "%.7s%d", qnam, i);
        q = find_qualifier(w, part);
        if (q) text = bfl_arena_printf(w->s->row, "%s%s", text, q->value);
    }
    return bfl_sdtm_keep(w->s, bfl_text_of(text));
}

const char *bfl_sdtm_said(const sdtm_row *w, const char *qnam, const char *otherwise) {
    const char *said = w->qualifiers ? bfl_sdtm_qualifier(w, qnam) : NULL;
    return said ? said : otherwise;
}

bfl_maybe bfl_sdtm_said_number(const sdtm_row *w, const char *qnam) {
    const char *said = bfl_sdtm_said(w, qnam, "");
    bfl_decimal value;
    return said[0] && bfl_decimal_parse(bfl_text_of(said), &value, NULL) == BFL_OK ? bfl_some(value) : (bfl_maybe){0};
}

/* The supplemental values that point to the row, or in DM to the subject. */
static const sdtm_qualifier *qualifiers_of(const sdtm_row *w) {
    if (!w->s->qualifiers.count || w->d->id == SDTM_SUPP) return NULL;
    const char *seq = w->d->id == SDTM_DM ? "" : bfl_sdtm_cell(w, VAR_SEQ);
    const name *n = bfl_names_find(
        &w->s->qualifiers,
        bfl_text_of(bfl_arena_printf(w->s->row, "%s\x1f%s\x1f%s", bfl_sdtm_id_text(w->d->id), w->patient, seq)));
    return n ? n->value : NULL;
}

/* ---- statements ---- */

void bfl_sdtm_add_note(const sdtm_row *w, const char *topic, const char *value, const char *text, bfl_date date) {
    bfl_note *n = bfl_record_add_note(w->builder);
    *n = (bfl_note){.date = bfl_sdtm_said_date(w, "BFLDATE", date), .topic = topic, .source = bfl_sdtm_source(w)};
    n->value = bfl_sdtm_said(w, "BFLVALUE", value);
    n->text = bfl_sdtm_said(w, "BFLTEXT", text);
    n->stated_day = bfl_sdtm_said_number(w, "BFLSTDAY");
}

/* ---- numbers ---- */

bfl_maybe bfl_sdtm_number(const sdtm_row *w, sdtm_variable v) {
    const char *z = bfl_sdtm_cell(w, v);
    bfl_decimal value;
    if (!z[0]) return (bfl_maybe){0};
    if (bfl_decimal_parse(bfl_text_of(z), &value, NULL) == BFL_OK) return (bfl_maybe){value, true};
    bfl_sdtm_issue(w, BFL_CODE_NUMBER_UNREADABLE, v, bfl_issue_quote(w->s->arena, bfl_text_of(z)),
                   "a number such as 12.5");
    return (bfl_maybe){0};
}

/* ---- dates ---- */

static bool is_digits(bfl_text t, size_t from, size_t count) {
    if (t.size < from + count) return false;
    for (size_t i = from; i < from + count; i++)
        if (t.data[i] < '0' || t.data[i] > '9') return false;
    return true;
}

/* ISO 8601 as SDTM uses it: the time of day is left off, and 2003---15 (the month is not known) is as good as 2003. */
static bfl_text date_part(bfl_text t) {
    for (size_t i = 0; i < t.size; i++)
        if (t.data[i] == 'T' || t.data[i] == 't') t.size = i;
    if (is_digits(t, 0, 4) && t.size > 5 && t.data[4] == '-' && t.data[5] == '-') t.size = 4;
    while (t.size && t.data[t.size - 1] == '-') t.size--;
    return t;
}

/* An interval of days cannot be one date of the record unless it begins and ends in the same month or year. */
static bool parse_date(bfl_text t, bfl_date *out) {
    bfl_text first = bfl_text_split(&t, '/');
    if (bfl_date_parse(date_part(first), out, NULL) != BFL_OK || out->precision == BFL_DATE_RELATIVE) return false;
    if (!t.size) return true;
    bfl_date last;
    if (bfl_date_parse(date_part(t), &last, NULL) != BFL_OK) return false;
    for (size_t size = 7; size >= 4; size -= 3)
        if (first.size >= size && t.size >= size && memcmp(first.data, t.data, size) == 0)
            return bfl_date_parse((bfl_text){first.data, size}, out, NULL) == BFL_OK;
    return false;
}

bfl_date bfl_sdtm_date(const sdtm_row *w, sdtm_variable v) {
    const char *z = bfl_sdtm_cell(w, v);
    bfl_date date;
    if (!z[0]) return BFL_NO_DATE;
    if (parse_date(bfl_text_of(z), &date)) return date;
    bool year = bfl_date_year_at_fault(date_part(bfl_text_of(z)));
    bfl_sdtm_issue(w, year ? BFL_CODE_DATE_YEAR : BFL_CODE_DATE_UNREADABLE, v,
                   bfl_issue_quote(w->s->arena, bfl_text_of(z)),
                   year ? BFL_DATE_YEARS : "2019-04-04, 2019-04, 2019 or 2019-04-04T08:30");
    return BFL_DATE_REPORTED;
}

/* Study day to day of therapy: there is no study day 0 (SDTMIG, "Study Day"). */
static bfl_date from_study_day(int64_t day) {
    int32_t d = (int32_t)(day > 0 ? day - 1 : day);
    return (bfl_date){d, d, BFL_DATE_RELATIVE};
}

static bool read_study_day(const sdtm_row *w, sdtm_variable v, int64_t *out) {
    enum { FARTHEST = 99999 };
    bfl_maybe n = bfl_sdtm_number(w, v);
    if (!n.present) return false;
    bool whole = n.value.exponent == 0 && n.value.mantissa >= -FARTHEST && n.value.mantissa <= FARTHEST;
    if (whole && n.value.mantissa != 0) {
        *out = n.value.mantissa;
        return true;
    }
    bfl_sdtm_issue(w, BFL_CODE_SDTM_STUDY_DAY, v,
                   bfl_arena_printf(w->s->arena, "study day %s", bfl_decimal_z(w->s->arena, n.value, -1)),
                   "a whole number other than 0: the day of the first dose is 1, the day before it is -1");
    return false;
}

/* The start that study days count from, when it is known to the day. */
static const bfl_date *start_of(const sdtm_row *w) {
    const name *n = bfl_names_find(&w->s->starts, bfl_text_of(w->patient));
    const bfl_date *start = n ? n->value : NULL;
    return start && start->precision == BFL_DATE_DAY ? start : NULL;
}

static void check_study_day(const sdtm_row *w, sdtm_variable v, bfl_date date, int64_t said) {
    const bfl_date *start = start_of(w);
    if (!start || date.precision != BFL_DATE_DAY) return;
    int64_t distance = (int64_t)date.first - start->first, day = distance >= 0 ? distance + 1 : distance;
    if (day == said) return;
    char z[32];
    bfl_date_format(*start, z, sizeof z);
    bfl_sdtm_issue(w, BFL_CODE_SDTM_STUDY_DAY, v, bfl_arena_printf(w->s->arena, "study day %lld", (long long)said),
                   bfl_arena_printf(w->s->arena, "%lld, for study day 1 is %s", (long long)day, z));
}

bfl_date bfl_sdtm_dated(const sdtm_row *w, sdtm_variable v, sdtm_variable day_variable) {
    bfl_date date = bfl_sdtm_date(w, v);
    int64_t day;
    if (!read_study_day(w, day_variable, &day)) return date;
    if (date.precision == BFL_DATE_NONE && date.first == 0) return from_study_day(day);
    check_study_day(w, day_variable, date, day);
    return date;
}

bfl_date bfl_sdtm_said_date(const sdtm_row *w, const char *qnam, bfl_date otherwise) {
    const char *said = bfl_sdtm_said(w, qnam, "");
    bfl_date date;
    return said[0] && bfl_date_parse(bfl_text_of(said), &date, NULL) == BFL_OK ? date : otherwise;
}

/* ---- whose row ---- */

static bool find_subject(sdtm_row *w) {
    const char *id = bfl_sdtm_cell(w, VAR_USUBJID);
    sdtm *s = w->s;
    if (!id[0]) {
        bfl_sdtm_issue(w, BFL_CODE_ROW_CELL_MISSING, VAR_USUBJID, "an empty cell", "the subject");
        return false;
    }
    w->patient = id;
    if (w->d->id == SDTM_SUPP) return true; /* says something about rows of others; makes no subject */
    name *n = bfl_names_add(&s->patients, bfl_text_of(id));
    if (!n->value && s->listed && w->d->id != SDTM_DM) {
        bfl_sdtm_issue(w, BFL_CODE_ROW_PATIENT_UNKNOWN, VAR_USUBJID, bfl_issue_quote(s->arena, bfl_text_of(id)),
                       "a subject of DM");
        return false;
    }
    if (!n->value) {
        n->value = bfl_record_begin(s->scratch, n->text);
        *BFL_PUSH(s->scratch, &s->study.patients) = n->value;
    }
    w->builder = n->value;
    return true;
}

static bool check_domain(const sdtm_row *w) {
    const char *said = bfl_sdtm_cell(w, VAR_DOMAIN), *id = bfl_sdtm_id_text(w->d->id);
    if (!said[0] || bfl_sdtm_is(w, VAR_DOMAIN, id)) return true;
    bfl_sdtm_issue(w, BFL_CODE_SDTM_DOMAIN, VAR_DOMAIN, bfl_issue_quote(w->s->arena, bfl_text_of(said)), id);
    return false;
}

void bfl_sdtm_rows(sdtm *s, sdtm_id id, sdtm_row_reader read) {
    for (size_t i = 0; i < s->datasets.count; i++) {
        const sdtm_dataset *d = s->datasets.items[i];
        if (d->id != id) continue;
        for (size_t j = 0; j < d->lines.count; j++) {
            sdtm_row w = {.s = s, .d = d, .line = &d->lines.items[j], .patient = ""};
            bfl_arena_reset(s->row);
            if (!check_domain(&w) || !find_subject(&w)) continue;
            w.qualifiers = qualifiers_of(&w);
            read(&w);
        }
    }
}
