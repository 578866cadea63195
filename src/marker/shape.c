/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a course: legs up and down between turning points. Each value is compared with the extreme since the last turn
 * against the reference change value, so that neither a slow drift is missed nor noise makes a turn. The last two legs name
 * the shape. What is said in words after the last number adds a leg; where there are no numbers, words are all there is.
 */
#include "marker/course.h"

typedef enum leg { LEG_NONE, LEG_UP, LEG_DOWN } leg;

enum { NO_POINT = -1 };

typedef struct bfl_walk {
    leg before, now;
    int low, high; /* index of the extreme since the last turn */
    int onset;     /* first point beyond noise of the last rise, NO_POINT when there was none */
    int peak;      /* highest point of that rise */
    bool compared; /* at least one pair could be compared */
} walk;

static void turn(walk *w, leg to) {
    if (w->now == to) return;
    w->before = w->now;
    w->now = to;
}

/* Could `a` be told to be lower (higher) than `b`? A bound can be an extreme only on its own side. */
static bool lower(const bfl_marker_point *a, const bfl_marker_point *b) {
    if (a->comparator == BFL_ABOVE) return false;
    return b->comparator == BFL_ABOVE || bfl_decimal_compare(a->value, b->value) < 0;
}

static bool higher(const bfl_marker_point *a, const bfl_marker_point *b) {
    if (a->comparator == BFL_BELOW) return false;
    return b->comparator == BFL_BELOW || bfl_decimal_compare(a->value, b->value) > 0;
}

/* Two values below the same detection limit are as good as equal. */
static bool comparable(const bfl_marker_point *a, const bfl_marker_point *b, bfl_noise noise) {
    if (noise != BFL_NOISE_UNKNOWN) return true;
    return a->comparator == BFL_BELOW && b->comparator == BFL_BELOW && bfl_decimal_compare(a->value, b->value) == 0;
}

static void step(walk *w, const bfl_course *course, int i) {
    const bfl_marker_point *points = course->points.items, *point = &points[i], *high = &points[w->high];
    bfl_noise from_low = bfl_noise_between(course->noise, &points[w->low], point);
    bool told = comparable(&points[w->low], point, from_low);
    if (w->now != LEG_UP && from_low == BFL_NOISE_UP) {
        turn(w, LEG_UP);
        w->onset = w->peak = w->high = w->low = i;
    } else if (w->now != LEG_DOWN || !told) {
        bfl_noise from_high = w->high == w->low ? from_low : bfl_noise_between(course->noise, high, point);
        told = told || comparable(high, point, from_high);
        if (w->now != LEG_DOWN && from_high == BFL_NOISE_DOWN) {
            turn(w, LEG_DOWN);
            w->low = w->high = i;
        }
    }
    w->compared = w->compared || told;
    if (lower(point, &points[w->low])) w->low = i;
    if (higher(point, &points[w->high])) w->high = i;
    if (w->now == LEG_UP) w->peak = w->high;
}

static bfl_shape shape_of(const walk *w) {
    switch (w->now) {
    case LEG_UP: return w->before == LEG_DOWN ? BFL_SHAPE_FALL_THEN_RISE : BFL_SHAPE_RISING;
    case LEG_DOWN: return w->before == LEG_UP ? BFL_SHAPE_RISE_THEN_FALL : BFL_SHAPE_FALLING;
    case LEG_NONE: break;
    }
    return w->compared ? BFL_SHAPE_STABLE : BFL_SHAPE_UNKNOWN;
}

/* ---- words ---- */

/* The leg that a word adds, given the level that was known before it. */
static leg leg_of(bfl_lab_word word, bfl_level level) {
    switch (word) {
    case BFL_LAB_RISING: return LEG_UP;
    case BFL_LAB_FALLING: return LEG_DOWN;
    case BFL_LAB_HIGH: return level == BFL_LEVEL_NORMAL || level == BFL_LEVEL_LOW ? LEG_UP : LEG_NONE;
    case BFL_LAB_LOW: return level == BFL_LEVEL_NORMAL || level == BFL_LEVEL_HIGH ? LEG_DOWN : LEG_NONE;
    case BFL_LAB_NORMAL:
        if (level == BFL_LEVEL_HIGH) return LEG_DOWN;
        return level == BFL_LEVEL_LOW ? LEG_UP : LEG_NONE;
    case BFL_LAB_NUMBER:
    case BFL_LAB_STABLE: break;
    }
    return LEG_NONE;
}

static bfl_level level_of(bfl_lab_word word, bfl_level before) {
    switch (word) {
    case BFL_LAB_HIGH: return BFL_LEVEL_HIGH;
    case BFL_LAB_LOW: return BFL_LEVEL_LOW;
    case BFL_LAB_NORMAL: return BFL_LEVEL_NORMAL;
    case BFL_LAB_STABLE: return before;
    case BFL_LAB_NUMBER:
    case BFL_LAB_RISING:
    case BFL_LAB_FALLING: break;
    }
    return BFL_LEVEL_UNKNOWN;
}

/* Words after the last number, in order. */
static void follow_words(walk *w, bfl_serum *serum, bfl_course *course) {
    size_t count = course->points.count;
    int32_t after = count ? course->points.items[count - 1].day : INT32_MIN;
    bfl_level level = count ? bfl_course_level(course, count - 1) : BFL_LEVEL_UNKNOWN;
    for (size_t i = 0; i < course->sayings.count; i++) {
        const bfl_saying *saying = &course->sayings.items[i];
        if (count && saying->day <= after) continue;
        leg said = leg_of(saying->word, level);
        if (said != LEG_NONE) turn(w, said);
        if (saying->word == BFL_LAB_STABLE || (saying->word == BFL_LAB_NORMAL && level == BFL_LEVEL_NORMAL))
            w->compared = true;
        level = level_of(saying->word, level);
        bfl_course_reason(serum, course, BFL_RULE_MARKER_SHAPE_SAID, (bfl_event_ref){BFL_EVENT_LAB, saying->lab},
                          bfl_arena_printf(serum->arena, "%s said on day %d: %s", course->analyte->id, saying->day,
                                           serum->record->labs[saying->lab].written));
    }
}

/* ---- days of a rise ---- */

static bfl_maybe day_of(const bfl_course *course, int index) {
    return bfl_some(bfl_decimal_of(course->points.items[index].day));
}

/* At or below baseline, or above it by no more than noise. */
static bool is_back(const bfl_course *course, const bfl_marker_point *point) {
    const bfl_marker_point *base = &course->points.items[course->marker.baseline_index];
    if (point->comparator == BFL_ABOVE) return false;
    if (base->comparator != BFL_BELOW && bfl_decimal_compare(point->value, base->value) <= 0) return true;
    bfl_noise noise = bfl_noise_between(course->noise, base, point);
    return noise == BFL_NOISE_WITHIN || noise == BFL_NOISE_DOWN;
}

static void date_rise(bfl_course *course, const walk *w) {
    if (w->onset == NO_POINT) return;
    course->marker.onset_day = day_of(course, w->onset);
    course->marker.peak_day = day_of(course, w->peak);
    for (int i = w->peak + 1; i < (int)course->points.count; i++) {
        if (!is_back(course, &course->points.items[i])) continue;
        course->marker.return_day = day_of(course, i);
        return;
    }
}

/* A day that is not known leaves its pieces empty. */
static bfl_text day_text(bfl_digits *digits, bfl_maybe day) {
    return day.present ? bfl_digits_decimal(digits, day.value, -1) : BFL_TEXT("");
}

static const char *say_shape(bfl_arena *arena, const bfl_course *course) {
    const bfl_marker *m = &course->marker;
    const bfl_marker_point *points = course->points.items;
    size_t count = course->points.count;
    bfl_digits values, first, last, onset, peak, back;
    const bfl_text nothing = BFL_TEXT("");
    return BFL_FINDING(arena, bfl_text_of(course->analyte->id), BFL_TEXT(": "), bfl_text_of(bfl_shape_word(m->shape)),
                       BFL_TEXT(" over "), bfl_digits_whole(&values, (int64_t)count), BFL_TEXT(" values, day "),
                       bfl_digits_whole(&first, points[0].day), BFL_TEXT(" to day "),
                       bfl_digits_whole(&last, points[count - 1].day),
                       m->onset_day.present ? BFL_TEXT(", rise seen on day ") : nothing, day_text(&onset, m->onset_day),
                       m->peak_day.present ? BFL_TEXT(", peak on day ") : nothing, day_text(&peak, m->peak_day),
                       m->return_day.present ? BFL_TEXT(", back on day ") : nothing, day_text(&back, m->return_day));
}

static void explain(bfl_serum *serum, bfl_course *course) {
    size_t count = course->points.count;
    if (serum->lean || count < 2) return;
    bfl_event_list events = bfl_events_for(serum->arena, count);
    for (size_t i = 0; i < count; i++)
        bfl_event_push(serum->arena, &events, course->points.items[i].event.kind, course->points.items[i].event.index);
    bfl_reason_push(serum->arena, &course->reasons, bfl_rule_of(serum->rulebook, BFL_RULE_MARKER_SHAPE_COURSE), &events,
                    say_shape(serum->arena, course));
}

/* From the baseline on; when nothing follows the baseline, over what came before it. */
static int first_point(const bfl_course *course, int32_t baseline) {
    return baseline >= 0 && baseline + 1 < (int)course->points.count ? baseline : 0;
}

static walk begin(int from) { return (walk){.low = from, .high = from, .onset = NO_POINT, .peak = NO_POINT}; }

/* Remembers the walk over the points, for those who cut the course off after any of them. */
static void walk_and_remember(bfl_arena *arena, bfl_course *course) {
    int count = (int)course->points.count, from = first_point(course, course->marker.baseline_index);
    if (count == 0) return;
    walk *walks = BFL_NEW_ARRAY(arena, course->points.count, walk);
    walks[from] = begin(from);
    for (int i = from + 1; i < count; i++) {
        walks[i] = walks[i - 1];
        step(&walks[i], course, i);
    }
    course->walks = walks;
    course->walked_from = from;
}

static walk walk_points(const bfl_course *course) {
    int count = (int)course->points.count, from = first_point(course, course->marker.baseline_index);
    if (course->walks && course->walked_from == from && count > from) return course->walks[count - 1];
    walk w = begin(from);
    for (int i = from + 1; i < count; i++) step(&w, course, i);
    return w;
}

void bfl_course_shape(bfl_serum *serum, bfl_course *course) {
    if (!serum->lean) walk_and_remember(serum->arena, course);
    walk w = walk_points(course);
    follow_words(&w, serum, course);
    course->marker.shape = shape_of(&w);
    date_rise(course, &w);
    explain(serum, course);
}
