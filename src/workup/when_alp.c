/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions on ALP, where it comes from, and the causes that are not malignant. */
#include "workup/plan.h"

static const bfl_marker_point *last_point(const bfl_plan *plan) {
    return plan->alp && plan->alp->point_count ? &plan->alp->points[plan->alp->point_count - 1] : NULL;
}

/* A word ("high", "normal") after the last number decides; "falling" says nothing about the range. */
static bool later_word(bfl_plan *plan, const bfl_marker_point *last, bfl_answer *answer) {
    size_t index = 0;
    if (!bfl_workup_last_lab(plan, "ALP", last ? last->day + 1 : INT32_MIN, &index)) return false;
    *answer = bfl_workup_lab_against(plan, "ALP", true);
    return answer->said != BFL_SAID_NONE;
}

static bfl_answer alp_high(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer answer = bfl_workup_unknown();
    const bfl_marker_point *last = last_point(plan);
    if (later_word(plan, last, &answer)) return answer;
    if (!last || !last->x_uln.present) {
        if (plan->findings->markers->alp_raised) answer = bfl_workup_yes("ALP is up from its baseline beyond noise");
        return answer;
    }
    bfl_buf it = {.arena = plan->arena};
    bfl_buf_add(&it, "ALP is ");
    bfl_buf_decimal(&it, last->x_uln.value, 2);
    bfl_buf_addf(&it, " times its upper limit on %s", bfl_workup_day(plan, last->day));
    answer = bfl_workup_either(bfl_decimal_compare(last->x_uln.value, bfl_decimal_of(1)) > 0);
    answer.it = bfl_buf_z(&it);
    bfl_workup_note_event(plan, &answer, last->event.kind, last->event.index, last->day);
    return answer;
}

static bool was_high(const bfl_plan *plan) {
    for (size_t i = 0; plan->alp && i < plan->alp->point_count; i++)
        if (plan->alp->points[i].above_range) return true;
    return false;
}

static bfl_answer alp_normal_again(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer high = *bfl_workup_ask(plan, BFL_TEXT("alp_high"));
    if (high.said == BFL_SAID_NONE) return high;
    bfl_answer answer = bfl_workup_either(high.said == BFL_SAID_NO && was_high(plan));
    answer.events = high.events;
    answer.has_day = high.has_day;
    answer.day = high.day;
    return answer;
}

/* On the default scale of the analyte: 1000 U/L was measured by the IFCC method, and a JSCC value is about three times that. */
static bfl_decimal on_default_scale(const bfl_plan *plan, const bfl_marker_point *point) {
    if (point->event.kind != BFL_EVENT_LAB || point->event.index >= plan->record->lab_count) return point->value;
    const bfl_scale *scale = plan->record->labs[point->event.index].scale;
    return scale ? bfl_decimal_multiply(point->value, scale->to_default) : point->value;
}

static bfl_answer very_high(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_marker_point *last = last_point(plan);
    if (!last) return bfl_workup_unknown();
    bfl_decimal value = on_default_scale(plan, last);
    bfl_decimal limit = bfl_rule_number(plan->rulebook, BFL_NUM_WORKUP_WHEN_VERY_HIGH__ABOVE_U_L);
    bfl_answer answer = bfl_workup_either(bfl_decimal_compare(value, limit) > 0);
    bfl_workup_note_event(plan, &answer, last->event.kind, last->event.index, last->day);
    answer.it = bfl_arena_printf(plan->arena, "ALP is %s U/L on %s", bfl_decimal_z(plan->arena, value, 0),
                                 bfl_workup_day(plan, last->day));
    return answer;
}

/* ---- bone or liver ---- */

static bfl_answer bone_origin(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    if (plan->findings->markers->alp_bone) return bfl_workup_yes("");
    bfl_answer bone = bfl_workup_lab_against(plan, "BALP", true);
    return bone;
}

/* Not excluded is enough to look at the bones: a bone fraction without a range, or a normal GGT. */
static bfl_answer bone_possible(bfl_plan *plan, const bfl_rule *rule) {
    static const char *const fractions[] = {"BALP", "ALP_3", "ALP_2", "ALP_1"};
    bfl_answer origin = bone_origin(plan, rule);
    if (origin.said != BFL_SAID_NONE) return origin;
    size_t index = 0;
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions; i++)
        if (bfl_workup_last_lab(plan, fractions[i], bfl_workup_window(plan), &index)) return bfl_workup_yes("");
    bfl_said ggt = bfl_workup_lab_said(plan, "GGT", true);
    if (ggt == BFL_SAID_NO) return bfl_workup_yes("");
    if (ggt == BFL_SAID_NONE && bfl_workup_last_lab(plan, "GGT", bfl_workup_window(plan), &index))
        return bfl_workup_yes("");
    return bfl_workup_unknown();
}

static bool above_one(bfl_maybe multiple) {
    return multiple.present && bfl_decimal_compare(multiple.value, bfl_decimal_of(1)) > 0;
}

static const bfl_liver_day *last_liver_day(const bfl_plan *plan) {
    const bfl_criteria *criteria = plan->findings->criteria;
    return criteria && criteria->liver_count ? &criteria->liver[criteria->liver_count - 1] : NULL;
}

static bfl_answer liver_side(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    static const char *const tests[] = {"GGT", "ALT", "AST", "BILI"};
    bool known = false;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        bfl_said said = bfl_workup_lab_said(plan, tests[i], true);
        if (said == BFL_SAID_YES) {
            bfl_answer answer = bfl_workup_lab_against(plan, tests[i], true);
            answer.it = bfl_arena_printf(plan->arena, "raised: %s", answer.it);
            return answer;
        }
        if (said == BFL_SAID_NO && i == 0) known = true;
    }
    const bfl_liver_day *day = last_liver_day(plan);
    if (day && (above_one(day->alt_x_uln) || above_one(day->ast_x_uln) || above_one(day->bilirubin_x_uln)))
        return bfl_workup_yes(
            bfl_arena_printf(plan->arena, "liver values are raised on %s", bfl_workup_day(plan, day->day)));
    return known ? bfl_workup_no() : bfl_workup_unknown();
}

static bfl_answer liver_with_alp(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer high = *bfl_workup_ask(plan, BFL_TEXT("alp_high"));
    const bfl_liver_day *day = last_liver_day(plan);
    if (high.said != BFL_SAID_YES || !day) return bfl_workup_no();
    if (!above_one(day->alt_x_uln) && !above_one(day->ast_x_uln)) return bfl_workup_no();
    high.it = bfl_arena_printf(plan->arena, "%s, and transaminases are raised on %s", high.it,
                               bfl_workup_day(plan, day->day));
    return high;
}

/* ---- Paget disease ---- */

static bfl_answer paget_known(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    size_t index = 0;
    bfl_answer answer = bfl_workup_no();
    if (bfl_workup_last_clinical(plan, "paget", &index)) {
        const bfl_clinical *said = &plan->record->clinicals[index];
        answer = bfl_workup_either(bfl_text_equal_nocase(bfl_text_of(said->value), BFL_TEXT("yes")));
        answer.it =
            bfl_arena_printf(plan->arena, "Paget disease is recorded on %s", bfl_workup_day(plan, said->when.day));
        bfl_workup_note_event(plan, &answer, BFL_EVENT_CLINICAL, index, said->when.day);
        return answer;
    }
    for (size_t i = 0; i < plan->record->pathology_count; i++) {
        const bfl_pathology *tissue = &plan->record->pathologies[i];
        if (!tissue->when.known || !bfl_workup_contains(tissue->result, "paget")) continue;
        answer = bfl_workup_yes(bfl_arena_printf(plan->arena, "tissue of %s shows Paget disease", tissue->site));
        bfl_workup_note_event(plan, &answer, BFL_EVENT_PATHOLOGY, i, tissue->when.day);
    }
    return answer;
}

static bfl_answer paget_treated(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_paget_course course = bfl_workup_paget(plan);
    if (!course.treated) return bfl_workup_no();
    const bfl_therapy *therapy = &plan->record->therapies[course.therapy];
    bfl_answer answer =
        bfl_workup_yes(bfl_arena_printf(plan->arena, "%s from %s to %s", therapy->drug,
                                        bfl_workup_day(plan, therapy->start.day), bfl_workup_day(plan, course.end)));
    bfl_workup_note_event(plan, &answer, BFL_EVENT_THERAPY, course.therapy, therapy->start.day);
    return answer;
}

static bfl_answer paget_evaluation_due(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_paget_course course = bfl_workup_paget(plan);
    if (!course.treated) return bfl_workup_no();
    if (!course.evaluated) return bfl_workup_unknown();
    return bfl_workup_yes(bfl_arena_printf(plan->arena, "the six-month evaluation was due on %s",
                                           bfl_workup_day(plan, course.evaluation)));
}

static const char *percent_between(bfl_plan *plan, bfl_decimal from, bfl_decimal to) {
    bfl_decimal change = bfl_decimal_multiply(bfl_decimal_subtract(to, from), bfl_decimal_of(100));
    return bfl_decimal_z(plan->arena, bfl_decimal_divide(change, from, 1), 1);
}

/* last > (<) from * (100 + percent) / 100, exactly. */
static int against_percent(bfl_decimal last, bfl_decimal from, bfl_decimal percent) {
    bfl_decimal factor = bfl_decimal_add(bfl_decimal_of(100), percent);
    return bfl_decimal_compare(bfl_decimal_multiply(last, bfl_decimal_of(100)), bfl_decimal_multiply(from, factor));
}

static bfl_answer paget_no_response(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_paget_course course = bfl_workup_paget(plan);
    if (!course.before.present || !course.nadir.present || bfl_decimal_is_zero(course.before.value))
        return bfl_workup_unknown();
    bfl_decimal fall = bfl_rule_number(plan->rulebook, BFL_NUM_WORKUP_WHEN_PAGET_NO_RESPONSE__FALL_PERCENT);
    bfl_decimal minus = bfl_decimal_subtract(bfl_decimal_of(0), fall);
    bfl_answer answer = bfl_workup_either(against_percent(course.nadir.value, course.before.value, minus) >= 0);
    answer.it = bfl_arena_printf(plan->arena, "ALP changed by %s %% from before the treatment to its lowest value",
                                 percent_between(plan, course.before.value, course.nadir.value));
    answer.events = course.events;
    return answer;
}

static bfl_answer paget_relapse(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_paget_course course = bfl_workup_paget(plan);
    if (!course.nadir.present || !course.last.present || bfl_decimal_is_zero(course.nadir.value))
        return bfl_workup_unknown();
    bfl_decimal rise = bfl_rule_number(plan->rulebook, BFL_NUM_WORKUP_WHEN_PAGET_RELAPSE__RISE_PERCENT);
    bfl_answer answer = bfl_workup_either(against_percent(course.last.value, course.nadir.value, rise) > 0);
    answer.it = bfl_arena_printf(plan->arena, "ALP is %s %% above its lowest value since the treatment",
                                 percent_between(plan, course.nadir.value, course.last.value));
    answer.events = course.events;
    answer.has_day = true;
    answer.day = course.last_day;
    return answer;
}

/* ---- metabolism, infection, medicines ---- */

static bfl_answer ca_low(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bool corrected = bfl_workup_lab_said(plan, "CA_CORR", false) != BFL_SAID_NONE;
    return bfl_workup_lab_against(plan, corrected ? "CA_CORR" : "CA", false);
}

static bfl_answer metabolic(bfl_plan *plan, const bfl_rule *rule) {
    static const struct {
        const char *analyte;
        bool above;
    } values[] = {{"CA", true}, {"PHOS", false}, {"VITD", false}, {"PTH", true}};
    bfl_answer low = ca_low(plan, rule);
    if (low.said == BFL_SAID_YES) return low;
    bool unknown = low.said == BFL_SAID_NONE;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        bfl_said said = bfl_workup_lab_said(plan, values[i].analyte, values[i].above);
        if (said == BFL_SAID_YES) return bfl_workup_lab_against(plan, values[i].analyte, values[i].above);
        if (said == BFL_SAID_NONE) unknown = true;
    }
    return unknown ? bfl_workup_unknown() : bfl_workup_no();
}

static bfl_answer kidney_impaired(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    return bfl_workup_lab_against(plan, "CREAT", true);
}

static bfl_answer sepsis_signs(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    static const char *const items[] = {"sepsis", "fever"};
    size_t index = 0;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        if (!bfl_workup_last_clinical(plan, items[i], &index)) continue;
        const bfl_clinical *said = &plan->record->clinicals[index];
        if (!bfl_text_equal_nocase(bfl_text_of(said->value), BFL_TEXT("yes"))) continue;
        bfl_answer answer =
            bfl_workup_yes(bfl_arena_printf(plan->arena, "%s on %s", items[i], bfl_workup_day(plan, said->when.day)));
        bfl_workup_note_event(plan, &answer, BFL_EVENT_CLINICAL, index, said->when.day);
        return answer;
    }
    return bfl_workup_no();
}

static bfl_answer bone_agent_given(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer answer = bfl_workup_no();
    for (size_t i = 0; i < plan->record->therapy_count; i++) {
        const bfl_therapy *therapy = &plan->record->therapies[i];
        if (therapy->intent != BFL_INTENT_BONE_AGENT || !therapy->start.known) continue;
        answer.said = BFL_SAID_YES;
        answer.it =
            bfl_arena_printf(plan->arena, "%s since %s", therapy->drug, bfl_workup_day(plan, therapy->start.day));
        bfl_workup_note_event(plan, &answer, BFL_EVENT_THERAPY, i, therapy->start.day);
    }
    return answer;
}

/* Long enough under the present therapy or bone agent, measured after that time, and not falling beyond noise. */
static bfl_answer alp_resistant(bfl_plan *plan, const bfl_rule *rule) {
    const bfl_therapy *therapy = bfl_record_therapy_on(plan->record, plan->as_of);
    bfl_answer agent = bone_agent_given(plan, rule);
    if (!therapy && agent.said != BFL_SAID_YES) return bfl_workup_no();
    int32_t start = therapy ? therapy->start.day : agent.day;
    const bfl_marker_point *last = last_point(plan);
    int32_t enough = start + bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_WHEN_ALP_RESISTANT__AFTER_DAYS);
    if (!last || last->day < enough) return bfl_workup_unknown();
    bool falling = plan->alp->beyond_noise == BFL_NOISE_DOWN || plan->alp->last_beyond_noise == BFL_NOISE_DOWN;
    bfl_answer answer = bfl_workup_either(!falling);
    answer.it = bfl_arena_printf(plan->arena, "treated since %s, and ALP has not fallen beyond noise by %s",
                                 bfl_workup_day(plan, start), bfl_workup_day(plan, last->day));
    bfl_workup_note_event(plan, &answer, last->event.kind, last->event.index, last->day);
    return answer;
}

const bfl_condition bfl_workup_alp_conditions[BFL_WORKUP_CONDITIONS] = {
    [BFL_CONDITION(ALP_HIGH)] = alp_high,
    [BFL_CONDITION(ALP_NORMAL_AGAIN)] = alp_normal_again,
    [BFL_CONDITION(VERY_HIGH)] = very_high,
    [BFL_CONDITION(BONE_ORIGIN)] = bone_origin,
    [BFL_CONDITION(BONE_POSSIBLE)] = bone_possible,
    [BFL_CONDITION(LIVER_SIDE)] = liver_side,
    [BFL_CONDITION(LIVER_WITH_ALP)] = liver_with_alp,
    [BFL_CONDITION(PAGET_KNOWN)] = paget_known,
    [BFL_CONDITION(PAGET_TREATED)] = paget_treated,
    [BFL_CONDITION(PAGET_EVALUATION_DUE)] = paget_evaluation_due,
    [BFL_CONDITION(PAGET_NO_RESPONSE)] = paget_no_response,
    [BFL_CONDITION(PAGET_RELAPSE)] = paget_relapse,
    [BFL_CONDITION(CA_LOW)] = ca_low,
    [BFL_CONDITION(METABOLIC)] = metabolic,
    [BFL_CONDITION(KIDNEY_IMPAIRED)] = kidney_impaired,
    [BFL_CONDITION(SEPSIS_SIGNS)] = sepsis_signs,
    [BFL_CONDITION(BONE_AGENT_GIVEN)] = bone_agent_given,
    [BFL_CONDITION(ALP_RESISTANT)] = alp_resistant};
