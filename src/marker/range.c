/* SPDX-License-Identifier: Apache-2.0 */
/* Which reference range a row is judged by, and whether the rows of an analyte stand on one scale. */
#include "marker/course.h"

/* May `b` lend its range to `a`? Not across scales, nor across methods that are both named and differ. */
static bool same_method(const bfl_lab *a, const bfl_lab *b) {
    if (a->scale && b->scale) return a->scale == b->scale;
    if (!*a->method || !*b->method) return true;
    return bfl_text_equal_nocase(bfl_text_of(a->method), bfl_text_of(b->method));
}

static const bfl_lab *nearest_with_range(const bfl_record *record, const uint32_t *rows, size_t count,
                                         const bfl_lab *lab) {
    const bfl_lab *best = NULL;
    int64_t best_days = 0;
    for (size_t i = 0; i < count; i++) {
        const bfl_lab *other = &record->labs[rows[i]];
        if (!bfl_has_range(other) || !same_method(lab, other)) continue;
        int64_t days = (int64_t)other->when.day - lab->when.day;
        if (days < 0) days = -days;
        if (!best || days < best_days) best = other, best_days = days;
    }
    return best;
}

/* The scale whose usual range may stand in: the row's, or the only one the analyte has. */
static const bfl_scale *scale_for_range(const bfl_lab *lab) {
    if (lab->scale) return lab->scale;
    return lab->analyte->scale_count == 1 ? &lab->analyte->scales[0] : NULL;
}

/* The parameters of "range.usual.<analyte>" end in their bound: u_l_low, u_l_high; canonical unit. */
static bfl_value_range usual_range(const bfl_rulebook *rulebook, const bfl_analyte *analyte) {
    bfl_value_range limits = {{{0, 0}, false}, {{0, 0}, false}};
    const bfl_rule *rule = bfl_rule_named(rulebook, "range.usual.", analyte->id);
    for (size_t i = 0; rule && i < rule->parameter_count; i++) {
        const bfl_parameter *p = &rule->parameters[i];
        bool low = bfl_text_find_nocase(bfl_text_of(p->key), BFL_TEXT("_low")) != SIZE_MAX;
        *(low ? &limits.low : &limits.high) = bfl_some(p->number);
    }
    return limits;
}

bfl_row_range bfl_range_elsewhere(const bfl_serum *serum, const uint32_t *rows, size_t count, const bfl_lab *lab) {
    const bfl_lab *other = nearest_with_range(serum->record, rows, count, lab);
    if (other) return (bfl_row_range){{other->ref_low, other->ref_high}, BFL_RULE_MARKER_RANGE_BORROWED};
    const bfl_scale *scale = scale_for_range(lab);
    bfl_value_range usual =
        scale ? (bfl_value_range){scale->low, scale->high} : usual_range(serum->rulebook, lab->analyte);
    bool known = usual.low.present || usual.high.present;
    return (bfl_row_range){usual, known ? BFL_RULE_MARKER_RANGE_USUAL : BFL_RULE_MARKER_RANGE_MISSING};
}

bool bfl_above_every_scale(const bfl_lab *lab) {
    const bfl_analyte *analyte = lab->analyte;
    for (size_t i = 0; i < analyte->scale_count; i++)
        if (!analyte->scales[i].high.present ||
            bfl_decimal_compare(lab->canonical.value, analyte->scales[i].high.value) <= 0)
            return false;
    return analyte->scale_count > 0 && lab->comparator != BFL_BELOW;
}

bool bfl_scales_mixed(const bfl_record *record, const uint32_t *rows, size_t count) {
    const bfl_scale *first = NULL;
    for (size_t i = 0; i < count; i++) {
        const bfl_scale *scale = record->labs[rows[i]].scale;
        if (first && scale && scale != first) return true;
        if (!first) first = scale;
    }
    return false;
}
