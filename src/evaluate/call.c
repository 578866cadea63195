/* SPDX-License-Identifier: Apache-2.0 */
/* What each method says at a visit, from the record as known on that day (rules evaluate.method.*). */
#include "evaluate/trace.h"

#include <string.h>

const char *bfl_eval_method_word(bfl_eval_method method) {
#define WORD(name, word) \
    case BFL_EVAL_##name: return word;
    switch (method) {
        BFL_EVAL_METHODS(WORD)
    case BFL_EVAL_METHOD_COUNT: break;
    }
#undef WORD
    return "";
}

const char *bfl_eval_call_word(bfl_eval_call call) {
    switch (call) {
    case BFL_CALL_KEEP: return "keep";
    case BFL_CALL_WAIT: return "wait";
    case BFL_CALL_STOP: return "stop";
    }
    return "wait";
}

static bfl_eval_call boneflare(const bfl_bone *bone) {
    switch (bone->state) {
    case BFL_BONE_PROGRESSION: return BFL_CALL_STOP;
    case BFL_BONE_UNDETERMINED: return BFL_CALL_WAIT;
    case BFL_BONE_NONE:
    case BFL_BONE_FLARE_SUSPECTED:
    case BFL_BONE_FLARE_CONFIRMED: break;
    }
    return BFL_CALL_KEEP;
}

/* The response of a criterion at its visit of that day; NONE when it says nothing. */
static bfl_response response_at(const bfl_criteria *criteria, const char *id, int32_t day) {
    for (size_t i = 0; i < criteria->criterion_count; i++) {
        const bfl_criterion_result *c = &criteria->criteria[i];
        if (strcmp(c->id, id) != 0) continue;
        for (size_t k = c->visit_count; k-- > 0;)
            if (c->visits[k].day == day) return c->visits[k].response;
    }
    return BFL_RESPONSE_NONE;
}

static bfl_eval_call by_criterion(const bfl_criteria *criteria, const char *id, int32_t day) {
    bfl_response response = response_at(criteria, id, day);
    if (response == BFL_RESPONSE_PD) return BFL_CALL_STOP;
    return response == BFL_RESPONSE_PD_UNCONFIRMED ? BFL_CALL_WAIT : BFL_CALL_KEEP;
}

/* The last ALP at or before `day`, no older than the days in which a value belongs to a study. */
static const bfl_marker_point *alp_of_study(const bfl_marker *alp, int32_t day, int32_t near) {
    const bfl_marker_point *found = NULL;
    for (size_t i = 0; i < alp->point_count; i++) {
        const bfl_marker_point *p = &alp->points[i];
        if (p->day <= day && p->day >= day - near && p->comparator == BFL_EXACTLY) found = p;
    }
    return found;
}

/* ALP of this study against that of the study before: has it risen beyond noise? */
static bfl_eval_call alp_direction(const bfl_assessment *a, const bfl_eval_visit *visit) {
    if (!visit->worse) return BFL_CALL_KEEP;
    const bfl_marker *alp = bfl_markers_find(a->markers, "ALP");
    int32_t near = bfl_rule_days(a->rulebook, BFL_NUM_FLARE_SERUM__NEAR_DAYS);
    const bfl_marker_point *now = alp ? alp_of_study(alp, visit->day, near) : NULL;
    const bfl_marker_point *then = alp ? alp_of_study(alp, visit->before, near) : NULL;
    if (!now || !then || now == then || !alp->rcv_up_percent.present) return BFL_CALL_WAIT;
    bfl_decimal limit =
        bfl_decimal_multiply(then->value, bfl_decimal_add(bfl_decimal_of(100), alp->rcv_up_percent.value));
    bool rising = bfl_decimal_compare(bfl_decimal_multiply(now->value, bfl_decimal_of(100)), limit) > 0;
    return rising ? BFL_CALL_STOP : BFL_CALL_KEEP;
}

bfl_eval_said bfl_eval_said_at(const bfl_assessment *a, const bfl_eval_visit *visit) {
    const bfl_bone *bone = &a->verdict->now;
    bfl_eval_said said = {.outside = response_at(a->criteria, "soft_tissue", visit->day) == BFL_RESPONSE_PD};
    said.calls[BFL_EVAL_BONEFLARE] = boneflare(bone);
    said.calls[BFL_EVAL_RECIST] = by_criterion(a->criteria, "recist11", visit->day);
    said.calls[BFL_EVAL_IRECIST] = by_criterion(a->criteria, "irecist", visit->day);
    said.calls[BFL_EVAL_PCWG3] = by_criterion(a->criteria, "pcwg3_bone", visit->day);
    said.calls[BFL_EVAL_MDA] = by_criterion(a->criteria, "mda2004", visit->day);
    said.calls[BFL_EVAL_ALP] = alp_direction(a, visit);
    said.calls[BFL_EVAL_WAIT] = visit->worse ? BFL_CALL_WAIT : BFL_CALL_KEEP;
    said.calls[BFL_EVAL_CONTINUE] = BFL_CALL_KEEP;
    double named = bone->p_flare + bone->p_progression;
    said.has_probability = bone->question && named > 0;
    if (said.has_probability) said.probability = bone->p_progression / named;
    return said;
}
