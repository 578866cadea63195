/* SPDX-License-Identifier: Apache-2.0 */
/* The visits of a record, and at which of them bone looks worse (rule evaluate.question): found from the rows alone, so that no
 * method decides which questions it is asked. */
#include "evaluate/trace.h"

#include <limits.h>
#include <string.h>

static int32_t first_start(const bfl_record *record) {
    int32_t first = INT32_MAX;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (t->intent == BFL_INTENT_ANTICANCER && t->start.known && t->start.day < first) first = t->start.day;
    }
    return first;
}

/* Was the lesion seen on an earlier day? */
static bool seen_before(const bfl_record *record, const bfl_lesion *lesion) {
    for (size_t i = 0; i < record->lesion_count; i++) {
        const bfl_lesion *l = &record->lesions[i];
        bool there = l->state != BFL_LESION_ABSENT && l->state != BFL_LESION_NOT_EVALUABLE;
        if (there && l->when.known && l->when.day < lesion->when.day && strcmp(l->id, lesion->id) == 0) return true;
    }
    return false;
}

static bool looks_worse(const bfl_record *record, const bfl_lesion *lesion) {
    static const unsigned worse = BFL_CHANGE_LARGER | BFL_CHANGE_DENSER | BFL_CHANGE_SCLEROSED | BFL_CHANGE_RIM |
                                  BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_LESS_DENSE | BFL_CHANGE_SOFT_MASS |
                                  BFL_CHANGE_UPTAKE_UP | BFL_CHANGE_MORE;
    if (lesion->organ != BFL_ORGAN_BONE || lesion->state == BFL_LESION_ABSENT) return false;
    if (lesion->state == BFL_LESION_PROGRESSED || (lesion->changes & worse)) return true;
    return lesion->role == BFL_ROLE_NEW && !seen_before(record, lesion);
}

static bool worse_within(const bfl_record *record, int32_t after, int32_t to) {
    for (size_t i = 0; i < record->lesion_count; i++) {
        const bfl_lesion *lesion = &record->lesions[i];
        if (!lesion->when.known || lesion->when.day <= after || lesion->when.day > to) continue;
        if (looks_worse(record, lesion)) return true;
    }
    return false;
}

bfl_eval_visits bfl_eval_visits_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_eval_visits out = {0};
    const bfl_criteria *criteria = bfl_criteria_soft_tissue(arena, record, rulebook);
    int32_t start = first_start(record), before = start;
    for (size_t i = 0; start != INT32_MAX && i < criteria->visit_count; i++) {
        const bfl_recist_visit *v = &criteria->visits[i];
        if (v->baseline || v->day <= start) continue;
        *BFL_PUSH(arena, &out) = (bfl_eval_visit){v->day, before, worse_within(record, before, v->day)};
        before = v->day;
    }
    return out;
}
