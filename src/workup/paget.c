/* SPDX-License-Identifier: Apache-2.0 */
/* The course of Paget disease under a bone agent: ALP before, its lowest value since, its last value; and the dates. */
#include "workup/plan.h"

/* The last bone agent begun. */
static bool find_course(const bfl_plan *plan, size_t *index) {
    bool found = false;
    for (size_t i = 0; i < plan->record->therapy_count; i++) {
        const bfl_therapy *therapy = &plan->record->therapies[i];
        if (therapy->intent != BFL_INTENT_BONE_AGENT || !therapy->start.known) continue;
        *index = i;
        found = true;
    }
    return found;
}

static void read_values(bfl_plan *plan, int32_t start, bfl_paget_course *course) {
    for (size_t i = 0; plan->alp && i < plan->alp->point_count; i++) {
        const bfl_marker_point *point = &plan->alp->points[i];
        bfl_event_add(plan->arena, &course->events, point->event.kind, point->event.index);
        if (point->day <= start) {
            course->before = bfl_some(point->value);
            continue;
        }
        if (!course->nadir.present || bfl_decimal_compare(point->value, course->nadir.value) < 0)
            course->nadir = bfl_some(point->value);
        course->last = bfl_some(point->value);
        course->last_day = point->day;
    }
}

bfl_paget_course bfl_workup_paget(bfl_plan *plan) {
    bfl_paget_course course = {0};
    if (!find_course(plan, &course.therapy)) return course;
    const bfl_therapy *therapy = &plan->record->therapies[course.therapy];
    course.treated = true;
    course.end = therapy->start.day + bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_ALP_PAGET_TREAT__COURSE_DAYS);
    if (therapy->stop.known) course.end = therapy->stop.day;
    course.ended = course.end <= plan->as_of;
    course.evaluation = course.end + bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_ALP_PAGET_EVALUATE__EVALUATION_DAYS);
    course.evaluated = course.evaluation <= plan->as_of;
    read_values(plan, therapy->start.day, &course);
    return course;
}
