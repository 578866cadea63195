/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict over time to one word for each patient, with the day on which the flare was first seen and the day on which it was
 * first known to be one. Beside it the definitions that others use, for their agreement.
 */
#include "cohort/study.h"

#include <limits.h>
#include <string.h>

static bool is_flare(bfl_bone_state state) {
    return state == BFL_BONE_FLARE_SUSPECTED || state == BFL_BONE_FLARE_CONFIRMED;
}

static bool looks_worse(const bfl_lesion *l) {
    const unsigned worse = BFL_CHANGE_LARGER | BFL_CHANGE_DENSER | BFL_CHANGE_SCLEROSED | BFL_CHANGE_RIM |
                           BFL_CHANGE_FILLED_IN | BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS |
                           BFL_CHANGE_UPTAKE_UP | BFL_CHANGE_MORE;
    if (l->organ != BFL_ORGAN_BONE || !l->when.known || l->state == BFL_LESION_ABSENT) return false;
    return l->role == BFL_ROLE_NEW || l->state == BFL_LESION_PROGRESSED || (l->changes & worse);
}

/* The first day from `from` to `to` on which an image of the bone looks worse; INT32_MIN when there is none. */
static int32_t first_worse_day(const bfl_record *record, int32_t from, int32_t to) {
    for (size_t i = 0; i < record->lesion_count; i++) { /* by day */
        const bfl_lesion *l = &record->lesions[i];
        if (looks_worse(l) && l->when.day >= from && l->when.day <= to) return l->when.day;
    }
    return INT32_MIN;
}

/* The question that became a flare was opened on the first day of the run of days that did not answer it. */
static int32_t onset(const findings *f, size_t known) {
    const bfl_bone *history = f->verdict->history;
    size_t first = known;
    while (first > 0 && history[first - 1].state == BFL_BONE_UNDETERMINED) first--;
    int32_t seen = first_worse_day(f->record, history[first].day, history[known].day);
    return seen == INT32_MIN ? history[first].day : seen;
}

static bool worse_while_the_rest_holds(const findings *f) {
    for (size_t i = 0; i < f->criteria->visit_count; i++) {
        const bfl_recist_visit *visit = &f->criteria->visits[i];
        bfl_response r = visit->soft_tissue;
        bool held =
            r == BFL_RESPONSE_CR || r == BFL_RESPONSE_PR || r == BFL_RESPONSE_SD || r == BFL_RESPONSE_NON_CR_NON_PD;
        if (visit->baseline || !held) continue;
        if (first_worse_day(f->record, visit->first_day, visit->day) != INT32_MIN) return true;
    }
    return false;
}

void cohort_take_statement(bfl_cohort_patient *row) {
    row->is_flare = strcmp(row->stated_flare, "yes") == 0;
    row->flare_day = row->flare_known_day = row->is_flare ? row->stated_flare_day : (bfl_maybe){0};
}

void cohort_call_flare(const findings *f, bfl_cohort_patient *row) {
    const bfl_verdict *v = f->verdict;
    bool flare = false, confirmed = false, progression = false, question = false;
    for (size_t i = 0; i < v->history_count; i++) {
        bfl_bone_state state = v->history[i].state;
        question |= v->history[i].question;
        confirmed |= state == BFL_BONE_FLARE_CONFIRMED;
        progression |= state == BFL_BONE_PROGRESSION;
        row->flare_then_progression |= flare && state == BFL_BONE_PROGRESSION;
        if (!is_flare(state) || flare) continue;
        flare = true;
        row->flare_known_day = bfl_some(bfl_decimal_of(v->history[i].day));
        row->flare_day = bfl_some(bfl_decimal_of(onset(f, i)));
    }
    row->flare = confirmed     ? BFL_FLARE_CONFIRMED
                 : flare       ? BFL_FLARE_SUSPECTED
                 : progression ? BFL_FLARE_PROGRESSION
                 : question    ? BFL_FLARE_UNDETERMINED
                               : BFL_FLARE_NONE;
    row->is_flare = flare;
    const bfl_marker *alp = bfl_markers_find(f->markers, "ALP");
    row->alp_flare = alp && alp->shape == BFL_SHAPE_RISE_THEN_FALL;
    row->image_flare = worse_while_the_rest_holds(f);
}
