/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terms of CTCAE, read once when the book is opened. Every term is a row: its analyte, whether high or low values count, and
 * where each grade begins, as multiples of a limit, multiples of the baseline or plain values. The code knows no term by name.
 */
#include "rules/book.h"

#include <string.h>

static const char grades[] = "1234";
_Static_assert(sizeof grades - 1 == BFL_GRADES, "one digit a grade");

/* Plain values, and the unit that each is written in. */
static const struct {
    const char *key, *unit;
} plain_units[BFL_PLAIN_UNITS] = {{"mmol_l", "mmol/L"}, {"mg_dl", "mg/dL"}, {"g_dl", "g/dL"}, {"per_nl", "10*9/L"}};

static bool skip(const char **key, const char *word) {
    size_t size = strlen(word);
    if (strncmp(*key, word, size) != 0) return false;
    *key += size;
    return true;
}

static void set(bfl_grade_column *column, bool below, size_t grade, bfl_decimal times) {
    column->times[grade] = bfl_some(times);
    int order = column->mildest.present ? bfl_decimal_compare(times, column->mildest.value) : 0;
    if (!column->mildest.present || (below ? order > 0 : order < 0)) column->mildest = bfl_some(times);
}

/* "grade2_x_uln", "symptom_grade2_x_uln" with symptoms, and "grade2_baseline". */
static void read_threshold(const bfl_parameter *parameter, bfl_grade_term *term) {
    const char *key = parameter->key;
    bool symptomatic = skip(&key, "symptom_");
    const char *digit = skip(&key, "grade") && *key ? strchr(grades, *key) : NULL;
    if (!digit || key[1] != '_') return;
    key += strlen("1_");
    size_t grade = (size_t)(digit - grades);
    bfl_grade_starts *starts = &term->starts[symptomatic];
    if (!parameter->numeric) {
        if (!symptomatic && strcmp(key, "baseline") == 0)
            term->from_baseline[grade] = strcmp(parameter->text, "from") == 0;
        return;
    }
    if (strcmp(key, term->below ? "x_lln" : "x_uln") == 0) set(&starts->limit, term->below, grade, parameter->number);
    if (strcmp(key, "x_baseline") == 0) set(&starts->baseline, term->below, grade, parameter->number);
    for (size_t i = 0; i < BFL_PLAIN_UNITS; i++) {
        if (strcmp(key, plain_units[i].key) != 0) continue;
        const bfl_unit *unit = bfl_analyte_unit(term->analyte, bfl_text_of(plain_units[i].unit));
        if (!unit) continue;
        starts->plain[grade][i] = (bfl_plain_start){unit, bfl_decimal_multiply(parameter->number, unit->factor)};
        starts->any_plain = true;
    }
}

static const char *words(const bfl_rule *rule, const char *key) {
    const bfl_parameter *parameter = bfl_rule_parameter(rule, key);
    return parameter && !parameter->numeric ? parameter->text : "";
}

static const bfl_analyte *analyte_of(const bfl_rule *rule, const char *key) {
    const char *name = words(rule, key);
    return *name ? bfl_analyte_find(bfl_text_of(name)) : NULL;
}

static bool from_one_on(const bfl_grade_column *column) {
    return !column->mildest.present || bfl_decimal_compare(column->mildest.value, bfl_decimal_of(1)) >= 0;
}

static bool none_below_limit(const bfl_grade_term *term) {
    bool multiples_alone = !term->below && !term->by_either && !term->corrected;
    for (size_t i = 0; i < sizeof term->starts / sizeof *term->starts; i++) {
        const bfl_grade_starts *starts = &term->starts[i];
        multiples_alone &= !starts->any_plain && from_one_on(&starts->limit) && from_one_on(&starts->baseline);
    }
    return multiples_alone;
}

/* The term as it grades values of `analyte`. */
static bfl_grade_term read_term(const bfl_rule *rule, const bfl_analyte *analyte, const bfl_analyte *corrected) {
    const char *branch = words(rule, "branch");
    bfl_grade_term term = {.rule = rule, .analyte = analyte, .symptom = words(rule, "symptom")};
    term.corrected = analyte == corrected ? NULL : corrected;
    term.below = strcmp(words(rule, "direction"), "below") == 0;
    term.by_baseline = strcmp(branch, "baseline") == 0;
    term.by_either = strcmp(branch, "either") == 0;
    term.by_limit = strcmp(branch, "limit") == 0;
    for (size_t i = 0; i < rule->parameter_count; i++) read_threshold(&rule->parameters[i], &term);
    term.none_below_limit = none_below_limit(&term);
    return term;
}

void bfl_rules_read_grades(bfl_arena *arena, bfl_rulebook *book) {
    const bfl_rule *rules = NULL;
    size_t count = bfl_rules_with_prefix(book, "ctcae5.", &rules), analytes = bfl_analyte_count(), at = 0;
    book->grade_terms = BFL_NEW_ARRAY(arena, 2 * count, bfl_grade_term);
    book->first_grade_terms = BFL_NEW_ARRAY(arena, analytes + 1, size_t);
    for (size_t i = 0; i < analytes; i++) {
        const bfl_analyte *analyte = bfl_analyte_at(i);
        book->first_grade_terms[i] = at;
        for (size_t k = 0; k < count; k++) {
            const bfl_analyte *corrected = analyte_of(&rules[k], "corrected_analyte");
            if (analyte == corrected || analyte == analyte_of(&rules[k], "analyte"))
                book->grade_terms[at++] = read_term(&rules[k], analyte, corrected);
        }
    }
    book->first_grade_terms[analytes] = at;
}

const bfl_grade_term *bfl_rule_grades(const bfl_rulebook *book, const bfl_analyte *analyte, size_t *count) {
    const size_t *first = &book->first_grade_terms[analyte - bfl_analyte_at(0)];
    *count = first[1] - first[0];
    return &book->grade_terms[first[0]];
}
