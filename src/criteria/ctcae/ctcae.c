/* SPDX-License-Identifier: Apache-2.0 */
/* CTCAE v5: the grade of every laboratory value, by the terms of the rulebook. */
#include "criteria/ctcae/ctcae.h"

#include <string.h>

typedef BFL_LIST(bfl_grade) grade_list;

/* The last row up to day 0 of an analyte on a scale. */
typedef struct baseline {
    size_t row;
    bool abnormal; /* above its limit */
} baseline;
typedef BFL_LIST(baseline) baseline_list;

typedef struct grading {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    bfl_ranges *ranges;
    baseline_list baselines;
    bool any_abnormal; /* of the baselines */
    grade_list grades;
} grading;

/* One value on its way to a grade. */
typedef struct reading {
    const bfl_grade_term *term;
    size_t row;
    const bfl_lab *lab;
    bfl_decimal value; /* canonical unit, corrected where the term asks for it */
    bfl_limit limit;
    const baseline *baseline; /* NULL: none, or the term does not ask */
    const bfl_grade_starts *starts;
    const char *remark; /* assumptions, "" or starting with "; " */
} reading;

static void find_baselines(grading *g);
static bool surely_none(const grading *g, const bfl_grade_term *t, const bfl_lab *lab);
static void grade_row(grading *g, const bfl_grade_term *t, size_t row);

const bfl_grade *bfl_ctcae_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                  bfl_ranges *ranges, size_t *count) {
    grading g = {.arena = arena, .record = record, .rulebook = rulebook, .ranges = ranges};
    find_baselines(&g);
    for (size_t row = 0; row < record->lab_count; row++) {
        if (!record->labs[row].usable) continue;
        size_t term_count;
        const bfl_grade_term *terms = bfl_rule_grades(rulebook, record->labs[row].analyte, &term_count);
        for (size_t i = 0; i < term_count; i++)
            if (!surely_none(&g, &terms[i], &record->labs[row])) grade_row(&g, &terms[i], row);
    }
    *count = g.grades.count;
    return g.grades.items;
}

/* ---- what the value is compared with ---- */

/* A usable row of this analyte on the day of `row`; SIZE_MAX when there is none. Rows are in day order. */
static size_t same_day(const bfl_record *record, const bfl_analyte *analyte, size_t row) {
    int32_t day = record->labs[row].when.day;
    size_t i = row;
    while (i > 0 && record->labs[i - 1].when.day == day) i--;
    for (; i < record->lab_count && record->labs[i].when.day == day; i++)
        if (record->labs[i].usable && record->labs[i].analyte == analyte) return i;
    return SIZE_MAX;
}

/* Corrected calcium, where the term asks for it and an albumin of the same day is there. */
static bool correct_value(const grading *g, const bfl_grade_term *t, reading *r) {
    if (!t->corrected) return true;
    if (same_day(g->record, t->corrected, r->row) != SIZE_MAX) return false;
    size_t row = same_day(g->record, bfl_analyte_find(BFL_TEXT("ALB")), r->row);
    if (row == SIZE_MAX || g->record->labs[row].comparator != BFL_EXACTLY) {
        r->remark = "; not corrected, no albumin that day";
        return true;
    }
    bfl_decimal usual = bfl_rule_number(g->rulebook, BFL_NUM_CTCAE5_ASSUMPTION_CALCIUM__ALBUMIN_G_DL);
    bfl_decimal missing = bfl_decimal_subtract(usual, g->record->labs[row].canonical.value);
    bfl_decimal factor = bfl_rule_number(g->rulebook, BFL_NUM_CTCAE5_ASSUMPTION_CALCIUM__FACTOR_MG_DL);
    r->value = bfl_decimal_add(r->value, bfl_decimal_multiply(missing, factor));
    r->remark = "; corrected for albumin";
    return true;
}

static bool same_measure(const bfl_lab *a, const bfl_lab *b) {
    return a->analyte == b->analyte && a->scale == b->scale;
}

static baseline *find_baseline(const grading *g, const bfl_lab *lab) {
    for (size_t i = 0; i < g->baselines.count; i++)
        if (same_measure(&g->record->labs[g->baselines.items[i].row], lab)) return &g->baselines.items[i];
    return NULL;
}

/* The last usable value at or before the start of treatment, scale by scale. */
static void find_baselines(grading *g) {
    for (size_t row = 0; row < g->record->lab_count && g->record->labs[row].when.day <= 0; row++) {
        const bfl_lab *lab = &g->record->labs[row];
        if (!lab->usable || lab->comparator != BFL_EXACTLY) continue;
        baseline *found = find_baseline(g, lab);
        if (!found) found = BFL_PUSH(g->arena, &g->baselines);
        found->row = row;
    }
    for (size_t i = 0; i < g->baselines.count; i++) {
        baseline *b = &g->baselines.items[i];
        const bfl_lab *lab = &g->record->labs[b->row];
        bfl_limit limit = bfl_range_upper(g->ranges, lab);
        b->abnormal = limit.value.present && bfl_decimal_compare(lab->canonical.value, limit.value.value) > 0;
        g->any_abnormal |= b->abnormal;
    }
}

static bfl_decimal baseline_value(const grading *g, const reading *r) {
    return g->record->labs[r->baseline->row].canonical.value;
}

static bool has_symptom(const grading *g, const reading *r) {
    for (size_t i = 0; *r->term->symptom && i < g->record->clinical_count; i++) {
        const bfl_clinical *c = &g->record->clinicals[i];
        if (c->when.known && c->when.day == r->lab->when.day && strcmp(c->item, r->term->symptom) == 0 &&
            bfl_text_equal_nocase(bfl_text_of(c->value), BFL_TEXT("yes")))
            return true;
    }
    return false;
}

/* ---- where each grade begins ---- */

/* Is the value beyond the threshold? A value written "> x" is beyond x itself; "< x" tells nothing about what lies above. */
static bool beyond(const reading *r, bfl_decimal at, bool inclusive) {
    int order = bfl_decimal_compare(r->value, at);
    if (r->term->below)
        return r->lab->comparator != BFL_ABOVE && (order < 0 || (order == 0 && r->lab->comparator == BFL_BELOW));
    if (r->lab->comparator == BFL_BELOW) return false;
    return order > 0 || (order == 0 && (inclusive || r->lab->comparator == BFL_ABOVE));
}

/* The highest grade whose multiple is passed. Within the mildest multiple there is none. */
static int passed(const reading *r, const bfl_grade_column *column, bfl_decimal of, const bool *inclusive) {
    if (!column->mildest.present) return 0;
    if (of.mantissa >= 0 && !beyond(r, bfl_decimal_multiply(column->mildest.value, of), true)) return 0;
    for (int i = BFL_GRADES; i > 0; i--) {
        const bfl_maybe *times = &column->times[i - 1];
        bool from = inclusive && inclusive[i - 1];
        if (times->present && beyond(r, bfl_decimal_multiply(times->value, of), from)) return i;
    }
    return 0;
}

/* A plain value, in the unit the row was written in if the term has that unit; else in the last that it has. */
static const bfl_plain_start *plain_start(const reading *r, int grade) {
    const bfl_plain_start *found = NULL, *all = r->starts->plain[grade - 1];
    for (size_t i = 0; i < BFL_PLAIN_UNITS; i++) {
        if (!all[i].unit) continue;
        found = &all[i];
        if (found->unit == r->lab->unit) break;
    }
    return found;
}

static int passed_plain(const reading *r) {
    for (int i = BFL_GRADES; r->starts->any_plain && i > 0; i--) {
        const bfl_plain_start *start = plain_start(r, i);
        if (start && beyond(r, start->value, false)) return i;
    }
    return 0;
}

static int larger(int a, int b) { return a > b ? a : b; }

/* The highest grade whose beginning is passed. */
static int find_grade(const grading *g, const reading *r, bool by_baseline) {
    int beyond_baseline = 0, beyond_limit = 0;
    if (r->baseline && (by_baseline || r->term->by_either))
        beyond_baseline = passed(r, &r->starts->baseline, baseline_value(g, r), r->term->from_baseline);
    if (by_baseline) return beyond_baseline;
    if (r->limit.value.present) beyond_limit = passed(r, &r->starts->limit, r->limit.value.value, NULL);
    return larger(larger(beyond_limit, passed_plain(r)), beyond_baseline);
}

/* ---- the grade ---- */

static bfl_text of_what(const reading *r, bool by_baseline) {
    if (by_baseline) return BFL_TEXT(" x the abnormal baseline");
    return r->term->below ? BFL_TEXT(" x the lower limit") : BFL_TEXT(" x the upper limit");
}

static const char *say_grade(const grading *g, const reading *r, const bfl_grade *given) {
    bool told = given->multiple.present, assumed = !given->baseline_abnormal && r->limit.assumed;
    bfl_digits times, grade;
    const bfl_text nothing = BFL_TEXT("");
    return BFL_FINDING(g->arena, bfl_text_of(r->lab->analyte->name), BFL_TEXT(" "), bfl_text_of(r->lab->written),
                       BFL_TEXT(" "), bfl_text_of(r->lab->unit_text), told ? BFL_TEXT(", ") : nothing,
                       told ? bfl_digits_decimal(&times, given->multiple.value, 2) : nothing,
                       told ? of_what(r, given->baseline_abnormal) : nothing, BFL_TEXT(": grade "),
                       bfl_digits_whole(&grade, given->grade), bfl_text_of(r->remark),
                       assumed ? BFL_TEXT("; limit assumed") : nothing);
}

static void add_grade(grading *g, const reading *r, int grade, bool by_baseline) {
    bfl_decimal of = by_baseline ? baseline_value(g, r) : r->limit.value.value;
    bfl_event_list events = bfl_events_for(g->arena, 2);
    bfl_grade *out = BFL_PUSH(g->arena, &g->grades);
    *out =
        (bfl_grade){.analyte = r->lab->analyte, .term = r->term->rule->title, .day = r->lab->when.day, .grade = grade};
    out->baseline_abnormal = by_baseline;
    if ((by_baseline || r->limit.value.present) && !bfl_decimal_is_zero(of))
        out->multiple = bfl_some(bfl_decimal_divide(r->value, of, 2));
    bfl_event_push(g->arena, &events, BFL_EVENT_LAB, r->row);
    if (r->baseline && r->baseline->row != r->row) bfl_event_push(g->arena, &events, BFL_EVENT_LAB, r->baseline->row);
    out->reason = (bfl_reason){r->term->rule, say_grade(g, r, out), events.items, events.count};
}

/* Most values lie below the limit that their row prints, which many terms need not look beyond. */
static bool surely_none(const grading *g, const bfl_grade_term *t, const bfl_lab *lab) {
    if (!t->none_below_limit || !lab->ref_high.present || lab->ref_high.value.mantissa < 0) return false;
    if (!lab->canonical.present || bfl_decimal_compare(lab->canonical.value, lab->ref_high.value) >= 0) return false;
    const baseline *b = g->any_abnormal && t->by_baseline ? find_baseline(g, lab) : NULL;
    return !b || !b->abnormal;
}

static void grade_row(grading *g, const bfl_grade_term *t, size_t row) {
    const bfl_lab *lab = &g->record->labs[row];
    reading r = {.term = t, .row = row, .lab = lab, .value = lab->canonical.value, .remark = ""};
    if (!lab->canonical.present || !correct_value(g, t, &r)) return;
    r.limit = t->below ? bfl_range_lower(g->ranges, lab) : bfl_range_upper(g->ranges, lab);
    if (!t->by_limit) r.baseline = find_baseline(g, lab);
    r.starts = &t->starts[has_symptom(g, &r)];
    bool by_baseline = t->by_baseline && r.baseline && r.baseline->abnormal;
    if (by_baseline && lab->when.day <= 0) return;
    int grade = find_grade(g, &r, by_baseline);
    if (grade > 0) add_grade(g, &r, grade, by_baseline);
}
