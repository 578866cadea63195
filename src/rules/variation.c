/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Change against noise, of each analyte, worked out once when the book is opened. Biological and analytical variation are
 * multiplicative, so the reference change value is asymmetric (Fokkema 2006): sigma = sqrt(ln(1 + CVa^2 + CVi^2)), limits
 * exp(+-z sqrt(2) sigma) - 1. The limits are rounded to one decimal once; every comparison with them is then exact.
 */
#include "rules/book.h"

#include <math.h>

static double as_fraction(const bfl_rule *rule, const char *key) {
    bfl_maybe percent = bfl_rule_value(rule, key);
    return percent.present ? bfl_decimal_double(percent.value) / 100 : 0;
}

static bfl_variation variation_of(const bfl_rulebook *book, const bfl_analyte *analyte) {
    const bfl_rule *own = bfl_rule_named(book, "marker.variation.", analyte->id);
    const bfl_rule *rule = own ? own : bfl_rule_of(book, BFL_RULE_MARKER_VARIATION_DEFAULT);
    double analytical = as_fraction(rule, "cv_analytical_percent"), within = as_fraction(rule, "cv_within_percent");
    double variance = log1p(analytical * analytical + within * within);
    double reach = bfl_rule_double(book, BFL_NUM_MARKER_NOISE_RCV__TWO_SIDED_Z) * sqrt(2) * sqrt(variance);
    bfl_decimal up = bfl_decimal_from_double(100 * expm1(reach), 1);
    bfl_decimal down = bfl_decimal_from_double(-100 * expm1(-reach), 1);
    return (bfl_variation){.log_variance = variance,
                           .up_percent = up,
                           .down_percent = down,
                           .hundred_percent = bfl_decimal_subtract(bfl_decimal_add(bfl_decimal_of(100), up), up),
                           .highest_percent = bfl_decimal_add(bfl_decimal_of(100), up),
                           .lowest_percent = bfl_decimal_subtract(bfl_decimal_of(100), down)};
}

void bfl_rules_read_variations(bfl_arena *arena, bfl_rulebook *book) {
    book->variations = BFL_NEW_ARRAY(arena, bfl_analyte_count() + 1, bfl_variation);
    for (size_t i = 0; i < bfl_analyte_count(); i++) book->variations[i] = variation_of(book, bfl_analyte_at(i));
}

const bfl_variation *bfl_rule_variation(const bfl_rulebook *book, const bfl_analyte *analyte) {
    return &book->variations[analyte - bfl_analyte_at(0)];
}
