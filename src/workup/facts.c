/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the record for the work-up: last values, words in lists, days. */
#include "workup/plan.h"

#include <string.h>

int32_t bfl_workup_window(const bfl_plan *plan) {
    return plan->raise_day - bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_ALP_DEFAULTS__VALID_DAYS);
}

const char *bfl_workup_day(bfl_plan *plan, int32_t day) {
    char text[64];
    size_t size = bfl_record_format_day(plan->record, day, text, sizeof text);
    return bfl_arena_text(plan->arena, (bfl_text){text, size});
}

const char *bfl_workup_plain(bfl_plan *plan, const char *word) {
    char *plain = bfl_arena_text(plan->arena, bfl_text_of(word));
    for (char *c = plain; *c; c++)
        if (*c == '_') *c = ' ';
    return plain;
}

bool bfl_workup_contains(const char *text, const char *part) {
    return bfl_text_find_nocase(bfl_text_of(text), bfl_text_of(part)) != SIZE_MAX;
}

bool bfl_workup_listed(const char *list, const char *word) {
    bfl_text rest = bfl_text_of(list);
    while (rest.size) {
        bfl_text one = bfl_text_trim(bfl_text_split(&rest, ','));
        if (one.size && bfl_text_equal_nocase(one, bfl_text_of(word))) return true;
    }
    return false;
}

const char *bfl_workup_words(const bfl_rule *rule, const char *key) {
    const bfl_parameter *parameter = rule ? bfl_rule_parameter(rule, key) : NULL;
    return parameter && !parameter->numeric ? parameter->text : "";
}

bool bfl_workup_last_lab(const bfl_plan *plan, const char *analyte, int32_t since, size_t *index) {
    bfl_text name = bfl_text_of(analyte);
    return bfl_workup_last_row(plan, bfl_analyte_find(name), name, since, index);
}

static bool usable(const bfl_lab *lab) {
    return lab->when.known && !(lab->analyte && lab->word == BFL_LAB_NUMBER && !lab->usable);
}

void bfl_workup_find_last_rows(bfl_plan *plan) {
    const bfl_record *record = plan->record;
    plan->last_rows = BFL_NEW_ARRAY(plan->arena, bfl_analyte_count(), size_t);
    for (size_t i = 0; i < record->lab_count; i++) {
        if (!usable(&record->labs[i])) continue;
        const bfl_analyte *analyte = record->labs[i].analyte;
        *(analyte ? &plan->last_rows[analyte - bfl_analyte_at(0)] : &plan->last_other) = i + 1;
    }
}

/* A test that the program has no analyte for (AMA, HIV), by the name written. Rows stand by day, undated ones last. */
static size_t last_named(const bfl_plan *plan, bfl_text name) {
    for (size_t i = plan->last_other; i > 0; i--) {
        const bfl_lab *lab = &plan->record->labs[i - 1];
        if (!lab->analyte && usable(lab) && bfl_z_equal_nocase(lab->name, name)) return i;
    }
    return 0;
}

bool bfl_workup_last_row(const bfl_plan *plan, const bfl_analyte *analyte, bfl_text name, int32_t since,
                         size_t *index) {
    size_t last = analyte ? plan->last_rows[analyte - bfl_analyte_at(0)] : last_named(plan, name);
    if (!last || plan->record->labs[last - 1].when.day < since) return false;
    *index = last - 1;
    return true;
}

static bfl_said number_against(const bfl_lab *lab, bool above) {
    bfl_maybe limit = above ? lab->ref_high : lab->ref_low;
    bfl_maybe other = above ? lab->ref_low : lab->ref_high;
    if (!lab->canonical.present) return BFL_SAID_NONE;
    /* With one limit only, a value beyond it on the other side is still not on this side. */
    if (!limit.present) return other.present ? BFL_SAID_NO : BFL_SAID_NONE;
    int order = bfl_decimal_compare(lab->canonical.value, limit.value);
    return (above ? order > 0 : order < 0) ? BFL_SAID_YES : BFL_SAID_NO;
}

static bfl_said lab_against(const bfl_lab *lab, bool above) {
    switch (lab->word) {
    case BFL_LAB_NUMBER: return number_against(lab, above);
    case BFL_LAB_HIGH: return above ? BFL_SAID_YES : BFL_SAID_NO;
    case BFL_LAB_LOW: return above ? BFL_SAID_NO : BFL_SAID_YES;
    case BFL_LAB_NORMAL: return BFL_SAID_NO;
    case BFL_LAB_FALLING:
    case BFL_LAB_STABLE:
    case BFL_LAB_RISING: return BFL_SAID_NONE;
    }
    return BFL_SAID_NONE;
}

/* What says whether an analyte is beyond its range: the last point of a computed course (calcium corrected for albumin), which has
 * no row of its own, or the last row. */
typedef struct against {
    bfl_said said;
    const bfl_analyte *analyte;
    const bfl_marker_point *derived;
    const bfl_lab *lab;
    bool borrowed; /* the row prints no range, and its course said it */
} against;

static const bfl_marker *course_of(const bfl_plan *plan, const bfl_analyte *analyte) {
    const bfl_markers *markers = plan->findings->markers;
    for (size_t i = 0; markers && i < markers->course_count; i++)
        if (markers->courses[i].analyte == analyte) return &markers->courses[i];
    return NULL;
}

/* A row that prints no range is judged as its course judges it: by the range of a near row, or by the usual range of adults. */
static bfl_said by_course(const bfl_marker *course, size_t lab, bool above) {
    for (size_t i = course ? course->point_count : 0; i > 0; i--) {
        const bfl_marker_point *point = &course->points[i - 1];
        if (point->event.kind != BFL_EVENT_LAB || point->event.index != lab) continue;
        if (above) return !point->x_uln.present ? BFL_SAID_NONE : point->above_range ? BFL_SAID_YES : BFL_SAID_NO;
        return point->below_range ? BFL_SAID_YES : BFL_SAID_NONE;
    }
    return BFL_SAID_NONE;
}

static against find_against(const bfl_plan *plan, bfl_text name, bool above) {
    against a = {.said = BFL_SAID_NONE, .analyte = bfl_analyte_find(name)};
    const bfl_marker *course = course_of(plan, a.analyte);
    const bfl_marker_point *last = course && course->point_count ? &course->points[course->point_count - 1] : NULL;
    size_t index = 0;
    if (last && last->derived) {
        a.derived = last;
        a.said = (above ? last->above_range : last->below_range) ? BFL_SAID_YES : BFL_SAID_NO;
    } else if (bfl_workup_last_row(plan, a.analyte, name, INT32_MIN, &index)) {
        a.lab = &plan->record->labs[index];
        a.said = lab_against(a.lab, above);
        a.borrowed = a.said == BFL_SAID_NONE && a.lab->word == BFL_LAB_NUMBER;
        if (a.borrowed) a.said = by_course(course, index, above);
    }
    return a;
}

static const char *told_of_point(bfl_plan *plan, const against *a) {
    bfl_buf it = {.arena = plan->arena};
    bfl_buf_addf(&it, "%s ", a->analyte->name);
    bfl_buf_decimal(&it, a->derived->value, 2);
    bfl_buf_addf(&it, " %s on %s", a->analyte->unit_count ? a->analyte->units[0].text : "",
                 bfl_workup_day(plan, a->derived->day));
    return bfl_buf_z(&it);
}

static const char *told_of_row(bfl_plan *plan, const against *a) {
    return bfl_arena_printf(plan->arena, "%s %s%s%s on %s%s", a->lab->name, a->lab->written,
                            *a->lab->unit_text ? " " : "", a->lab->unit_text, bfl_workup_day(plan, a->lab->when.day),
                            a->borrowed && a->said == BFL_SAID_YES ? " (by a range that its row does not print)" : "");
}

bfl_said bfl_workup_lab_said(const bfl_plan *plan, const char *analyte, bool above) {
    return find_against(plan, bfl_text_of(analyte), above).said;
}

bfl_answer bfl_workup_lab_against(bfl_plan *plan, const char *analyte, bool above) {
    against a = find_against(plan, bfl_text_of(analyte), above);
    bfl_answer answer = {.said = a.said, .it = a.analyte ? a.analyte->name : analyte};
    if (a.derived) {
        bfl_workup_note_event(plan, &answer, a.derived->event.kind, a.derived->event.index, a.derived->day);
        answer.it = told_of_point(plan, &a);
    } else if (a.lab) {
        bfl_workup_note_event(plan, &answer, BFL_EVENT_LAB, (size_t)(a.lab - plan->record->labs), a.lab->when.day);
        answer.it = told_of_row(plan, &a);
    }
    return answer;
}

bool bfl_workup_last_clinical(const bfl_plan *plan, const char *item, size_t *index) {
    return bfl_workup_last_said(plan, bfl_text_of(item), index);
}

bool bfl_workup_last_said(const bfl_plan *plan, bfl_text item, size_t *index) {
    bool found = false;
    for (size_t i = 0; i < plan->record->clinical_count; i++) {
        const bfl_clinical *said = &plan->record->clinicals[i];
        if (!said->when.known || !bfl_z_equal_nocase(said->item, item)) continue;
        *index = i;
        found = true;
    }
    return found;
}

bool bfl_workup_bone_imaged(const bfl_lesion *lesion) {
    bool skeletal = lesion->modality == BFL_MODALITY_BONE_SCAN || lesion->modality == BFL_MODALITY_NAF_PET;
    return lesion->when.known && lesion->state != BFL_LESION_NOT_EVALUABLE &&
           (lesion->organ == BFL_ORGAN_BONE || skeletal);
}

bool bfl_workup_bone_lesion(const bfl_lesion *lesion) {
    return lesion->when.known && lesion->organ == BFL_ORGAN_BONE && lesion->state != BFL_LESION_ABSENT &&
           lesion->state != BFL_LESION_NOT_EVALUABLE;
}

void bfl_workup_note_event(bfl_plan *plan, bfl_answer *answer, bfl_event_kind kind, size_t index, int32_t day) {
    bfl_event_add(plan->arena, &answer->events, kind, index);
    if (!answer->has_day || day > answer->day) answer->day = day;
    answer->has_day = true;
}

bfl_answer bfl_workup_yes(const char *it) { return (bfl_answer){.said = BFL_SAID_YES, .it = it}; }
bfl_answer bfl_workup_no(void) { return (bfl_answer){.said = BFL_SAID_NO, .it = ""}; }
bfl_answer bfl_workup_unknown(void) { return (bfl_answer){.said = BFL_SAID_NONE, .it = ""}; }
bfl_answer bfl_workup_either(bool yes) { return yes ? bfl_workup_yes("") : bfl_workup_no(); }
