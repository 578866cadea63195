/* SPDX-License-Identifier: Apache-2.0 */
/* Other analytes at the time of an ALP rise: raised, normal or not known, whether given as number or as word. */
#include "marker/alp.h"

int32_t bfl_days_apart(int32_t a, int32_t b) {
    int64_t days = (int64_t)a - b;
    if (days < 0) days = -days;
    return days > INT32_MAX ? INT32_MAX : (int32_t)days;
}

static bfl_level level_of_word(bfl_lab_word word) {
    switch (word) {
    case BFL_LAB_LOW: return BFL_LEVEL_LOW;
    case BFL_LAB_NORMAL: return BFL_LEVEL_NORMAL;
    case BFL_LAB_HIGH: return BFL_LEVEL_HIGH;
    case BFL_LAB_NUMBER:
    case BFL_LAB_FALLING:
    case BFL_LAB_STABLE:
    case BFL_LAB_RISING: break;
    }
    return BFL_LEVEL_UNKNOWN;
}

static void take_point(const bfl_serum *serum, const bfl_course *course, size_t i, bfl_companion *out) {
    const bfl_marker_point *point = &course->points.items[i];
    *out = (bfl_companion){.level = bfl_course_level(course, i), .x_uln = point->x_uln};
    bfl_event_add(serum->arena, &out->events, point->event.kind, point->event.index);
    out->text = bfl_point_text(serum, course, point);
    bfl_digits times;
    if (point->x_uln.present)
        out->text = BFL_JOIN(serum->arena, bfl_text_of(out->text), BFL_TEXT(", "),
                             bfl_digits_decimal(&times, point->x_uln.value, 2), BFL_TEXT(" x its limit"));
}

static void take_word(const bfl_serum *serum, const bfl_course *course, const bfl_saying *saying, bfl_companion *out) {
    *out = (bfl_companion){.level = level_of_word(saying->word)};
    bfl_event_add(serum->arena, &out->events, BFL_EVENT_LAB, saying->lab);
    out->text = bfl_arena_printf(serum->arena, "%s said to be %s on day %d", course->analyte->id,
                                 serum->record->labs[saying->lab].written, saying->day);
}

bfl_companion bfl_companion_of(const bfl_serum *serum, const char *analyte_id, int32_t day, int32_t days) {
    bfl_companion best = {.text = ""};
    const bfl_course *course = bfl_course_find(serum, analyte_id);
    if (!course) return best;
    int32_t nearest = INT32_MAX;
    for (size_t i = 0; i < course->points.count; i++) {
        int32_t apart = bfl_days_apart(course->points.items[i].day, day);
        if (apart > days || apart >= nearest || bfl_course_level(course, i) == BFL_LEVEL_UNKNOWN) continue;
        nearest = apart;
        take_point(serum, course, i, &best);
    }
    for (size_t i = 0; i < course->sayings.count; i++) {
        const bfl_saying *saying = &course->sayings.items[i];
        int32_t apart = bfl_days_apart(saying->day, day);
        if (apart > days || apart >= nearest || level_of_word(saying->word) == BFL_LEVEL_UNKNOWN) continue;
        nearest = apart;
        take_word(serum, course, saying, &best);
    }
    return best;
}

bool bfl_companion_reaches(const bfl_companion *companion, bfl_decimal multiple) {
    return companion->x_uln.present && bfl_decimal_compare(companion->x_uln.value, multiple) >= 0;
}
