/* SPDX-License-Identifier: Apache-2.0 */
/* The patient row: stage, birth, death and age against each other. */
#include "record/seal.h"

#include <string.h>

/* ---- TNM ---- */

enum { FIRST_EDITION = 6, LAST_EDITION = 9 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool follows(bfl_text text, size_t at, const char *two) {
    return at + 1 < text.size && memcmp(text.data + at, two, 2) == 0;
}

/* Letters and a digit after "T1": mi, or a..d and perhaps a digit (M1c2). */
static size_t suffix_end(bfl_text text, size_t n) {
    if (follows(text, n, "mi")) return n + 2;
    bool letter = n < text.size && text.data[n] >= 'a' && text.data[n] <= 'd';
    if (!letter) return n;
    return n + 1 < text.size && is_digit(text.data[n + 1]) ? n + 2 : n + 1;
}

/* Length of the category that begins at text: a letter T, N or M, then is, X or a digit, then a suffix. */
static size_t category_length(bfl_text text) {
    if (text.size < 2 || !memchr("TNM", text.data[0], 3)) return 0;
    if (follows(text, 1, "is")) return 3;
    bool unknown = text.data[1] == 'X' || text.data[1] == 'x';
    return is_digit(text.data[1]) ? suffix_end(text, 2) : unknown ? 2 : 0;
}

/* The next T, N or M category of the text; empty at the end. */
static bfl_text next_category(bfl_text *rest) {
    while (rest->size) {
        size_t length = category_length(*rest);
        bfl_text found = {rest->data, length};
        size_t step = length ? length : 1;
        *rest = (bfl_text){rest->data + step, rest->size - step};
        if (length) return found;
    }
    return (bfl_text){"", 0};
}

/* The first category that the edition does not have; empty when it has all. */
static bfl_text stranger_to(int edition, const char *tnm) {
    bfl_text rest = bfl_text_of(tnm);
    for (bfl_text c = next_category(&rest); c.size; c = next_category(&rest))
        if (!bfl_tnm_lung_known(edition, c)) return c;
    return (bfl_text){"", 0};
}

static void check_tnm(const seal *s) {
    const bfl_patient *p = &s->b->patient;
    if (!bfl_text_starts(bfl_text_of(bfl_text_lower(s->arena, bfl_text_of(p->tumour))), BFL_TEXT("lung"))) return;
    bfl_text stranger = {"", 0};
    int edition = p->tnm_edition;
    if (edition) {
        stranger = stranger_to(edition, p->tnm);
    } else {
        edition = FIRST_EDITION;
        while (edition <= LAST_EDITION && stranger_to(edition, p->tnm).size) edition++;
        if (edition <= LAST_EDITION) return;
        stranger = stranger_to(LAST_EDITION, p->tnm);
    }
    if (stranger.size == 0) return;
    const char *expected =
        p->tnm_edition
            ? bfl_arena_printf(s->arena, "categories of TNM edition %d for lung cancer", p->tnm_edition)
            : bfl_arena_printf(
                  s->arena, "categories of one TNM edition for lung cancer; they match none of the editions %d to %d",
                  FIRST_EDITION, LAST_EDITION);
    bfl_seal_issue(s, BFL_CODE_PATIENT_TNM, p->source, "tnm",
                   bfl_arena_printf(s->arena, "%s in %s", bfl_arena_text(s->arena, stranger),
                                    bfl_issue_quote(s->arena, bfl_text_of(p->tnm))),
                   expected);
}

/* ---- birth, age, death ---- */

static bool is_calendar(bfl_date d) { return d.precision != BFL_DATE_NONE && d.precision != BFL_DATE_RELATIVE; }

/* Full years in a number of days: 1461 days are four years. */
static int32_t years(int32_t days) { return days < 0 ? -1 : (int32_t)((int64_t)days * 4 / 1461); }

/* The stated age must be possible at day 0, or in the year before it (age at diagnosis). */
static void check_age(const seal *s) {
    const bfl_patient *p = &s->b->patient;
    const anchor *a = &s->b->anchor;
    if (!p->age_years.present || !is_calendar(p->birth) || !a->calendar) return;
    int32_t least = years(a->date.first - p->birth.last) - 1, most = years(a->date.last - p->birth.first);
    if (bfl_decimal_compare(p->age_years.value, bfl_decimal_of(least)) >= 0 &&
        bfl_decimal_compare(p->age_years.value, bfl_decimal_of(most + 1)) < 0)
        return;
    char birth[32];
    bfl_date_format(p->birth, birth, sizeof birth);
    bfl_seal_issue(
        s, BFL_CODE_PATIENT_AGE, p->source, "age",
        bfl_arena_printf(s->arena, "age %s, born %s", bfl_decimal_z(s->arena, p->age_years.value, -1), birth),
        bfl_arena_printf(s->arena, "%d years at day 0", most));
}

void bfl_seal_patient(const seal *s) {
    const bfl_patient *p = &s->b->patient;
    check_tnm(s);
    check_age(s);
    if (!is_calendar(p->birth) || !is_calendar(p->death) || p->death.last >= p->birth.first) return;
    char birth[32], death[32];
    bfl_date_format(p->birth, birth, sizeof birth);
    bfl_date_format(p->death, death, sizeof death);
    bfl_seal_issue(s, BFL_CODE_DATE_BEFORE_BIRTH, p->source, "death_date", bfl_arena_text(s->arena, bfl_text_of(death)),
                   bfl_arena_printf(s->arena, "not before the birth on %s", birth));
}
