/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Courses as known on earlier days. Rows of the laboratory stand in the order of their days, so what was known on a day is the
 * front of every course; where later rows could change how earlier ones are judged, the course is built anew from that front.
 */
#include "marker/course.h"

#include <string.h>

/* A course of all rows. */
typedef struct whole_course {
    const bfl_course *course;
    bool stands; /* no later row changes how an earlier one is judged */
} whole_course;

struct bfl_marker_past {
    const bfl_rulebook *rulebook;
    whole_course *courses;
    size_t count;
    bool derives; /* there is something to derive other courses from */
    bool owns;    /* there is a course that may be the own marker */
};

/* A range may be borrowed from a later row, and several scales turn up with one. Of one day the first row counts, an exact date
 * before others: of exact ones no later row is another's. */
static bool course_stands(const bfl_record *record, const bfl_course *course) {
    const bfl_scale *scale = NULL;
    bool first = true;
    for (size_t i = 0; i < course->row_count; i++) {
        const bfl_lab *lab = &record->labs[course->rows[i]];
        if (lab->word != BFL_LAB_NUMBER) continue;
        if (!lab->when.exact || (!lab->ref_low.present && !lab->ref_high.present)) return false;
        if (first) scale = lab->scale;
        if (lab->scale != scale) return false;
        first = false;
    }
    return true;
}

static bool is_source(const bfl_analyte *analyte) {
    static const char *const sources[] = {"AMY_P", "ALB"};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(analyte->id, sources[i]) == 0) return true;
    return analyte->kind == BFL_ANALYTE_FRACTION;
}

const bfl_marker_past *bfl_marker_past_of(bfl_arena *arena, const bfl_markers *today) {
    const bfl_serum *serum = &((const bfl_assessed_serum *)today)->serum;
    bfl_marker_past *past = BFL_NEW(arena, bfl_marker_past);
    past->rulebook = serum->rulebook;
    past->courses = BFL_NEW_ARRAY(arena, serum->courses.count, whole_course);
    for (size_t i = 0; i < serum->courses.count; i++) {
        const bfl_course *course = &serum->courses.items[i];
        bool derived = course->row_count == 0;
        if (derived || !bfl_analyte_read_by_verdict(course->analyte)) continue;
        past->courses[past->count++] = (whole_course){course, course_stands(serum->record, course)};
        past->derives = past->derives || is_source(course->analyte);
        past->owns = past->owns || strcmp(course->analyte->role, "tumour") == 0;
    }
    return past;
}

/* The front of a course that stands. */
static void cut(bfl_serum *serum, const bfl_course *whole, size_t rows) {
    bfl_course *course = BFL_PUSH(serum->arena, &serum->courses);
    course->analyte = whole->analyte;
    course->points = whole->points;
    course->limits = whole->limits;
    course->sayings = whole->sayings;
    course->scale = whole->scale;
    course->walks = whole->walks;
    course->walked_from = whole->walked_from;
    course->rows = whole->rows;
    course->row_count = rows;
    course->points.count = course->sayings.count = 0;
    while (course->points.count < whole->points.count &&
           whole->points.items[course->points.count].event.index < serum->record->lab_count)
        course->points.count++;
    while (course->sayings.count < whole->sayings.count &&
           whole->sayings.items[course->sayings.count].lab < serum->record->lab_count)
        course->sayings.count++;
    course->limits.count = course->points.count;
    if (course->points.count == 0) course->scale = NULL;
}

const bfl_markers *bfl_markers_then(bfl_arena *arena, const bfl_marker_past *past, const bfl_record *then) {
    bfl_serum serum = {.arena = arena, .record = then, .rulebook = past->rulebook, .lean = true};
    bfl_markers *out = BFL_NEW(arena, bfl_markers);
    for (size_t i = 0; i < past->count; i++) {
        const bfl_course *whole = past->courses[i].course;
        size_t rows = 0;
        while (rows < whole->row_count && whole->rows[rows] < then->lab_count) rows++;
        if (rows && past->courses[i].stands)
            cut(&serum, whole, rows);
        else if (rows)
            bfl_course_build(&serum, whole->rows, rows);
    }
    if (past->derives) bfl_courses_derive(&serum);
    for (size_t i = 0; i < serum.courses.count; i++) bfl_course_settle(&serum, &serum.courses.items[i]);
    if (past->owns || past->derives) bfl_courses_mark_own(&serum);
    bfl_courses_publish(&serum, out);
    return out;
}
