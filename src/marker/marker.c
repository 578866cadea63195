/* SPDX-License-Identifier: Apache-2.0 */
/* The serum of one patient: rows become courses, courses give derived courses, and a raised ALP gives its causes. */
#include "marker/course.h"

#include <string.h>

void bfl_courses_publish(bfl_serum *serum, bfl_markers *out) {
    bfl_marker *courses = BFL_NEW_ARRAY(serum->arena, serum->courses.count, bfl_marker);
    for (size_t i = 0; i < serum->courses.count; i++) {
        bfl_course *course = &serum->courses.items[i];
        course->marker.points = course->points.items;
        course->marker.point_count = course->points.count;
        course->marker.reasons = course->reasons.items;
        course->marker.reason_count = course->reasons.count;
        courses[i] = course->marker;
    }
    out->courses = courses;
    out->course_count = serum->courses.count;
    out->issues = serum->issues.items;
    out->issue_count = serum->issues.count;
}

const bfl_markers *bfl_markers_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_assessed_serum *assessed = BFL_NEW(arena, bfl_assessed_serum);
    bfl_serum *serum = &assessed->serum;
    *serum = (bfl_serum){.arena = arena, .record = record, .rulebook = rulebook};
    bfl_courses_gather(serum);
    bfl_courses_derive(serum);
    for (size_t i = 0; i < serum->courses.count; i++) bfl_course_settle(serum, &serum->courses.items[i]);
    bfl_courses_mark_own(serum);
    bfl_alp_assess(serum, &assessed->face);
    bfl_courses_publish(serum, &assessed->face);
    return &assessed->face;
}

const bfl_marker *bfl_markers_find(const bfl_markers *markers, const char *analyte_id) {
    for (size_t i = 0; i < markers->course_count; i++)
        if (markers->courses[i].analyte->id[0] == analyte_id[0] &&
            strcmp(markers->courses[i].analyte->id, analyte_id) == 0)
            return &markers->courses[i];
    return NULL;
}

const char *bfl_shape_word(bfl_shape shape) {
    switch (shape) {
    case BFL_SHAPE_UNKNOWN: return "unknown";
    case BFL_SHAPE_STABLE: return "stable";
    case BFL_SHAPE_FALLING: return "falling";
    case BFL_SHAPE_RISING: return "rising";
    case BFL_SHAPE_RISE_THEN_FALL: return "rise_then_fall";
    case BFL_SHAPE_FALL_THEN_RISE: return "fall_then_rise";
    }
    return "unknown";
}

const char *bfl_noise_word(bfl_noise noise) {
    switch (noise) {
    case BFL_NOISE_UNKNOWN: return "unknown";
    case BFL_NOISE_WITHIN: return "within";
    case BFL_NOISE_UP: return "up";
    case BFL_NOISE_DOWN: return "down";
    }
    return "unknown";
}
