/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CTCAE v5. Every term is a row of the rulebook: its analyte, whether high or low values count, and where each grade begins,
 * as multiples of a limit, multiples of the baseline or plain values. The code knows no term by name.
 */
#include "criteria/ctcae/ctcae.h"

#include <string.h>

typedef enum suffix { X_LLN, X_ULN, X_BASELINE, /* plain: */ MMOL_L, MG_DL, G_DL, PER_NL, SUFFIX_COUNT } suffix;
static const char *const suffixes[SUFFIX_COUNT] = {"x_lln", "x_uln", "x_baseline", "mmol_l", "mg_dl", "g_dl", "per_nl"};
static const char grades[] = "1234";
typedef struct thresholds {
    bfl_maybe at[2][sizeof grades - 1][SUFFIX_COUNT]; /* without and with symptoms */
    bool plain[2];                                    /* some are plain values */
    bool from_baseline[sizeof grades - 1];            /* begins at its multiple of the baseline, not above it */
} thresholds;

typedef struct term {
    const bfl_rule *rule;
    const bfl_analyte *analyte, *corrected; /* the second: the same quantity, already corrected for albumin */
    bool below;                             /* low values count */
    bool by_baseline, by_either, by_limit;  /* branch: baseline instead of the limit when abnormal; either; the limit */
    const char *symptom;                    /* clinical item that moves to the stricter column */
    thresholds *thresholds;                 /* NULL before the first row */
} term;
typedef BFL_LIST(term) term_list;
typedef BFL_LIST(bfl_grade) grade_list;
typedef BFL_LIST(size_t) row_list;

typedef struct grading {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_ranges *ranges;
    term_list terms;
    row_list baselines; /* the last row up to day 0 of each analyte and scale */
    grade_list grades;
} grading;

/* One value on its way to a grade. */
typedef struct reading {
    const term *term;
    size_t row;
    const bfl_lab *lab;
    bfl_decimal value; /* canonical unit, corrected where the term asks for it */
    bfl_limit limit;
    size_t baseline_row; /* SIZE_MAX: none */
    bool baseline_abnormal;
    bool symptomatic;
    const char *remark; /* assumptions, "" or starting with "; " */
} reading;

static term_list find_terms(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);
static void find_baselines(grading *g);
static void grade_row(grading *g, term *t, size_t row);

const bfl_grade *bfl_ctcae_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                  const bfl_ranges *ranges, size_t *count) {
    grading g = {arena, record, rulebook, ranges, find_terms(arena, record, rulebook), {0}, {0}};
    find_baselines(&g);
    for (size_t row = 0; row < record->lab_count; row++)
        for (size_t i = 0; record->labs[row].usable && i < g.terms.count; i++) {
            term *t = &g.terms.items[i];
            if (record->labs[row].analyte == t->analyte || record->labs[row].analyte == t->corrected)
                grade_row(&g, t, row);
        }
    *count = g.grades.count;
    return g.grades.items;
}

static const char *words(const bfl_rule *rule, const char *key) {
    const bfl_parameter *parameter = bfl_rule_parameter(rule, key);
    return parameter && !parameter->numeric ? parameter->text : "";
}

/* By analyte: is there a usable row? */
static const bool *measured_analytes(bfl_arena *arena, const bfl_record *record) {
    bool *measured = BFL_NEW_ARRAY(arena, bfl_analyte_count(), bool);
    for (size_t i = 0; i < record->lab_count; i++)
        if (record->labs[i].usable) measured[record->labs[i].analyte - bfl_analyte_at(0)] = true;
    return measured;
}

/* Those of which there are values. */
static term_list find_terms(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    const bool *measured = measured_analytes(arena, record);
    term_list terms = {0};
    const bfl_rule *first = NULL;
    size_t count = bfl_rules_with_prefix(rulebook, "ctcae5.", &first);
    for (size_t i = 0; i < count; i++) {
        const bfl_rule *rule = &first[i];
        const char *name = bfl_rule_text(rulebook, rule, BFL_KEY_ANALYTE);
        const char *other = bfl_rule_text(rulebook, rule, BFL_KEY_CORRECTED_ANALYTE);
        const bfl_analyte *analyte = *name ? bfl_analyte_find(bfl_text_of(name)) : NULL;
        const bfl_analyte *corrected = *other ? bfl_analyte_find(bfl_text_of(other)) : NULL;
        if (!(analyte && measured[analyte - bfl_analyte_at(0)]) &&
            !(corrected && measured[corrected - bfl_analyte_at(0)]))
            continue;
        *BFL_PUSH(arena, &terms) = (term){.rule = rule,
                                          .analyte = analyte,
                                          .corrected = corrected,
                                          .below = strcmp(words(rule, "direction"), "below") == 0,
                                          .by_baseline = strcmp(words(rule, "branch"), "baseline") == 0,
                                          .by_either = strcmp(words(rule, "branch"), "either") == 0,
                                          .by_limit = strcmp(words(rule, "branch"), "limit") == 0,
                                          .symptom = words(rule, "symptom")};
    }
    return terms;
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
static bool correct_value(const grading *g, const term *t, reading *r) {
    if (!t->corrected || r->lab->analyte == t->corrected) return true;
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

static size_t *baseline_slot(const grading *g, const bfl_lab *lab) {
    for (size_t i = 0; i < g->baselines.count; i++)
        if (same_measure(&g->record->labs[g->baselines.items[i]], lab)) return &g->baselines.items[i];
    return NULL;
}

/* The last usable value at or before the start of treatment, scale by scale. */
static void find_baselines(grading *g) {
    for (size_t row = 0; row < g->record->lab_count && g->record->labs[row].when.day <= 0; row++) {
        const bfl_lab *lab = &g->record->labs[row];
        if (!lab->usable || lab->comparator != BFL_EXACTLY) continue;
        size_t *slot = baseline_slot(g, lab);
        if (!slot) slot = BFL_PUSH(g->arena, &g->baselines);
        *slot = row;
    }
}

static bool find_baseline(const grading *g, reading *r) {
    const size_t *slot = baseline_slot(g, r->lab);
    if (!slot) return false;
    r->baseline_row = *slot;
    const bfl_lab *baseline = &g->record->labs[r->baseline_row];
    bfl_limit limit = bfl_range_upper(g->arena, g->ranges, baseline);
    return limit.value.present && bfl_decimal_compare(baseline->canonical.value, limit.value.value) > 0;
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

static bool skip(const char **key, const char *word) {
    size_t size = strlen(word);
    if (strncmp(*key, word, size) != 0) return false;
    *key += size;
    return true;
}

/* "grade2_x_uln", "symptom_grade2_x_uln" with symptoms, and "grade2_baseline". */
static void read_threshold(const bfl_parameter *parameter, thresholds *all) {
    const char *key = parameter->key;
    bool symptomatic = skip(&key, "symptom_");
    const char *grade = skip(&key, "grade") && *key ? strchr(grades, *key) : NULL;
    if (!grade || key[1] != '_') return;
    key += strlen("1_");
    for (int s = 0; s < SUFFIX_COUNT; s++) {
        if (!parameter->numeric || key[0] != suffixes[s][0] || strcmp(key, suffixes[s]) != 0) continue;
        all->at[symptomatic][grade - grades][s] = bfl_some(parameter->number);
        all->plain[symptomatic] = all->plain[symptomatic] || s >= MMOL_L;
    }
    if (!parameter->numeric && !symptomatic && strcmp(key, "baseline") == 0)
        all->from_baseline[grade - grades] = strcmp(parameter->text, "from") == 0;
}

/* Every threshold of the term, read once and not for each row. */
static void read_thresholds(const grading *g, term *t) {
    if (t->thresholds) return;
    t->thresholds = BFL_NEW(g->arena, thresholds);
    for (size_t i = 0; i < t->rule->parameter_count; i++) read_threshold(&t->rule->parameters[i], t->thresholds);
}

static const bfl_maybe *threshold(const reading *r, char grade, suffix which) {
    return &r->term->thresholds->at[r->symptomatic][grade - grades[0]][which];
}

/* A plain value, in the unit the row was written in if the term has that unit. */
static bfl_maybe plain_threshold(const reading *r, char grade) {
    static const struct {
        suffix which;
        const char *unit;
    } units[] = {{MMOL_L, "mmol/L"}, {MG_DL, "mg/dL"}, {G_DL, "g/dL"}, {PER_NL, "10*9/L"}};
    bfl_maybe found = {.present = false};
    if (!r->term->thresholds->plain[r->symptomatic]) return found;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const bfl_maybe *value = threshold(r, grade, units[i].which);
        const bfl_unit *unit = value->present ? bfl_analyte_unit(r->lab->analyte, bfl_text_of(units[i].unit)) : NULL;
        if (!unit) continue;
        found = bfl_some(bfl_decimal_multiply(value->value, unit->factor));
        if (unit == r->lab->unit) break;
    }
    return found;
}

/* Is the value beyond the threshold? A value written "> x" is beyond x itself; "< x" tells nothing about what lies above. */
static bool beyond(const reading *r, bfl_decimal at, bool inclusive) {
    int order = bfl_decimal_compare(r->value, at);
    if (r->term->below)
        return r->lab->comparator != BFL_ABOVE && (order < 0 || (order == 0 && r->lab->comparator == BFL_BELOW));
    if (r->lab->comparator == BFL_BELOW) return false;
    return order > 0 || (order == 0 && (inclusive || r->lab->comparator == BFL_ABOVE));
}

static bool beyond_limit(const reading *r, char grade) {
    const bfl_maybe *times = threshold(r, grade, r->term->below ? X_LLN : X_ULN);
    if (times->present && r->limit.value.present &&
        beyond(r, bfl_decimal_multiply(times->value, r->limit.value.value), false))
        return true;
    bfl_maybe plain = plain_threshold(r, grade);
    return plain.present && beyond(r, plain.value, false);
}

static bool beyond_baseline(const grading *g, const reading *r, char grade) {
    const bfl_maybe *times = threshold(r, grade, X_BASELINE);
    if (!times->present || r->baseline_row == SIZE_MAX) return false;
    bool from = r->term->thresholds->from_baseline[grade - grades[0]];
    return beyond(r, bfl_decimal_multiply(times->value, g->record->labs[r->baseline_row].canonical.value), from);
}

/* The highest grade whose beginning is passed. */
static int find_grade(const grading *g, const reading *r) {
    bool by_baseline = r->term->by_baseline && r->baseline_abnormal;
    bool by_either = r->term->by_either;
    int highest = 0;
    for (int i = 0; grades[i]; i++) {
        bool reached = by_baseline ? beyond_baseline(g, r, grades[i]) : beyond_limit(r, grades[i]);
        if (reached || (by_either && beyond_baseline(g, r, grades[i]))) highest = i + 1;
    }
    return highest;
}

/* ---- the grade ---- */

static void add_grade(grading *g, const reading *r, int grade, bool by_baseline) {
    bfl_decimal of = by_baseline ? g->record->labs[r->baseline_row].canonical.value : r->limit.value.value;
    bfl_event_list events = {0};
    bfl_reason_list reasons = {0};
    bfl_grade *out = BFL_PUSH(g->arena, &g->grades);
    *out =
        (bfl_grade){.analyte = r->lab->analyte, .term = r->term->rule->title, .day = r->lab->when.day, .grade = grade};
    out->baseline_abnormal = by_baseline;
    if ((by_baseline || r->limit.value.present) && !bfl_decimal_is_zero(of))
        out->multiple = bfl_some(bfl_decimal_divide(r->value, of, 2));
    bfl_event_add(g->arena, &events, BFL_EVENT_LAB, r->row);
    if (r->baseline_row != SIZE_MAX && r->baseline_row != r->row)
        bfl_event_add(g->arena, &events, BFL_EVENT_LAB, r->baseline_row);
    const char *times = out->multiple.present
                            ? bfl_arena_printf(g->arena, ", %s x %s", bfl_decimal_z(g->arena, out->multiple.value, 2),
                                               by_baseline      ? "the abnormal baseline"
                                               : r->term->below ? "the lower limit"
                                                                : "the upper limit")
                            : "";
    bfl_reason_add(g->arena, &reasons, r->term->rule, &events, "%s %s %s%s: grade %d%s%s", r->lab->analyte->name,
                   r->lab->written, r->lab->unit_text, times, grade, r->remark,
                   !by_baseline && r->limit.assumed ? "; limit assumed" : "");
    out->reason = reasons.items[0];
}

static void grade_row(grading *g, term *t, size_t row) {
    const bfl_lab *lab = &g->record->labs[row];
    reading r = {.term = t, .row = row, .lab = lab, .value = lab->canonical.value, .remark = ""};
    if (!lab->canonical.present || !correct_value(g, t, &r)) return;
    r.limit = t->below ? bfl_range_lower(g->ranges, lab) : bfl_range_upper(g->arena, g->ranges, lab);
    r.baseline_row = SIZE_MAX;
    if (!t->by_limit) r.baseline_abnormal = find_baseline(g, &r);
    r.symptomatic = has_symptom(g, &r);
    bool by_baseline = t->by_baseline && r.baseline_abnormal;
    if (by_baseline && lab->when.day <= 0) return;
    read_thresholds(g, t);
    int grade = find_grade(g, &r);
    if (grade > 0) add_grade(g, &r, grade, by_baseline);
}
