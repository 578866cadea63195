/* SPDX-License-Identifier: Apache-2.0 */
/* From laboratory rows to courses: one point a day, on one scale, each judged by a range. */
#include "marker/course.h"

#include <string.h>

/* Rows of one analyte, in the order of their day. */
typedef BFL_LIST(uint32_t) row_list;

static bool says_a_word(const bfl_lab *lab) { return lab->word != BFL_LAB_NUMBER && lab->when.known; }

/* Not liver tests, blood counts and the like; but albumin corrects calcium, and the pancreatic part gives the salivary one. */
bool bfl_analyte_read_by_verdict(const bfl_analyte *analyte) {
    static const char *const others[] = {"liver", "haematology", "other"};
    if (strcmp(analyte->id, "ALB") == 0 || strcmp(analyte->id, "AMY_P") == 0) return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(analyte->role, others[i]) == 0) return false;
    return true;
}

static bool gives_something(const bfl_lab *lab) {
    bool value = lab->usable && lab->word == BFL_LAB_NUMBER && lab->canonical.present;
    return lab->analyte && (value || says_a_word(lab));
}

/* Every row that gives a value or a word, by analyte in the order of ids, and then by day, as rows stand in the record. */
static row_list rows_by_analyte(bfl_serum *serum) {
    const bfl_record *record = serum->record;
    const bfl_analyte *first = bfl_analyte_at(0);
    uint32_t *next =
        BFL_NEW_ARRAY(serum->arena, bfl_analyte_count() + 1, uint32_t); /* where the next row of each analyte goes */
    bool *read = BFL_NEW_ARRAY(serum->arena, record->lab_count, bool);
    for (size_t i = 0; i < record->lab_count; i++) {
        read[i] = gives_something(&record->labs[i]);
        if (read[i]) next[record->labs[i].analyte - first + 1]++;
    }
    for (size_t i = 1; i <= bfl_analyte_count(); i++) next[i] += next[i - 1];
    row_list rows = {.count = next[bfl_analyte_count()]};
    rows.items = BFL_NEW_ARRAY(serum->arena, rows.count, uint32_t);
    for (size_t i = 0; i < record->lab_count; i++)
        if (read[i]) rows.items[next[record->labs[i].analyte - first]++] = (uint32_t)i;
    return rows;
}

void bfl_course_reason(bfl_serum *serum, bfl_course *course, bfl_rule_index rule, bfl_event_ref event,
                       const char *finding) {
    if (serum->lean) return;
    bfl_event_list events = {0};
    bfl_event_add(serum->arena, &events, event.kind, event.index);
    bfl_reason_add(serum->arena, &course->reasons, bfl_rule_of(serum->rulebook, rule), &events, "%s", finding);
}

const char *bfl_point_text(const bfl_serum *serum, const bfl_course *course, const bfl_marker_point *point) {
    const bfl_lab *lab = &serum->record->labs[point->event.index];
    bfl_digits value, day;
    return BFL_JOIN(serum->arena, bfl_text_of(course->analyte->id), BFL_TEXT(" "),
                    point->derived ? bfl_digits_decimal(&value, point->value, 2) : bfl_text_of(lab->written),
                    BFL_TEXT(" "), bfl_text_of(point->derived ? course->analyte->units[0].text : lab->unit_text),
                    BFL_TEXT(" on day "), bfl_digits_whole(&day, point->day));
}

/* ---- a point against its range ---- */

static bool surely_above(const bfl_marker_point *point, bfl_decimal limit) {
    int order = bfl_decimal_compare(point->value, limit);
    return point->comparator == BFL_ABOVE ? order >= 0 : point->comparator == BFL_EXACTLY && order > 0;
}

static bool surely_below(const bfl_marker_point *point, bfl_decimal limit) {
    int order = bfl_decimal_compare(point->value, limit);
    return point->comparator == BFL_BELOW ? order <= 0 : point->comparator == BFL_EXACTLY && order < 0;
}

/* Room for so many points. */
static void reserve(bfl_serum *serum, bfl_course *course, size_t points) {
    course->points.items = BFL_NEW_ARRAY(serum->arena, points, bfl_marker_point);
    course->limits.items = BFL_NEW_ARRAY(serum->arena, points, bfl_value_range);
    course->points.capacity = course->limits.capacity = points;
}

void bfl_course_add(bfl_serum *serum, bfl_course *course, const bfl_marker_point *point,
                    const bfl_value_range *limits) {
    bfl_marker_point *added = BFL_PUSH(serum->arena, &course->points);
    *added = *point;
    added->above_range = limits->high.present && surely_above(point, limits->high.value);
    added->below_range = limits->low.present && surely_below(point, limits->low.value);
    if (point->comparator == BFL_EXACTLY && limits->high.present && !bfl_decimal_is_zero(limits->high.value))
        added->x_uln = bfl_some(bfl_decimal_divide(point->value, limits->high.value, 2));
    *BFL_PUSH(serum->arena, &course->limits) = *limits;
}

bfl_level bfl_course_level(const bfl_course *course, size_t index) {
    const bfl_marker_point *point = &course->points.items[index];
    const bfl_value_range *limits = &course->limits.items[index];
    if (point->above_range) return BFL_LEVEL_HIGH;
    if (point->below_range) return BFL_LEVEL_LOW;
    if (!limits->high.present) return BFL_LEVEL_UNKNOWN;
    if (point->comparator == BFL_EXACTLY) return BFL_LEVEL_NORMAL;
    /* "<0.5" is not raised when the limit is 5; whether ">1" is raised then, nobody knows. */
    bool not_high = point->comparator == BFL_BELOW && bfl_decimal_compare(point->value, limits->high.value) <= 0;
    return not_high ? BFL_LEVEL_NORMAL : BFL_LEVEL_UNKNOWN;
}

/* ---- scales ---- */

static bfl_maybe scaled(bfl_maybe value, const bfl_scale *scale) {
    if (!value.present) return value;
    return bfl_some(bfl_decimal_multiply(value.value, scale->to_default));
}

static void report_mixed_scales(bfl_serum *serum, const bfl_lab *lab, bool known) {
    *BFL_PUSH(serum->arena, &serum->issues) = (bfl_issue){
        .severity = known ? BFL_ISSUE_WARNING : BFL_ISSUE_ERROR,
        .code = known ? "marker.scale_mixed" : "marker.scale_unknown",
        .patient = serum->record->patient.id,
        .source = lab->source,
        .column = "method",
        .found = known ? bfl_arena_printf(serum->arena, "%s on the %s scale in a course that also holds another scale",
                                          lab->analyte->id, lab->scale->id)
                       : bfl_arena_printf(serum->arena, "%s without a scale in a course that holds several",
                                          lab->analyte->id),
        .expected = "one method throughout, or the method named on every row",
        .action = known ? "converted by the factor of the scale; see whether the laboratory changed its method"
                        : "the value is left out; name its method or print its reference range"};
}

/* Brings a value and its range to the default scale; false when the row's scale is not known. */
static bool convert(bfl_serum *serum, bfl_course *course, uint32_t index, bfl_maybe *value, bfl_value_range *limits) {
    const bfl_lab *lab = &serum->record->labs[index];
    bfl_event_ref event = {BFL_EVENT_LAB, index};
    if (!lab->scale) {
        report_mixed_scales(serum, lab, false);
        bfl_course_reason(serum, course, BFL_RULE_MARKER_SCALE_UNKNOWN, event,
                          bfl_arena_printf(serum->arena, "day %d: %s left out", lab->when.day, lab->written));
        return false;
    }
    if (lab->scale == &lab->analyte->scales[0]) return true;
    *value = scaled(*value, lab->scale);
    limits->low = scaled(limits->low, lab->scale);
    limits->high = scaled(limits->high, lab->scale);
    report_mixed_scales(serum, lab, true);
    bfl_course_reason(serum, course, BFL_RULE_MARKER_SCALE_CONVERTED, event,
                      bfl_arena_printf(serum->arena, "day %d: %s on %s x %s = %s on %s", lab->when.day, lab->written,
                                       lab->scale->id, bfl_decimal_z(serum->arena, lab->scale->to_default, -1),
                                       bfl_decimal_z(serum->arena, value->value, 1), lab->analyte->scales[0].id));
    return true;
}

/* ---- points ---- */

static const char *range_text(bfl_serum *serum, bfl_value_range limits) {
    const char *low = limits.low.present ? bfl_decimal_z(serum->arena, limits.low.value, -1) : NULL;
    const char *high = limits.high.present ? bfl_decimal_z(serum->arena, limits.high.value, -1) : NULL;
    if (low && high) return bfl_arena_printf(serum->arena, "%s-%s", low, high);
    return high ? bfl_arena_printf(serum->arena, "up to %s", high) : bfl_arena_printf(serum->arena, "from %s", low);
}

static void explain_range(bfl_serum *serum, bfl_course *course, uint32_t index, const bfl_row_range *range) {
    if (serum->lean || range->rule == BFL_RULE_MARKER_RANGE_OWN) return;
    if (course->analyte->kind == BFL_ANALYTE_FRACTION) return; /* judged as activity, see derive.c */
    const bfl_lab *lab = &serum->record->labs[index];
    const char *finding =
        range->rule == BFL_RULE_MARKER_RANGE_MISSING
            ? bfl_arena_printf(serum->arena, "%s of day %d has no range", course->analyte->id, lab->when.day)
            : bfl_arena_printf(serum->arena, "%s of day %d is judged by %s %s", course->analyte->id, lab->when.day,
                               range_text(serum, range->limits), course->analyte->units[0].text);
    bfl_course_reason(serum, course, range->rule, (bfl_event_ref){BFL_EVENT_LAB, index}, finding);
}

/* Without range and scale a value may still be raised whatever its scale. */
static void judge_without_range(bfl_serum *serum, bfl_course *course, uint32_t index) {
    const bfl_lab *lab = &serum->record->labs[index];
    if (!bfl_above_every_scale(lab)) return;
    course->points.items[course->points.count - 1].above_range = true;
    bfl_course_reason(
        serum, course, BFL_RULE_MARKER_RANGE_EVERY_SCALE, (bfl_event_ref){BFL_EVENT_LAB, index},
        bfl_arena_printf(serum->arena, "%s of day %d: %s", course->analyte->id, lab->when.day, lab->written));
}

/* Is there a value of the very day on which the range of days of this one ends? Then that one is the value of the day. */
static bool exact_beside(const bfl_record *record, const row_list *rows, uint32_t index) {
    const bfl_lab *lab = &record->labs[index];
    for (size_t i = 0; !lab->when.exact && i < rows->count; i++) {
        const bfl_lab *other = &record->labs[rows->items[i]];
        if (other->when.exact && other->when.day == lab->when.day) return true;
    }
    return false;
}

/* `ranged`: some row has a range, which others may borrow. */
static void add_row(bfl_serum *serum, bfl_course *course, const row_list *rows, uint32_t index, bool mixed,
                    bool ranged) {
    const bfl_lab *lab = &serum->record->labs[index];
    size_t count = course->points.count;
    if (count && course->points.items[count - 1].day == lab->when.day) return; /* the record kept the first of a day */
    if (exact_beside(serum->record, rows, index)) return;
    bfl_row_range range = bfl_range_of(serum, rows->items, ranged ? rows->count : 0, lab);
    bfl_maybe value = lab->canonical;
    if (mixed && !convert(serum, course, index, &value, &range.limits)) return;
    explain_range(serum, course, index, &range);
    if (lab->comparator != BFL_EXACTLY)
        bfl_course_reason(serum, course, BFL_RULE_MARKER_NOISE_CENSORED, (bfl_event_ref){BFL_EVENT_LAB, index},
                          bfl_arena_printf(serum->arena, "day %d: %s is a bound", lab->when.day, lab->written));
    bfl_course_add(
        serum, course,
        &(bfl_marker_point){
            .day = lab->when.day, .value = value.value, .comparator = lab->comparator, .event = {BFL_EVENT_LAB, index}},
        &range.limits);
    if (range.rule == BFL_RULE_MARKER_RANGE_MISSING) judge_without_range(serum, course, index);
    if (!course->scale) course->scale = mixed ? &course->analyte->scales[0] : lab->scale;
}

void bfl_course_build(bfl_serum *serum, const uint32_t *indices, size_t count) {
    const bfl_lab *labs = serum->record->labs;
    bfl_course *course = BFL_PUSH(serum->arena, &serum->courses);
    course->analyte = labs[indices[0]].analyte;
    course->rows = indices;
    course->row_count = count;
    row_list numbers = {.items = BFL_NEW_ARRAY(serum->arena, count, uint32_t)};
    for (size_t i = 0; i < count; i++) {
        const bfl_lab *lab = &labs[indices[i]];
        if (lab->word == BFL_LAB_NUMBER)
            numbers.items[numbers.count++] = indices[i];
        else
            *BFL_PUSH(serum->arena, &course->sayings) = (bfl_saying){lab->when.day, lab->word, indices[i]};
    }
    bool mixed = course->analyte->scale_count > 1 && bfl_scales_mixed(serum->record, numbers.items, numbers.count);
    bool ranged = false;
    for (size_t i = 0; i < numbers.count && !ranged; i++) {
        const bfl_lab *lab = &labs[numbers.items[i]];
        ranged = lab->ref_low.present || lab->ref_high.present;
    }
    reserve(serum, course, numbers.count);
    for (size_t i = 0; i < numbers.count; i++) add_row(serum, course, &numbers, numbers.items[i], mixed, ranged);
}

void bfl_courses_gather(bfl_serum *serum) {
    row_list rows = rows_by_analyte(serum);
    for (size_t from = 0, to; from < rows.count; from = to) {
        const bfl_analyte *analyte = serum->record->labs[rows.items[from]].analyte;
        for (to = from; to < rows.count && serum->record->labs[rows.items[to]].analyte == analyte; to++) continue;
        bfl_course_build(serum, &rows.items[from], to - from);
    }
}

static bool is_id(const bfl_analyte *analyte, const char *id) {
    return analyte->id[0] == id[0] && strcmp(analyte->id, id) == 0;
}

bfl_course *bfl_course_find(const bfl_serum *serum, const char *analyte_id) {
    for (size_t i = 0; i < serum->courses.count; i++)
        if (is_id(serum->courses.items[i].analyte, analyte_id)) return &serum->courses.items[i];
    return NULL;
}
