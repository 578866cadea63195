/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/mda/sign.h"
#include "criteria/study.h"

typedef struct context {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_tracked *lesion;
    int32_t baseline_day;
} context;

static bfl_lesion_sign sign_of_row(const context *c, const bfl_lesion *row);
static bfl_lesion_sign sign_of_new(const bfl_lesion *row);
static bfl_lesion_sign sign_of_known(const context *c, const bfl_lesion *row);
static bool measured_sign(const context *c, const bfl_lesion *row, bfl_lesion_sign *out);

bfl_lesion_sign bfl_mda_sign(const bfl_record *record, const bfl_rulebook *rulebook, const bfl_visits *visits,
                             const bfl_tracked *lesion, bfl_rows rows) {
    context c = {record, rulebook, lesion, visits->items[0].day};
    bfl_lesion_sign strongest = {.sign = BFL_SIGN_UNSEEN, .rule = BFL_RULE_MDA2004_NE};
    for (size_t i = 0; i < rows.count; i++) {
        bfl_lesion_sign sign = sign_of_row(&c, &record->lesions[rows.items[i]]);
        if (sign.sign > strongest.sign) strongest = sign;
    }
    return strongest;
}

/* Present in a study before this row, and not called new since: at least at the baseline, or followed as known. */
static bool is_new(const context *c, const bfl_lesion *row) {
    if (row->role == BFL_ROLE_NEW) return true;
    bool absent_before = false;
    for (size_t i = 0; i < c->lesion->row_count; i++) {
        const bfl_lesion *other = &c->record->lesions[c->lesion->rows[i]];
        if (other->when.day > c->baseline_day) break;
        if (bfl_study_present(other)) return false;
        absent_before |= bfl_study_absent(other);
    }
    return absent_before && row->role == BFL_ROLE_NONE;
}

static bfl_lesion_sign say(bfl_bone_sign sign, bfl_rule_index rule) {
    return (bfl_lesion_sign){.sign = sign, .rule = rule};
}

static bfl_lesion_sign sign_of_row(const context *c, const bfl_lesion *row) {
    bfl_lesion_sign measured;
    if (row->state == BFL_LESION_NOT_EVALUABLE || row->state == BFL_LESION_EQUIVOCAL)
        return say(BFL_SIGN_UNSEEN, BFL_RULE_MDA2004_NE);
    if (bfl_study_absent(row)) {
        bool counts = bfl_visits_had_shown(c->record, c->lesion, row);
        return say(counts ? BFL_SIGN_GONE : BFL_SIGN_UNSEEN, counts ? BFL_RULE_MDA2004_CR : BFL_RULE_MDA2004_NE);
    }
    if (row->changes & BFL_CHANGE_LYTIC_GROWTH) return say(BFL_SIGN_WORSE, BFL_RULE_MDA2004_PD_LYTIC);
    if (row->changes & BFL_CHANGE_SOFT_MASS) return say(BFL_SIGN_WORSE, BFL_RULE_MDA2004_PD_SOFT_TISSUE);
    if (measured_sign(c, row, &measured)) return measured;
    return is_new(c, row) ? sign_of_new(row) : sign_of_known(c, row);
}

static bfl_lesion_sign sign_of_new(const bfl_lesion *row) {
    bool sclerosis = row->matrix == BFL_MATRIX_BLASTIC || bfl_study_sclerosing(row);
    bool lytic = row->matrix == BFL_MATRIX_LYTIC || row->matrix == BFL_MATRIX_MIXED;
    bool mass = row->soft_tissue_mm.present && !bfl_decimal_is_zero(row->soft_tissue_mm.value);
    if (lytic && !bfl_study_sclerosing(row)) return say(BFL_SIGN_WORSE, BFL_RULE_MDA2004_PD_LYTIC);
    if (mass) return say(BFL_SIGN_WORSE, BFL_RULE_MDA2004_PD_SOFT_TISSUE);
    if (!sclerosis && !bfl_study_functional(row)) return say(BFL_SIGN_WORSE, BFL_RULE_MDA2004_PD_NEW);
    bfl_lesion_sign sign = say(BFL_SIGN_FLARE_LIKE, sclerosis ? BFL_RULE_MDA2004_PD_NEW : BFL_RULE_MDA2004_PD_UPTAKE);
    sign.sclerosis = sclerosis;
    sign.unchanged = row->changes == BFL_CHANGE_STABLE;
    return sign;
}

/* The kind of lesion it first was. */
static bfl_matrix first_matrix(const context *c, const bfl_lesion *row) {
    for (size_t i = 0; i < c->lesion->row_count; i++) {
        const bfl_lesion *other = &c->record->lesions[c->lesion->rows[i]];
        if (other->matrix != BFL_MATRIX_NONE) return other->matrix;
    }
    return row->matrix;
}

/* Described as sclerosing at an earlier study: growth without lytic change is then more likely new bone. */
static bool sclerosed_before(const context *c, const bfl_lesion *row) {
    for (size_t i = 0; i < c->lesion->row_count; i++) {
        const bfl_lesion *other = &c->record->lesions[c->lesion->rows[i]];
        if (other->when.day >= row->when.day) break;
        if (bfl_study_sclerosing(other)) return true;
    }
    return false;
}

/* Larger, more numerous or progressed: lytic bone has grown; bone that forms bone, and uptake, may have flared. */
static bfl_lesion_sign sign_of_growth(const context *c, const bfl_lesion *row, bfl_matrix was) {
    bool forms_bone = was == BFL_MATRIX_BLASTIC || was == BFL_MATRIX_MIXED || sclerosed_before(c, row);
    if (!forms_bone && !bfl_study_functional(row)) return say(BFL_SIGN_WORSE, BFL_RULE_MDA2004_PD_LARGER);
    bfl_lesion_sign sign =
        say(BFL_SIGN_FLARE_LIKE, bfl_study_functional(row) ? BFL_RULE_MDA2004_PD_UPTAKE : BFL_RULE_MDA2004_PD_LARGER);
    sign.sclerosis = forms_bone;
    return sign;
}

static bfl_lesion_sign sign_of_known(const context *c, const bfl_lesion *row) {
    bfl_matrix was = first_matrix(c, row);
    bool progressed = row->state == BFL_LESION_PROGRESSED;
    if (bfl_study_sclerosing(row)) {
        bool healing = was != BFL_MATRIX_BLASTIC && !progressed;
        bfl_lesion_sign sign = say(healing ? BFL_SIGN_BETTER : BFL_SIGN_FLARE_LIKE,
                                   healing ? BFL_RULE_MDA2004_PR_LYTIC : BFL_RULE_MDA2004_PD_LARGER);
        sign.sclerosis = true;
        return sign;
    }
    if (progressed || (row->changes & (BFL_CHANGE_LARGER | BFL_CHANGE_MORE))) return sign_of_growth(c, row, was);
    if (row->changes & (BFL_CHANGE_SMALLER | BFL_CHANGE_UPTAKE_DOWN))
        return say(BFL_SIGN_BETTER, BFL_RULE_MDA2004_PR_REGRESSION);
    if (row->changes & BFL_CHANGE_UPTAKE_UP) return say(BFL_SIGN_FLARE_LIKE, BFL_RULE_MDA2004_PD_UPTAKE);
    return say(BFL_SIGN_SAME, BFL_RULE_MDA2004_SD);
}

/* a * 100 >= percent * b */
static bool at_least_percent(bfl_decimal a, bfl_decimal percent, bfl_decimal b) {
    return bfl_decimal_compare(bfl_decimal_multiply(a, bfl_decimal_of(100)), bfl_decimal_multiply(b, percent)) >= 0;
}

/* The soft-tissue part against its baseline and its smallest earlier size. */
static bool measured_sign(const context *c, const bfl_lesion *row, bfl_lesion_sign *out) {
    bfl_maybe first = {.present = false}, least = {.present = false};
    if (!row->soft_tissue_mm.present) return false;
    for (size_t i = 0; i < c->lesion->row_count; i++) {
        const bfl_lesion *other = &c->record->lesions[c->lesion->rows[i]];
        if (other->when.day >= row->when.day) break;
        if (!other->soft_tissue_mm.present) continue;
        if (!first.present) first = other->soft_tissue_mm;
        if (!least.present || bfl_decimal_compare(other->soft_tissue_mm.value, least.value) < 0)
            least = other->soft_tissue_mm;
    }
    if (!first.present) return false;
    bfl_decimal mm = row->soft_tissue_mm.value;
    bfl_decimal more = bfl_decimal_subtract(mm, least.value), less = bfl_decimal_subtract(first.value, mm);
    bool grew = bfl_decimal_compare(more, bfl_decimal_of(0)) > 0;
    bool shrank = bfl_decimal_compare(less, bfl_decimal_of(0)) > 0;
    if (grew && at_least_percent(more, bfl_rule_number(c->rulebook, BFL_NUM_MDA2004_PD_MEASURED__INCREASE_PERCENT),
                                 least.value))
        *out = say(BFL_SIGN_WORSE, BFL_RULE_MDA2004_PD_MEASURED);
    else if (shrank &&
             at_least_percent(less, bfl_rule_number(c->rulebook, BFL_NUM_MDA2004_PR_MEASURED__DECREASE_PERCENT),
                              first.value))
        *out = say(BFL_SIGN_BETTER, BFL_RULE_MDA2004_PR_MEASURED);
    else
        return false;
    return true;
}
