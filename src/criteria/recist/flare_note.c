/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RECIST's note: a new bone lesion must not be healing or flare of an existing lesion before progression is called. Covered
 * are blastic or sclerosing lesions and uptake that rises without lytic growth or soft-tissue mass, unless PET or MRI had
 * shown at baseline that there was nothing at that place.
 */
#include "criteria/recist/parts.h"
#include "criteria/study.h"

static bool destructive(const bfl_recist_case *c, bfl_rows rows, bool is_new);
static bool healing_signs(const bfl_recist_case *c, bfl_rows rows);
static bool marrow_at_baseline(const bfl_recist_case *c, const bfl_followed *lesion, bool *negative);

bool bfl_recist_may_be_flare(const bfl_recist_case *c, const bfl_followed *lesion, bfl_rows rows, bool is_new,
                             bfl_rule_index *rule) {
    if (lesion->tracked->organ != BFL_ORGAN_BONE) return false;
    *rule = BFL_RULE_RECIST11_NOTE_LYTIC;
    if (destructive(c, rows, is_new)) return false;
    bool negative = false;
    if (is_new && marrow_at_baseline(c, lesion, &negative)) {
        *rule = BFL_RULE_RECIST11_NOTE_SEEN_BEFORE;
        return true;
    }
    *rule = negative ? BFL_RULE_RECIST11_NOTE_NEGATIVE_BEFORE : BFL_RULE_RECIST11_NOTE_FLARE;
    return !negative && healing_signs(c, rows);
}

static bool row_destructive(const bfl_lesion *row, bool is_new) {
    if (!bfl_study_present(row) && row->state != BFL_LESION_EQUIVOCAL) return false;
    bool mass = is_new && row->soft_tissue_mm.present && !bfl_decimal_is_zero(row->soft_tissue_mm.value);
    bool lytic = row->matrix == BFL_MATRIX_LYTIC && !bfl_study_sclerosing(row);
    return bfl_study_destroying(row) || mass || lytic;
}

static bool destructive(const bfl_recist_case *c, bfl_rows rows, bool is_new) {
    for (size_t i = 0; i < rows.count; i++)
        if (row_destructive(&c->record->lesions[rows.items[i]], is_new)) return true;
    return false;
}

static bool healing_signs(const bfl_recist_case *c, bfl_rows rows) {
    for (size_t i = 0; i < rows.count; i++) {
        const bfl_lesion *row = &c->record->lesions[rows.items[i]];
        bool blastic = row->matrix == BFL_MATRIX_BLASTIC && !(row->changes & BFL_CHANGE_LESS_DENSE);
        bool activity = bfl_study_functional(row) || (row->changes & BFL_CHANGE_UPTAKE_UP);
        bool there = bfl_study_present(row) || row->state == BFL_LESION_EQUIVOCAL;
        if (there && (blastic || bfl_study_sclerosing(row) || activity)) return true;
    }
    return false;
}

/* Rows that speak of the whole skeleton carry this site. */
static bool whole_skeleton(const bfl_tracked *tracked) {
    return bfl_site_same(tracked->site, "skeleton") || bfl_site_same(tracked->id, "skeleton");
}

static bool any_bone_before(const bfl_recist_case *c) {
    for (size_t i = 0; i < c->lesion_count; i++)
        if (c->lesions[i].tracked->organ == BFL_ORGAN_BONE && c->lesions[i].seen_before) return true;
    return false;
}

/* PET or MRI at baseline at the same place: true when positive, *negative when it was looked at and normal. */
static bool marrow_at_baseline(const bfl_recist_case *c, const bfl_followed *lesion, bool *negative) {
    for (size_t i = 0; i < c->lesion_count; i++) {
        const bfl_followed *other = &c->lesions[i];
        if (other->tracked->organ != BFL_ORGAN_BONE || !other->marrow_before) continue;
        bool same =
            other == lesion || (*other->tracked->site && bfl_site_same(other->tracked->site, lesion->tracked->site));
        if (!same && !whole_skeleton(other->tracked)) continue;
        bfl_rows before = bfl_visits_until(other->tracked, &c->visits->items[0]);
        for (size_t j = 0; j < before.count; j++) {
            const bfl_lesion *row = &c->record->lesions[before.items[j]];
            if (!bfl_study_sees_marrow(row)) continue;
            if (same && bfl_study_present(row)) return true;
            if (bfl_study_absent(row)) *negative |= same || !any_bone_before(c);
        }
    }
    return false;
}
