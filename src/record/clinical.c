/* SPDX-License-Identifier: Apache-2.0 */
/* Clinical items, molecular tests and pathology: their words, and rows that say the same or the opposite on one day. */
#include "record/seal.h"

#include <string.h>

/* Rows of one day that a row is compared with. */
enum { COMPARED_ROWS = 32 };

/* ---- clinical items ---- */

typedef enum item_kind { ITEM_TEXT, ITEM_NUMBER, ITEM_YES_NO, ITEM_PAIN, ITEM_SCALE_0_5 } item_kind;

static const struct {
    const char *item;
    item_kind kind;
} items[] = {
    {"ecog", ITEM_SCALE_0_5},
    {"pain", ITEM_PAIN},
    {"weight", ITEM_NUMBER},
    {"temperature", ITEM_NUMBER},
    {"fever", ITEM_YES_NO},
    {"fracture", ITEM_YES_NO},
    {"cord_signs", ITEM_YES_NO},
    {"deterioration", ITEM_YES_NO},
    {"jaundice", ITEM_YES_NO},
    {"sepsis", ITEM_YES_NO},
    {"paget", ITEM_YES_NO},
    {"bone_metastasis", ITEM_YES_NO},
    {"pregnancy", ITEM_YES_NO},
    {"rash", ITEM_SCALE_0_5},
    {"symptoms", ITEM_TEXT},
    {"decision", ITEM_TEXT},
    {"performance", ITEM_TEXT},
    {"neurological", ITEM_PAIN},
    {"impending_fracture", ITEM_YES_NO},
    {"blood_culture", ITEM_YES_NO},
    {"oncology_referral", ITEM_YES_NO},
    {"endocrinology_referral", ITEM_YES_NO},
    {"nephrology_referral", ITEM_YES_NO},
};

static const char *const pain_words[] = {"none", "improved", "stable", "worse", "new"};

static const char *expected_value(item_kind kind) {
    switch (kind) {
    case ITEM_TEXT: return NULL;
    case ITEM_NUMBER: return "a number, such as 62.5";
    case ITEM_YES_NO: return "yes or no";
    case ITEM_PAIN: return "none, improved, stable, worse or new";
    case ITEM_SCALE_0_5: return "a whole number from 0 to 5";
    }
    return NULL;
}

static bool is_scale_0_5(bfl_maybe number) {
    bfl_decimal value = number.value;
    return number.present && value.exponent == 0 && value.mantissa >= 0 && value.mantissa <= 5;
}

static bool fits(item_kind kind, const char *value, bfl_maybe number) {
    bfl_said said = BFL_SAID_NONE;
    switch (kind) {
    case ITEM_TEXT: return true;
    case ITEM_NUMBER: return number.present;
    case ITEM_YES_NO: return value[0] && bfl_said_parse(bfl_text_of(value), &said);
    case ITEM_SCALE_0_5: return is_scale_0_5(number);
    case ITEM_PAIN:
        for (size_t i = 0; i < sizeof pain_words / sizeof *pain_words; i++)
            if (strcmp(value, pain_words[i]) == 0) return true;
        return false;
    }
    return false;
}

static void check_item(const seal *s, bfl_clinical *c) {
    c->item = bfl_text_lower(s->arena, bfl_text_trim(bfl_text_of(c->item)));
    bfl_decimal number;
    if (bfl_decimal_parse(bfl_text_of(c->value), &number, NULL) == BFL_OK) c->number = bfl_some(number);
    size_t i = 0, count = sizeof items / sizeof *items;
    while (i < count && strcmp(items[i].item, c->item) != 0) i++;
    if (i == count) {
        bfl_seal_issue(s, BFL_CODE_CLINICAL_ITEM_UNKNOWN, c->source, "item",
                       bfl_issue_quote(s->arena, bfl_text_of(c->item)), "an item of docs/case-folder.md");
        return;
    }
    if (items[i].kind != ITEM_TEXT && items[i].kind != ITEM_NUMBER)
        c->value = bfl_text_lower(s->arena, bfl_text_of(c->value));
    if (!fits(items[i].kind, c->value, c->number))
        bfl_seal_issue(s, BFL_CODE_CLINICAL_VALUE, c->source, "value", bfl_issue_quote(s->arena, bfl_text_of(c->value)),
                       expected_value(items[i].kind));
}

static int compare_clinicals(const void *a, const void *b, const void *context) {
    (void)context;
    const clinical_row *x = a, *y = b;
    int order = bfl_seal_compare_when(x->row.when, y->row.when);
    if (order == 0) order = strcmp(x->row.item, y->row.item);
    return order ? order : bfl_seal_compare_source(x->row.source, y->row.source);
}

/* True when there is nothing more to find for `later`. */
static bool compare_clinical_pair(const seal *s, const clinical_row *earlier, clinical_row *later) {
    const bfl_clinical *x = &earlier->row, *y = &later->row;
    if (earlier->dropped || strcmp(x->item, y->item) != 0 || !bfl_site_same(x->site, y->site)) return false;
    bool same_value = bfl_seal_same(x->value, y->value) && bfl_seal_same(x->unit, y->unit);
    if (same_value && bfl_seal_same(x->note, y->note) && bfl_date_same(earlier->date, later->date)) {
        later->dropped = true;
        bfl_seal_duplicate(s, x->source, y->source);
        return true;
    }
    bool once_a_day = strcmp(y->item, "symptoms") != 0 && strcmp(y->item, "decision") != 0;
    if (same_value || !once_a_day || !y->when.exact) return false;
    bfl_seal_issue(s, BFL_CODE_CLINICAL_CONFLICT, y->source, "value",
                   bfl_arena_printf(s->arena, "%s %s, but %s in row %u", y->item,
                                    bfl_issue_quote(s->arena, bfl_text_of(y->value)),
                                    bfl_issue_quote(s->arena, bfl_text_of(x->value)), x->source.row),
                   "one value of an item on one day");
    return true;
}

void bfl_seal_clinicals(const seal *s) {
    bfl_builder *b = s->b;
    clinical_row *rows = b->clinicals.items;
    for (size_t i = 0; i < b->clinicals.count; i++) check_item(s, &rows[i].row);
    bfl_sort(s->b->scratch, rows, b->clinicals.count, sizeof *rows, compare_clinicals, NULL);
    for (size_t i = 1; i < b->clinicals.count; i++)
        for (size_t j = i; j-- > 0 && i - j <= COMPARED_ROWS;) {
            if (bfl_seal_compare_when(rows[j].row.when, rows[i].row.when) != 0) break;
            if (compare_clinical_pair(s, &rows[j], &rows[i])) break;
        }
}

/* ---- molecular tests ---- */

static void check_result(const seal *s, bfl_molecular *m) {
    const char *result = bfl_text_lower(s->arena, bfl_text_of(m->result));
    if (result[0] == '\0' || strcmp(result, "positive") == 0 || strcmp(result, "negative") == 0) {
        m->result = result;
        return;
    }
    bfl_seal_issue(s, BFL_CODE_WORD_UNKNOWN, m->source, "result", bfl_issue_quote(s->arena, bfl_text_of(m->result)),
                   "positive or negative");
    m->result = "";
}

static int compare_moleculars(const void *a, const void *b, const void *context) {
    (void)context;
    const molecular_row *x = a, *y = b;
    int order = bfl_seal_compare_when(x->row.when, y->row.when);
    if (order == 0) order = strcmp(x->row.gene, y->row.gene);
    return order ? order : bfl_seal_compare_source(x->row.source, y->row.source);
}

static bool compare_molecular_pair(const seal *s, const molecular_row *earlier, molecular_row *later) {
    const bfl_molecular *x = &earlier->row, *y = &later->row;
    bool same_test = !earlier->dropped && bfl_seal_same(x->gene, y->gene) && bfl_seal_same(x->variant, y->variant) &&
                     bfl_seal_same(x->method, y->method) && bfl_seal_same(x->specimen, y->specimen);
    if (!same_test) return false;
    if (bfl_seal_same(x->result, y->result) && bfl_seal_same(x->note, y->note) &&
        bfl_date_same(earlier->date, later->date)) {
        later->dropped = true;
        bfl_seal_duplicate(s, x->source, y->source);
        return true;
    }
    if (bfl_seal_same(x->result, y->result) || !x->result[0] || !y->result[0]) return false;
    bfl_seal_issue(s, BFL_CODE_MOLECULAR_CONFLICT, y->source, "result",
                   bfl_arena_printf(s->arena, "%s %s, but %s in row %u",
                                    bfl_issue_quote(s->arena, bfl_text_of(y->gene)), y->result, x->result,
                                    x->source.row),
                   "one result of a test of one specimen");
    return true;
}

void bfl_seal_moleculars(const seal *s) {
    bfl_builder *b = s->b;
    molecular_row *rows = b->moleculars.items;
    for (size_t i = 0; i < b->moleculars.count; i++) check_result(s, &rows[i].row);
    bfl_sort(s->b->scratch, rows, b->moleculars.count, sizeof *rows, compare_moleculars, NULL);
    for (size_t i = 1; i < b->moleculars.count; i++)
        for (size_t j = i; j-- > 0 && i - j <= COMPARED_ROWS;) {
            if (bfl_seal_compare_when(rows[j].row.when, rows[i].row.when) != 0) break;
            if (compare_molecular_pair(s, &rows[j], &rows[i])) break;
        }
}

/* ---- pathology ---- */

static int compare_pathologies(const void *a, const void *b, const void *context) {
    (void)context;
    const pathology_row *x = a, *y = b;
    int order = bfl_seal_compare_when(x->row.when, y->row.when);
    return order ? order : bfl_seal_compare_source(x->row.source, y->row.source);
}

static bool same_pathology(const pathology_row *a, const pathology_row *b) {
    const bfl_pathology *x = &a->row, *y = &b->row;
    return bfl_date_same(a->date, b->date) && x->organ == y->organ && bfl_site_same(x->site, y->site) &&
           bfl_seal_same(x->procedure, y->procedure) && bfl_seal_same(x->result, y->result) &&
           bfl_seal_same(x->note, y->note);
}

void bfl_seal_pathologies(const seal *s) {
    bfl_builder *b = s->b;
    pathology_row *rows = b->pathologies.items;
    for (size_t i = 0; i < b->pathologies.count; i++)
        rows[i].row.result = bfl_text_lower(s->arena, bfl_text_of(rows[i].row.result));
    bfl_sort(s->b->scratch, rows, b->pathologies.count, sizeof *rows, compare_pathologies, NULL);
    for (size_t i = 1; i < b->pathologies.count; i++)
        for (size_t j = i; j-- > 0 && i - j <= COMPARED_ROWS && !rows[i].dropped;) {
            if (rows[j].dropped || !same_pathology(&rows[j], &rows[i])) continue;
            rows[i].dropped = true;
            bfl_seal_duplicate(s, rows[j].row.source, rows[i].row.source);
        }
}
