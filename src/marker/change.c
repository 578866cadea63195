/* SPDX-License-Identifier: Apache-2.0 */
/* Change against noise: every comparison with the reference change value is exact. */
#include "marker/course.h"

bfl_maybe bfl_change_between(const bfl_marker_point *from, const bfl_marker_point *to) {
    bool exact = from->comparator == BFL_EXACTLY && to->comparator == BFL_EXACTLY;
    if (!exact || bfl_decimal_is_zero(from->value)) return (bfl_maybe){{0, 0}, false};
    bfl_decimal change = bfl_decimal_subtract(to->value, from->value);
    return bfl_some(bfl_decimal_divide(bfl_decimal_multiply(change, bfl_decimal_of(100)), from->value, 1));
}

int32_t bfl_course_baseline(const bfl_course *course) {
    if (course->points.count == 0) return -1;
    size_t at = 0;
    for (size_t i = 1; i < course->points.count && course->points.items[i].day <= 0; i++) at = i;
    return (int32_t)at;
}

static const char *said_word(bfl_lab_word word) {
    switch (word) {
    case BFL_LAB_NUMBER: return "";
    case BFL_LAB_LOW: return "low";
    case BFL_LAB_NORMAL: return "normal";
    case BFL_LAB_HIGH: return "high";
    case BFL_LAB_FALLING: return "falling";
    case BFL_LAB_STABLE: return "stable";
    case BFL_LAB_RISING: return "rising";
    }
    return "";
}

static void explain_change(bfl_serum *serum, bfl_course *course) {
    const bfl_marker *m = &course->marker;
    const bfl_marker_point *base = &course->points.items[m->baseline_index];
    const bfl_marker_point *last = &course->points.items[course->points.count - 1];
    bfl_event_list events = {0};
    bfl_event_add(serum->arena, &events, base->event.kind, base->event.index);
    bfl_event_add(serum->arena, &events, last->event.kind, last->event.index);
    static const char *const verdicts[] = {"cannot be judged", "within noise", "up beyond noise", "down beyond noise"};
    bfl_digits from, to, change, up, down;
    const char *finding = BFL_FINDING(
        serum->arena, bfl_text_of(course->analyte->id), BFL_TEXT(" day "), bfl_digits_whole(&from, base->day),
        BFL_TEXT(" to day "), bfl_digits_whole(&to, last->day), BFL_TEXT(": "),
        m->change_percent.present ? bfl_digits_decimal(&change, m->change_percent.value, 1) : BFL_TEXT("?"),
        BFL_TEXT(" %, reference change value +"), bfl_digits_decimal(&up, course->noise->up_percent, 1),
        BFL_TEXT(" / -"), bfl_digits_decimal(&down, course->noise->down_percent, 1), BFL_TEXT(" %: "),
        bfl_text_of(verdicts[m->beyond_noise]));
    bfl_reason_push(serum->arena, &course->reasons, bfl_rule_of(serum->rulebook, BFL_RULE_MARKER_NOISE_RCV), &events,
                    finding);
}

void bfl_course_settle(bfl_serum *serum, bfl_course *course) {
    bfl_marker *m = &course->marker;
    const bfl_marker_point *points = course->points.items;
    size_t count = course->points.count;
    course->noise = bfl_rule_variation(serum->rulebook, course->analyte);
    m->analyte = course->analyte;
    m->baseline_index = bfl_course_baseline(course);
    m->rcv_up_percent = bfl_some(course->noise->up_percent);
    m->rcv_down_percent = bfl_some(course->noise->down_percent);
    m->said = course->sayings.count ? said_word(course->sayings.items[course->sayings.count - 1].word) : "";
    if (count) m->last_x_uln = points[count - 1].x_uln;
    if (count > 1 && !serum->lean) {
        m->last_change_percent = bfl_change_between(&points[count - 2], &points[count - 1]);
        m->last_beyond_noise = bfl_noise_between(course->noise, &points[count - 2], &points[count - 1]);
    }
    if (count > 1 && (size_t)m->baseline_index + 1 < count) {
        m->change_percent = bfl_change_between(&points[m->baseline_index], &points[count - 1]);
        m->beyond_noise = bfl_noise_between(course->noise, &points[m->baseline_index], &points[count - 1]);
        if (!serum->lean) explain_change(serum, course);
    }
    bfl_course_shape(serum, course);
}
