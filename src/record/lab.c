/* SPDX-License-Identifier: Apache-2.0 */
/* Laboratory rows: analyte, value, unit, range, scale; what cannot be used and why. */
#include "record/seal.h"

#include <string.h>

static void report(const seal *s, const bfl_lab *l, bfl_issue_code code, const char *column, const char *found,
                   const char *expected) {
    bfl_seal_issue(s, code, l->source, column, found, expected);
}

static const char *quote(const seal *s, const char *text) { return bfl_issue_quote(s->arena, bfl_text_of(text)); }

static const char *number(const seal *s, bfl_decimal value) { return bfl_decimal_z(s->arena, value, -1); }

/* ---- the value as written ---- */

static const struct {
    const char *text;
    bfl_lab_word word;
} words[] = {{"low", BFL_LAB_LOW},         {"normal", BFL_LAB_NORMAL}, {"high", BFL_LAB_HIGH},
             {"falling", BFL_LAB_FALLING}, {"stable", BFL_LAB_STABLE}, {"rising", BFL_LAB_RISING}};

static bool read_word(bfl_text text, bfl_lab_word *out) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!bfl_text_equal_nocase(text, bfl_text_of(words[i].text))) continue;
        *out = words[i].word;
        return true;
    }
    return false;
}

/* Is it a value? Reports it when it is not. */
static bool read_value(const seal *s, bfl_lab *l) {
    bfl_text text = bfl_text_trim(bfl_text_of(l->written));
    if (read_word(text, &l->word)) return true;
    bfl_text digits = text;
    if (text.size && (text.data[0] == '<' || text.data[0] == '>')) {
        l->comparator = text.data[0] == '<' ? BFL_BELOW : BFL_ABOVE;
        digits = bfl_text_trim((bfl_text){text.data + 1, text.size - 1});
    }
    if (bfl_decimal_parse(digits, &l->value, NULL) == BFL_OK) {
        if (l->value.mantissa >= 0) return true;
        report(s, l, BFL_CODE_LAB_VALUE, "value", quote(s, l->written), "a value not below 0");
        return false;
    }
    l->comparator = BFL_EXACTLY;
    bool comma = digits.size && memchr(digits.data, ',', digits.size);
    report(s, l, comma ? BFL_CODE_NUMBER_DECIMAL_COMMA : BFL_CODE_LAB_VALUE, "value", quote(s, l->written),
           "a number such as 12.5, <0.5 or >1000, or low, normal, high, falling, stable, rising");
    return false;
}

/* ---- the unit ---- */

static const char *unit_choices(const seal *s, const bfl_analyte *analyte) {
    bfl_buf buf = {.arena = s->arena};
    for (size_t i = 0; i < analyte->unit_count; i++) {
        if (i > 0) bfl_buf_add(&buf, i + 1 == analyte->unit_count ? " or " : ", ");
        bfl_buf_add(&buf, analyte->units[i].text);
    }
    bfl_buf_addf(&buf, " for %s", analyte->id);
    return bfl_buf_z(&buf);
}

static void find_unit(const seal *s, bfl_lab *l) {
    bfl_text text = bfl_text_trim(bfl_text_of(l->unit_text));
    if (text.size) l->unit = bfl_analyte_unit(l->analyte, text);
    bool needed = l->word == BFL_LAB_NUMBER;
    if (text.size && !l->unit)
        report(s, l, BFL_CODE_LAB_UNIT_IMPOSSIBLE, "unit", quote(s, l->unit_text), unit_choices(s, l->analyte));
    else if (!l->unit && needed)
        report(s, l, BFL_CODE_LAB_UNIT_MISSING, "unit", "no unit", unit_choices(s, l->analyte));
    else if (l->unit && needed && l->unit->note[0])
        report(s, l, BFL_CODE_LAB_UNIT_ODD, "unit", quote(s, l->unit_text), l->unit->note);
}

static bfl_maybe in_canonical(bfl_maybe value, const bfl_unit *unit) {
    if (!value.present || !unit) return (bfl_maybe){0};
    return bfl_some(bfl_decimal_multiply(value.value, unit->factor));
}

/* ---- the reference range and its scale ---- */

/* A range that can be one. */
static bool range_stands(const seal *s, const lab_row *row) {
    const bfl_lab *l = &row->row;
    if (row->low.present && row->high.present && bfl_decimal_compare(row->low.value, row->high.value) > 0) {
        report(s, l, BFL_CODE_LAB_RANGE_ORDER, "ref_low",
               bfl_arena_printf(s->arena, "ref_low %s, ref_high %s", number(s, row->low.value),
                                number(s, row->high.value)),
               "ref_low not above ref_high");
        return false;
    }
    if (!row->high.present || row->high.value.mantissa > 0) return true;
    report(s, l, BFL_CODE_LAB_RANGE_ORDER, "ref_high",
           bfl_arena_printf(s->arena, "ref_high %s", number(s, row->high.value)), "ref_high above 0");
    return false;
}

static void read_range(const seal *s, lab_row *row) {
    bfl_lab *l = &row->row;
    bool stands = range_stands(s, row);
    l->ref_low = stands ? in_canonical(row->low, l->unit) : (bfl_maybe){0};
    l->ref_high = stands ? in_canonical(row->high, l->unit) : (bfl_maybe){0};
    bool expected = l->word == BFL_LAB_NUMBER && l->unit && l->analyte->kind != BFL_ANALYTE_FRACTION;
    if (expected && !row->low.present && !row->high.present)
        report(s, l, BFL_CODE_LAB_NO_RANGE, "ref_high", "no reference range", "ref_low and ref_high as printed");
}

static const bfl_scale *scale_of_method(const bfl_lab *l) {
    for (size_t i = 0; i < l->analyte->scale_count; i++)
        if (bfl_text_find_nocase(bfl_text_of(l->method), bfl_text_of(l->analyte->scales[i].id)) != SIZE_MAX)
            return &l->analyte->scales[i];
    return NULL;
}

/* The scale that the printed range gives away; NULL when it could be any. */
static const bfl_scale *scale_of_range(const bfl_lab *l) {
    return l->ref_high.present ? bfl_analyte_scale_of_limit(l->analyte, l->ref_high.value) : NULL;
}

static const char *range_text(const seal *s, bfl_maybe low, bfl_maybe high) {
    if (low.present && high.present)
        return bfl_arena_printf(s->arena, "%s..%s", number(s, low.value), number(s, high.value));
    return bfl_arena_printf(s->arena, "up to %s", high.present ? number(s, high.value) : "?");
}

static void report_scale(const seal *s, const lab_row *row, const bfl_scale *by_range, const bfl_scale *other,
                         const char *why) {
    report(s, &row->row, BFL_CODE_LAB_RANGE_SCALE, "ref_high",
           bfl_arena_printf(s->arena, "range %s fits the %s scale", range_text(s, row->low, row->high), by_range->id),
           bfl_arena_printf(s->arena, "a range of the %s scale (usually %s), %s", other->id,
                            range_text(s, other->low, other->high), why));
}

static void find_scale(const seal *s, lab_row *row) {
    bfl_lab *l = &row->row;
    const bfl_scale *by_method = scale_of_method(l), *by_range = scale_of_range(l);
    if (by_method && by_range && by_method != by_range)
        report_scale(s, row, by_range, by_method, "which the method names");
    else
        l->scale = by_method ? by_method : by_range;
}

static void check_plausible(const seal *s, const bfl_lab *l) {
    bfl_decimal value = l->canonical.value;
    if (l->scale) value = bfl_decimal_multiply(value, l->scale->to_default);
    bfl_maybe low = l->analyte->plausible_low, high = l->analyte->plausible_high;
    bool below = low.present && l->comparator != BFL_BELOW && bfl_decimal_compare(value, low.value) < 0;
    bool above = high.present && l->comparator != BFL_ABOVE && bfl_decimal_compare(value, high.value) > 0;
    if (!below && !above) return;
    report(s, l, BFL_CODE_LAB_IMPLAUSIBLE, "value",
           bfl_arena_printf(s->arena, "%s %s", quote(s, l->written), quote(s, l->unit_text)),
           bfl_arena_printf(s->arena, "%s %s %s", below ? "at least" : "at most",
                            number(s, below ? low.value : high.value), l->analyte->units[0].text));
}

/* ---- one row ---- */

static void resolve(const seal *s, lab_row *row) {
    bfl_lab *l = &row->row;
    row->low = l->ref_low;
    row->high = l->ref_high;
    l->ref_low = l->ref_high = (bfl_maybe){0};
    l->analyte = bfl_analyte_find(bfl_text_trim(bfl_text_of(l->name)));
    bool readable = read_value(s, l);
    if (!l->analyte) {
        report(s, l, BFL_CODE_LAB_ANALYTE_UNKNOWN, "analyte", quote(s, l->name), "an analyte of docs/case-folder.md");
        return;
    }
    find_unit(s, l);
    read_range(s, row);
    find_scale(s, row);
    if (!readable || l->word != BFL_LAB_NUMBER || !l->unit) return;
    l->canonical = in_canonical(bfl_some(l->value), l->unit);
    l->usable = l->when.known;
    check_plausible(s, l);
}

/* ---- rows against each other ---- */

static const char *sort_name(const bfl_lab *l) { return l->analyte ? l->analyte->id : l->name; }

static int compare_rows(const void *a, const void *b, const void *context) {
    (void)context;
    const lab_row *x = a, *y = b;
    int order = bfl_seal_compare_when(x->row.when, y->row.when);
    if (order == 0) order = strcmp(sort_name(&x->row), sort_name(&y->row));
    return order ? order : bfl_seal_compare_source(x->row.source, y->row.source);
}

static bool same_row(const lab_row *a, const lab_row *b) {
    const bfl_lab *x = &a->row, *y = &b->row;
    return bfl_date_same(a->date, b->date) && bfl_seal_same(x->name, y->name) &&
           bfl_seal_same(x->written, y->written) && bfl_seal_same(x->unit_text, y->unit_text) &&
           bfl_seal_same_maybe(a->low, b->low) && bfl_seal_same_maybe(a->high, b->high) &&
           bfl_seal_same(x->method, y->method) && bfl_seal_same(x->note, y->note);
}

static bool contradicts(const bfl_lab *a, const bfl_lab *b) {
    if (!a->usable || !b->usable || !b->when.exact || a->scale != b->scale) return false;
    return a->comparator != b->comparator || bfl_decimal_compare(a->canonical.value, b->canonical.value) != 0;
}

/* `first` is the first row of that analyte and day, `before` the row just before `later`. */
static void compare_row(const seal *s, const lab_row *first, const lab_row *before, lab_row *later) {
    const lab_row *twin = same_row(first, later) ? first : same_row(before, later) ? before : NULL;
    if (twin) {
        later->row.usable = false;
        bfl_seal_duplicate(s, twin->row.source, later->row.source);
    } else if (contradicts(&first->row, &later->row)) {
        later->row.usable = false;
        report(s, &later->row, BFL_CODE_LAB_CONFLICT, "value",
               bfl_arena_printf(s->arena, "%s %s, but %s %s in row %u", quote(s, later->row.written),
                                later->row.unit_text, quote(s, first->row.written), first->row.unit_text,
                                first->row.source.row),
               "one value of an analyte on one day");
    }
}

static void compare_rows_of_one_day(const seal *s) {
    lab_row *rows = s->b->labs.items;
    size_t first = 0;
    for (size_t i = 1; i < s->b->labs.count; i++) {
        bool same_group = bfl_seal_compare_when(rows[first].row.when, rows[i].row.when) == 0 &&
                          strcmp(sort_name(&rows[first].row), sort_name(&rows[i].row)) == 0;
        if (!same_group)
            first = i;
        else
            compare_row(s, &rows[first], &rows[i - 1], &rows[i]);
        if (!rows[first].row.usable && rows[i].row.usable && same_group)
            first = i; /* compare with a value that counts */
    }
}

/* Rows whose scale shows only in their range, against the first row of the analyte whose scale is known. */
static void compare_scales(const seal *s) {
    lab_row *rows = s->b->labs.items;
    const lab_row **known = BFL_NEW_ARRAY(s->b->scratch, bfl_analyte_count() + 1, const lab_row *);
    size_t known_count = 0;
    for (size_t i = 0; i < s->b->labs.count; i++) {
        const bfl_lab *l = &rows[i].row;
        if (!l->scale) continue;
        size_t k = 0;
        while (k < known_count && known[k]->row.analyte != l->analyte) k++;
        if (k == known_count)
            known[known_count++] = &rows[i];
        else if (known[k]->row.scale != l->scale && !scale_of_method(l))
            report_scale(s, &rows[i], l->scale, known[k]->row.scale,
                         bfl_arena_printf(s->arena, "as in row %u", known[k]->row.source.row));
    }
}

void bfl_seal_labs(const seal *s) {
    bfl_builder *b = s->b;
    for (size_t i = 0; i < b->labs.count; i++) resolve(s, &b->labs.items[i]);
    bfl_sort(s->b->scratch, b->labs.items, b->labs.count, sizeof *b->labs.items, compare_rows, NULL);
    compare_rows_of_one_day(s);
    compare_scales(s);
}
