/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Safety alarms. They stand beside the verdict on the bone and are never hidden by it. The last relevant value decides:
 * an alarm of the past that later values have taken back is not raised.
 */
#include "flare/alarm.h"

#include <string.h>

void alarm_add(alarm_finder *f, const bfl_rule *rule, int32_t day, bool urgent, const bfl_event_list *events,
               const char *finding) {
    bool undated = day >= f->undated_day;
    *BFL_PUSH(f->arena, &f->alarms) = (bfl_alarm){.rule = rule,
                                                  .finding = finding,
                                                  .day = undated ? f->undated_day - 1 : day,
                                                  .undated = undated,
                                                  .urgent = urgent,
                                                  .events = events->items,
                                                  .event_count = events->count};
}

const char *alarm_day(alarm_finder *f, int32_t day) {
    char text[64];
    if (day >= f->undated_day) return "date not known";
    (void)bfl_record_format_day(f->record, day, text, sizeof text);
    return bfl_arena_text(f->arena, bfl_text_of(text));
}

/* ---- sepsis ---- */

/* On the default scale of ALP (IFCC), on which the limit was published: a JSCC value is about three times as high. */
static bfl_decimal on_default_scale(alarm_finder *f, const bfl_marker_point *point) {
    if (point->event.kind != BFL_EVENT_LAB || point->event.index >= f->record->lab_count) return point->value;
    const bfl_scale *scale = f->record->labs[point->event.index].scale;
    return scale ? bfl_decimal_multiply(point->value, scale->to_default) : point->value;
}

static void find_sepsis(alarm_finder *f) {
    const bfl_marker *alp = bfl_markers_find(f->findings->markers, "ALP");
    if (!alp || !alp->point_count) return;
    const bfl_marker_point *last = &alp->points[alp->point_count - 1];
    bfl_decimal value = on_default_scale(f, last);
    if (bfl_decimal_compare(value, bfl_rule_number(f->rulebook, BFL_NUM_ALARM_SEPSIS__ABOVE_U_L)) <= 0) return;
    size_t index = 0;
    const bfl_clinical *fever =
        alarm_fever_near(f, last->day, bfl_rule_days(f->rulebook, BFL_NUM_ALARM_SEPSIS__FEVER_WITHIN_DAYS), &index);
    if (!fever) return;
    bfl_event_list events = {0};
    bfl_event_add(f->arena, &events, last->event.kind, last->event.index);
    bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, index);
    alarm_add(f, bfl_rule_of(f->rulebook, BFL_RULE_ALARM_SEPSIS), last->day, true, &events,
              bfl_arena_printf(f->arena, "ALP %s U/L, %s, with %s", bfl_decimal_z(f->arena, value, 0),
                               alarm_day(f, last->day), alarm_statement(f, fever)));
}

/* ---- laboratory ---- */

static void add_multiple(bfl_buf *text, const char *name, bfl_maybe multiple) {
    if (!multiple.present) return;
    bfl_buf_addf(text, "%s%s ", text->size ? ", " : "", name);
    bfl_buf_decimal(text, multiple.value, 2);
    bfl_buf_add(text, " x ULN");
}

/* The last day that can tell: transaminase and bilirubin both known. */
static void find_hys_law(alarm_finder *f) {
    const bfl_criteria *criteria = f->findings->criteria;
    for (size_t i = criteria ? criteria->liver_count : 0; i > 0; i--) {
        const bfl_liver_day *day = &criteria->liver[i - 1];
        bool transaminase = day->alt_x_uln.present || day->ast_x_uln.present;
        if (!transaminase || !day->bilirubin_x_uln.present) continue;
        if (!day->hys_law) return;
        bfl_event_list events = {0};
        for (size_t r = 0; r < day->reason_count; r++)
            for (size_t k = 0; k < day->reasons[r].event_count; k++)
                bfl_event_add(f->arena, &events, day->reasons[r].events[k].kind, day->reasons[r].events[k].index);
        bfl_buf text = {.arena = f->arena};
        add_multiple(&text, "ALT", day->alt_x_uln);
        add_multiple(&text, "AST", day->ast_x_uln);
        add_multiple(&text, "bilirubin", day->bilirubin_x_uln);
        add_multiple(&text, "ALP", day->alp_x_uln);
        bfl_buf_addf(&text, ", %s", alarm_day(f, day->day));
        alarm_add(f, bfl_rule_of(f->rulebook, BFL_RULE_ALARM_HYS_LAW), day->day, true, &events, bfl_buf_z(&text));
        return;
    }
}

/* Is there a usable value, or a word about the range, of the same analyte after the graded one? */
static bool superseded(alarm_finder *f, const bfl_grade *grade) {
    const bfl_marker *course = bfl_markers_find(f->findings->markers, grade->analyte->id);
    if (course && course->point_count && course->points[course->point_count - 1].day > grade->day) return true;
    for (size_t i = 0; i < f->record->lab_count; i++) {
        const bfl_lab *lab = &f->record->labs[i];
        if (!lab->when.known || lab->when.day <= grade->day || !lab->analyte) continue;
        if (strcmp(lab->analyte->id, grade->analyte->id) == 0 && (lab->usable || lab->word == BFL_LAB_NORMAL))
            return true;
    }
    return false;
}

/* The value that was graded as it was written, or as it was computed from two rows. */
static const char *graded_value(alarm_finder *f, const bfl_grade *grade) {
    const bfl_event_ref *event = grade->reason.event_count ? &grade->reason.events[0] : NULL;
    const char *value = "";
    if (event && event->kind == BFL_EVENT_LAB && event->index < f->record->lab_count) {
        const bfl_lab *lab = &f->record->labs[event->index];
        value = bfl_arena_printf(f->arena, "%s %s %s, ", grade->analyte->name, lab->written, lab->unit_text);
    }
    return bfl_arena_printf(f->arena, "%sCTCAE grade %d, %s", value, grade->grade, alarm_day(f, grade->day));
}

/* An alarm that terms of CTCAE raise, from one grade on, urgently from another on. */
typedef struct graded_alarm {
    bfl_rule_index rule;
    bfl_text_index terms;
    bfl_number_index from, urgent;
} graded_alarm;
static const graded_alarm graded[] = {
    {BFL_RULE_ALARM_HYPERCALCAEMIA, BFL_TXT_ALARM_HYPERCALCAEMIA__TERMS_TEXT, BFL_NUM_ALARM_HYPERCALCAEMIA__FROM_GRADE,
     BFL_NUM_ALARM_HYPERCALCAEMIA__URGENT_FROM_GRADE},
    {BFL_RULE_ALARM_HYPOCALCAEMIA, BFL_TXT_ALARM_HYPOCALCAEMIA__TERMS_TEXT, BFL_NUM_ALARM_HYPOCALCAEMIA__FROM_GRADE,
     BFL_NUM_ALARM_HYPOCALCAEMIA__URGENT_FROM_GRADE},
    {BFL_RULE_ALARM_BILIRUBIN, BFL_TXT_ALARM_BILIRUBIN__TERMS_TEXT, BFL_NUM_ALARM_BILIRUBIN__FROM_GRADE,
     BFL_NUM_ALARM_BILIRUBIN__URGENT_FROM_GRADE},
    {BFL_RULE_ALARM_TRANSAMINASES, BFL_TXT_ALARM_TRANSAMINASES__TERMS_TEXT, BFL_NUM_ALARM_TRANSAMINASES__FROM_GRADE,
     BFL_NUM_ALARM_TRANSAMINASES__URGENT_FROM_GRADE},
};

/* The highest current grade of one of the terms; later days win over earlier ones of the same analyte by superseded(). */
static void find_graded(alarm_finder *f, const graded_alarm *alarm) {
    const bfl_criteria *criteria = f->findings->criteria;
    const char *terms = bfl_rule_words(f->rulebook, alarm->terms);
    bfl_decimal from = bfl_rule_number(f->rulebook, alarm->from), urgent = bfl_rule_number(f->rulebook, alarm->urgent);
    const bfl_grade *worst = NULL;
    for (size_t i = 0; criteria && i < criteria->grade_count; i++) {
        const bfl_grade *grade = &criteria->grades[i];
        if (bfl_decimal_compare(bfl_decimal_of(grade->grade), from) < 0) continue;
        if (!alarm_listed(terms, grade->term) || superseded(f, grade)) continue;
        if (!worst || grade->grade > worst->grade) worst = grade;
    }
    if (!worst) return;
    bfl_event_list events = {0};
    for (size_t k = 0; k < worst->reason.event_count; k++)
        bfl_event_add(f->arena, &events, worst->reason.events[k].kind, worst->reason.events[k].index);
    bool now = bfl_decimal_compare(bfl_decimal_of(worst->grade), urgent) >= 0;
    alarm_add(f, bfl_rule_of(f->rulebook, alarm->rule), worst->day, now, &events, graded_value(f, worst));
}

/* ---- order ---- */

static int most_urgent_first(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_alarm *left = a, *right = b;
    if (left->urgent != right->urgent) return left->urgent ? -1 : 1;
    int order = bfl_decimal_compare(bfl_rule_value(left->rule, "priority").value,
                                    bfl_rule_value(right->rule, "priority").value);
    if (order) return order;
    return (left->day < right->day) - (left->day > right->day);
}

/* ---- facts without a date ---- */

static bfl_when placed(bfl_when when, int32_t day) {
    return when.known ? when : (bfl_when){.day = day, .first = day, .known = true};
}

static bool all_dated(const bfl_record *r) {
    for (size_t i = 0; i < r->clinical_count; i++)
        if (!r->clinicals[i].when.known) return false;
    for (size_t i = 0; i < r->note_count; i++)
        if (!r->notes[i].when.known) return false;
    for (size_t i = 0; i < r->lab_count; i++)
        if (!r->labs[i].when.known) return false;
    return true;
}

/* The record as if everything without a date had been found on `day`; NULL when everything has one. Same indices. */
static const bfl_record *with_undated_on(bfl_arena *arena, const bfl_record *record, int32_t day) {
    if (all_dated(record)) return NULL;
#define PLACE(type, list, count)                                \
    do {                                                        \
        type *rows = BFL_NEW_ARRAY(arena, record->count, type); \
        for (size_t i = 0; i < record->count; i++) {            \
            rows[i] = record->list[i];                          \
            rows[i].when = placed(rows[i].when, day);           \
        }                                                       \
        r->list = rows;                                         \
    } while (0)
    bfl_record *r = BFL_NEW(arena, bfl_record);
    *r = *record;
    PLACE(bfl_clinical, clinicals, clinical_count);
    PLACE(bfl_note, notes, note_count);
    bfl_lab *labs = BFL_NEW_ARRAY(arena, record->lab_count, bfl_lab);
    for (size_t i = 0; i < record->lab_count; i++) {
        labs[i] = record->labs[i];
        if (labs[i].when.known) continue;
        labs[i].when = placed(labs[i].when, day);
        labs[i].usable = labs[i].analyte && labs[i].word == BFL_LAB_NUMBER && labs[i].canonical.present;
    }
#undef PLACE
    r->labs = labs;
    return r;
}

static void find_all(alarm_finder *f) {
    find_sepsis(f);
    find_hys_law(f);
    for (size_t i = 0; i < sizeof graded / sizeof *graded; i++) find_graded(f, &graded[i]);
    alarms_from_statements(f);
}

static bool raised(const alarm_finder *f, const bfl_alarm *alarm) {
    for (size_t i = 0; i < f->alarms.count; i++)
        if (f->alarms.items[i].rule == alarm->rule && f->alarms.items[i].urgent >= alarm->urgent) return true;
    return false;
}

/* A missing date must not hide an alarm: what carries none may be of today, so it is read once as if it were. */
static void find_undated(alarm_finder *f) {
    bfl_findings today = *f->findings;
    int32_t day = today.as_of + 1;
    today.record = with_undated_on(f->arena, f->record, day);
    if (!today.record) return;
    today.criteria = bfl_criteria_assess(f->arena, today.record, f->rulebook);
    today.markers = bfl_markers_assess(f->arena, today.record, f->rulebook);
    alarm_finder then = {
        .arena = f->arena, .findings = &today, .record = today.record, .rulebook = f->rulebook, .undated_day = day};
    find_all(&then);
    for (size_t i = 0; i < then.alarms.count; i++)
        if (!raised(f, &then.alarms.items[i])) *BFL_PUSH(f->arena, &f->alarms) = then.alarms.items[i];
}

const bfl_alarm *bfl_alarms_find(bfl_arena *arena, const bfl_findings *findings, size_t *count) {
    alarm_finder f = {.arena = arena,
                      .findings = findings,
                      .record = findings->record,
                      .rulebook = findings->rulebook,
                      .undated_day = INT32_MAX};
    find_all(&f);
    find_undated(&f);
    bfl_sort(arena, f.alarms.items, f.alarms.count, sizeof *f.alarms.items, most_urgent_first, NULL);
    *count = f.alarms.count;
    return f.alarms.items;
}
