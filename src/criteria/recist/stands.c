/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does what was said of a visit stand? RECIST looks back in places: an equivocal lesion that later studies confirm is dated
 * back, and a lesion may be given its role, organ or place after it was first seen. Where nothing of that kind happens, the
 * reading of disease outside bone as known on an earlier day is the front of the reading of today.
 */
#include "criteria/recist/parts.h"

static bool is_bone(const bfl_followed *lesion) { return lesion->tracked->organ == BFL_ORGAN_BONE; }

static const bfl_lesion *row_at(const bfl_recist_case *c, const bfl_followed *lesion, size_t index) {
    return &c->record->lesions[lesion->tracked->rows[index]];
}

/* Organ and place are stated where the lesion is first described, if ever. */
static bool placed_at_once(const bfl_recist_case *c, const bfl_followed *lesion) {
    const bfl_lesion *first = row_at(c, lesion, 0);
    return first->organ == lesion->tracked->organ && (*first->site || !*lesion->tracked->site);
}

/* Its role is stated by the baseline, or in its first row after it. A target that is named later moves the others. */
static bool named_at_once(const bfl_recist_case *c, const bfl_followed *lesion) {
    size_t before = bfl_visits_until(lesion->tracked, &c->visits->items[0]).count;
    bool stated = false;
    for (size_t i = 0; i < lesion->tracked->row_count; i++) {
        bfl_role role = row_at(c, lesion, i)->role;
        if (role == BFL_ROLE_NONE || stated) continue;
        if (i >= before && (role == BFL_ROLE_TARGET || (i > 0 && !is_bone(lesion)))) return false;
        stated = true;
    }
    return true;
}

static bool ever_equivocal(const bfl_recist_case *c, const bfl_followed *lesion) {
    for (size_t i = 0; i < lesion->tracked->row_count; i++)
        if (row_at(c, lesion, i)->state == BFL_LESION_EQUIVOCAL) return true;
    for (size_t i = 0; lesion->newness && i < c->visits->count; i++)
        if (lesion->newness[i] == BFL_NEW_EQUIVOCAL || lesion->newness_rule[i] == BFL_RULE_RECIST11_NEW_EQUIVOCAL)
            return true;
    return false;
}

/* Responses stated by the source may be dated some days after the visit that they are about. */
static bool states_a_response(const bfl_record *record) {
    for (size_t i = 0; i < record->note_count; i++)
        if (bfl_text_equal_nocase(bfl_text_of(record->notes[i].topic), BFL_TEXT("response"))) return true;
    return false;
}

bool bfl_recist_stands(const bfl_recist_case *c) {
    if (states_a_response(c->record)) return false;
    for (size_t i = 0; i < c->lesion_count; i++) {
        const bfl_followed *lesion = &c->lesions[i];
        if (!placed_at_once(c, lesion) || !named_at_once(c, lesion)) return false;
        if (!is_bone(lesion) && ever_equivocal(c, lesion)) return false;
    }
    return true;
}
