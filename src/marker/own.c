/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's own tumour marker, and calcium that falls below its range while bone heals. */
#include "marker/course.h"

#include <string.h>

static const bfl_marker_point *baseline(const bfl_course *course) {
    return course->points.count ? &course->points.items[course->marker.baseline_index] : NULL;
}

static bool is_word(const char *z, const char *word) {
    return bfl_text_equal_nocase(bfl_text_of(z), bfl_text_of(word));
}

bool bfl_tumour_known(const bfl_record *record) {
    if (*record->patient.tumour || *record->patient.histology || *record->patient.stage) return true;
    for (size_t i = 0; i < record->therapy_count; i++)
        if (record->therapies[i].intent == BFL_INTENT_ANTICANCER) return true;
    for (size_t i = 0; i < record->pathology_count; i++) {
        const char *result = record->pathologies[i].result;
        if (is_word(result, "tumour") || bfl_text_find_nocase(bfl_text_of(result), BFL_TEXT("carcinoma")) != SIZE_MAX)
            return true;
    }
    return false;
}

/* PSA is a marker of the prostate, wherever else it may be raised. */
static bool fits_tumour(const bfl_serum *serum, const bfl_course *course) {
    if (strcmp(course->analyte->id, "PSA") != 0) return true;
    const char *tumour = serum->record->patient.tumour;
    const char *wanted = bfl_rule_words(serum->rulebook, BFL_TXT_MARKER_OWN_PSA__TUMOUR);
    return !*tumour || is_word(tumour, wanted);
}

static void mark_tumour_marker(bfl_serum *serum, bfl_course *course) {
    const bfl_marker_point *base = baseline(course);
    if (!base || !base->above_range) return;
    if (!fits_tumour(serum, course)) {
        bfl_course_reason(serum, course, BFL_RULE_MARKER_OWN_PSA, base->event, "raised, and the tumour is another");
        return;
    }
    course->marker.own = true;
    bfl_course_reason(serum, course, BFL_RULE_MARKER_OWN_MARKER, base->event,
                      bfl_arena_printf(serum->arena, "%s is above its range", bfl_point_text(serum, course, base)));
}

/* Is most of the total of that day of salivary type? */
static bool mostly_salivary(const bfl_serum *serum, const bfl_marker_point *salivary, const bfl_marker_point *total) {
    bfl_decimal bar = bfl_rule_number(serum->rulebook, BFL_NUM_MARKER_AMYLASE_SALIVARY__SHARE_PERCENT);
    bfl_decimal part = bfl_decimal_multiply(salivary->value, bfl_decimal_of(100));
    return bfl_decimal_compare(part, bfl_decimal_multiply(total->value, bar)) >= 0;
}

static void mark_salivary(bfl_serum *serum) {
    bfl_course *salivary = bfl_course_find(serum, "AMY_S"), *total = bfl_course_find(serum, "AMY");
    const bfl_marker_point *part = salivary ? baseline(salivary) : NULL;
    if (!part || !total) return;
    for (size_t i = 0; i < total->points.count; i++) {
        const bfl_marker_point *whole = &total->points.items[i];
        if (whole->day != part->day || !whole->above_range || !mostly_salivary(serum, part, whole)) continue;
        salivary->marker.own = total->marker.own = true;
        bfl_course_reason(serum, salivary, BFL_RULE_MARKER_OWN_AMYLASE, whole->event,
                          bfl_arena_printf(serum->arena, "day %d: total %s above its range, %s of it salivary type",
                                           whole->day, bfl_decimal_z(serum->arena, whole->value, -1),
                                           bfl_decimal_z(serum->arena, part->value, -1)));
    }
}

void bfl_courses_mark_own(bfl_serum *serum) {
    if (!bfl_tumour_known(serum->record)) return;
    for (size_t i = 0; i < serum->courses.count; i++) {
        bfl_course *course = &serum->courses.items[i];
        /* Amylase is a tumour marker only when it is of salivary type. */
        if (strcmp(course->analyte->role, "tumour") != 0) continue;
        bool amylase = strcmp(course->analyte->id, "AMY") == 0 || strcmp(course->analyte->id, "AMY_S") == 0;
        if (!amylase) mark_tumour_marker(serum, course);
    }
    mark_salivary(serum);
}
