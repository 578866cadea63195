/* SPDX-License-Identifier: Apache-2.0 */
/* What the images say of bone and liver around an ALP value. */
#include "marker/alp.h"

#include <string.h>

typedef struct view {
    const bfl_serum *serum;
    int32_t from, to; /* days of the studies whose changes count */
    int32_t start;    /* of the therapy: what is new after it is new under it */
    bfl_images *out;
} view;

bool bfl_seen(const bfl_sight *sight) { return sight->events.count > 0; }

static void see(const view *v, bfl_sight *sight, size_t lesion) {
    bfl_event_push(v->serum->arena, &sight->events, BFL_EVENT_LESION, lesion);
    sight->day = v->serum->record->lesions[lesion].when.day;
}

static bool is_there(const bfl_lesion *lesion) {
    return lesion->state != BFL_LESION_ABSENT && lesion->state != BFL_LESION_NOT_EVALUABLE &&
           lesion->state != BFL_LESION_EQUIVOCAL;
}

/* The earlier row of the same lesion; NULL when this is the first. */
static const bfl_lesion *before(const bfl_record *record, size_t index) {
    const char *id = record->lesions[index].id;
    for (size_t i = index; i-- > 0;)
        if (record->lesions[i].id[0] == id[0] && strcmp(record->lesions[i].id, id) == 0 &&
            record->lesions[i].when.known)
            return &record->lesions[i];
    return NULL;
}

static bool became_blastic(const bfl_lesion *lesion, const bfl_lesion *earlier) {
    if (lesion->matrix != BFL_MATRIX_BLASTIC) return false;
    if (!earlier) return lesion->role == BFL_ROLE_NEW;
    if (!is_there(earlier)) return true; /* looked for, not there, and now blastic */
    return earlier->matrix != BFL_MATRIX_NONE && earlier->matrix != BFL_MATRIX_BLASTIC;
}

static void look_at_bone_change(const view *v, size_t index) {
    const bfl_lesion *lesion = &v->serum->record->lesions[index];
    const unsigned denser = BFL_CHANGE_DENSER | BFL_CHANGE_SCLEROSED | BFL_CHANGE_RIM | BFL_CHANGE_FILLED_IN;
    const unsigned lytic = BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS | BFL_CHANGE_LESS_DENSE;
    const unsigned worse = lytic | BFL_CHANGE_LARGER | BFL_CHANGE_UPTAKE_UP | BFL_CHANGE_MORE;
    const bfl_lesion *earlier = before(v->serum->record, index);
    bool is_new = lesion->role == BFL_ROLE_NEW || (earlier && !is_there(earlier));
    bool progressed = lesion->state == BFL_LESION_PROGRESSED;
    if ((lesion->changes & denser) || became_blastic(lesion, earlier)) see(v, &v->out->bone_denser, index);
    if (lesion->beyond_bone == BFL_SAID_YES) see(v, &v->out->bone_hyperostosis, index);
    if ((lesion->changes & lytic) || (is_new && lesion->matrix == BFL_MATRIX_LYTIC)) see(v, &v->out->bone_lytic, index);
    if (progressed) see(v, &v->out->bone_progressed, index);
    if ((lesion->changes & worse) || is_new || progressed) see(v, &v->out->bone_worse, index);
}

static bool whole_skeleton(const bfl_lesion *lesion) {
    return bfl_site_same(lesion->site, "skeleton") || bfl_site_same(lesion->id, "skeleton");
}

static void look_at_bone(const view *v, size_t index) {
    const bfl_lesion *lesion = &v->serum->record->lesions[index];
    if (is_there(lesion))
        see(v, &v->out->bone_known, index);
    else if (lesion->state == BFL_LESION_ABSENT && whole_skeleton(lesion))
        see(v, &v->out->bone_clear, index);
    bool recent = lesion->when.day >= v->from && lesion->when.day > v->start;
    if (recent && is_there(lesion)) look_at_bone_change(v, index);
}

/* Percent by which the longest diameter changed since the first row of the same lesion. */
static bfl_maybe size_change(const bfl_record *record, size_t index) {
    const bfl_lesion *lesion = &record->lesions[index];
    for (size_t i = 0; i < index && lesion->longest_mm.present; i++) {
        const bfl_lesion *first = &record->lesions[i];
        bool same = first->longest_mm.present && strcmp(first->id, lesion->id) == 0;
        if (!same || bfl_decimal_is_zero(first->longest_mm.value)) continue;
        bfl_decimal grown = bfl_decimal_subtract(lesion->longest_mm.value, first->longest_mm.value);
        grown = bfl_decimal_multiply(grown, bfl_decimal_of(100));
        return bfl_some(bfl_decimal_divide(grown, first->longest_mm.value, 1));
    }
    return (bfl_maybe){{0, 0}, false};
}

static void look_at_liver_change(const view *v, size_t index) {
    const bfl_lesion *lesion = &v->serum->record->lesions[index];
    const bfl_rulebook *rulebook = v->serum->rulebook;
    bfl_decimal more = bfl_rule_number(rulebook, BFL_NUM_MARKER_ALP_LIVER_SIZE__GROWING_PERCENT);
    bfl_decimal less = bfl_rule_number(rulebook, BFL_NUM_MARKER_ALP_LIVER_SIZE__SHRINKING_PERCENT);
    bfl_maybe size = size_change(v->serum->record, index);
    bool said_growing = lesion->role == BFL_ROLE_NEW || lesion->state == BFL_LESION_PROGRESSED ||
                        (lesion->changes & (BFL_CHANGE_LARGER | BFL_CHANGE_MORE));
    bool said_smaller = (lesion->changes & BFL_CHANGE_SMALLER) ||
                        (lesion->state == BFL_LESION_ABSENT && before(v->serum->record, index));
    bool grown = size.present && bfl_decimal_compare(size.value, more) >= 0;
    bool shrunk = size.present && bfl_decimal_compare(size.value, (bfl_decimal){-less.mantissa, less.exponent}) <= 0;
    if (said_growing || grown)
        see(v, &v->out->liver_growing, index);
    else if (said_smaller || shrunk)
        see(v, &v->out->liver_shrinking, index);
}

static void look_at_liver(const view *v, size_t index) {
    const bfl_lesion *lesion = &v->serum->record->lesions[index];
    if (is_there(lesion))
        see(v, &v->out->liver_known, index);
    else if (lesion->state == BFL_LESION_ABSENT && !before(v->serum->record, index))
        see(v, &v->out->liver_clear, index);
    if (lesion->when.day >= v->from && lesion->when.day > v->start) look_at_liver_change(v, index);
}

/* Bone metastases that were diagnosed, where no image speaks of the bone: known, and nothing more is known of them. */
static void look_at_diagnosis(const view *v) {
    size_t index = bfl_record_bone_diagnosis(v->serum->record, v->to);
    if (index == SIZE_MAX || bfl_seen(&v->out->bone_known) || bfl_seen(&v->out->bone_clear)) return;
    bfl_event_add(v->serum->arena, &v->out->bone_known.events, BFL_EVENT_CLINICAL, index);
    v->out->bone_known.day = v->serum->record->clinicals[index].when.day;
    v->out->bone_diagnosed = true;
}

bfl_images bfl_images_around(const bfl_serum *serum, int32_t day, int32_t start) {
    bfl_images out = {0};
    int32_t before_days = bfl_rule_days(serum->rulebook, BFL_NUM_MARKER_ALP_IMAGE__BEFORE_DAYS);
    int32_t after_days = bfl_rule_days(serum->rulebook, BFL_NUM_MARKER_ALP_IMAGE__AFTER_DAYS);
    view v = {serum, day - before_days, day + after_days, start, &out};
    for (size_t i = 0; i < serum->record->lesion_count; i++) {
        const bfl_lesion *lesion = &serum->record->lesions[i];
        if (!lesion->when.known || lesion->when.day > v.to) continue;
        if (lesion->organ == BFL_ORGAN_BONE) look_at_bone(&v, i);
        if (lesion->organ == BFL_ORGAN_LIVER) look_at_liver(&v, i);
    }
    look_at_diagnosis(&v);
    return out;
}
