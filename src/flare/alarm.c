/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Safety alarms. They stand beside the verdict on the bone and are never hidden by it. The last relevant value decides:
 * an alarm of the past that later values have taken back is not raised.
 */
#include "flare/flare.h"

#include <string.h>

typedef struct finder {
    bfl_arena *arena;
    const bfl_findings *findings;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    BFL_LIST(bfl_alarm) alarms;
} finder;

static void add(finder *f, const bfl_rule *rule, int32_t day, bool urgent, const bfl_event_list *events,
                const char *finding) {
    *BFL_PUSH(f->arena, &f->alarms) = (bfl_alarm){.rule = rule,
                                                  .finding = finding,
                                                  .day = day,
                                                  .urgent = urgent,
                                                  .events = events->items,
                                                  .event_count = events->count};
}

static const char *day_of(finder *f, int32_t day) {
    char text[64];
    (void)bfl_record_format_day(f->record, day, text, sizeof text);
    return bfl_arena_text(f->arena, bfl_text_of(text));
}

/* Is `word` one of the comma-separated words of the list? */
static bool listed(const char *list, const char *word) {
    bfl_text rest = bfl_text_of(list);
    while (rest.size) {
        bfl_text one = bfl_text_trim(bfl_text_split(&rest, ','));
        if (one.size && bfl_text_equal_nocase(one, bfl_text_trim(bfl_text_of(word)))) return true;
    }
    return false;
}

static bool any_word_in(const char *list, const char *text) {
    bfl_text rest = bfl_text_of(list);
    while (rest.size) {
        bfl_text one = bfl_text_trim(bfl_text_split(&rest, ','));
        if (one.size && bfl_text_find_nocase(bfl_text_of(text), one) != SIZE_MAX) return true;
    }
    return false;
}

/* ---- what was said at the bedside ---- */

/* The last dated statement about an item. */
static const bfl_clinical *last_said(finder *f, bfl_text item, size_t *index) {
    const bfl_clinical *last = NULL;
    for (size_t i = 0; i < f->record->clinical_count; i++) {
        const bfl_clinical *said = &f->record->clinicals[i];
        if (!said->when.known || !bfl_text_equal_nocase(bfl_text_of(said->item), item)) continue;
        last = said;
        *index = i;
    }
    return last;
}

static const char *statement(finder *f, const bfl_clinical *said) {
    bool site = said->site && *said->site;
    return bfl_arena_printf(f->arena, "%s: %s%s%s%s, %s", said->item, said->value, site ? " (" : "",
                            site ? said->site : "", site ? ")" : "", day_of(f, said->when.day));
}

static void find_cord(finder *f) {
    const bfl_rule *rule = bfl_rule_of(f->rulebook, BFL_RULE_ALARM_CORD);
    const char *values = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_CORD__VALUES_TEXT);
    bfl_text items = bfl_text_of(bfl_rule_words(f->rulebook, BFL_TXT_ALARM_CORD__ITEMS_TEXT));
    while (items.size) {
        size_t index = 0;
        const bfl_clinical *said = last_said(f, bfl_text_trim(bfl_text_split(&items, ',')), &index);
        if (!said || !listed(values, said->value)) continue;
        bfl_event_list events = {0};
        bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, index);
        add(f, rule, said->when.day, true, &events, statement(f, said));
        return;
    }
}

static void find_fracture(finder *f) {
    const bfl_rule *rule = bfl_rule_of(f->rulebook, BFL_RULE_ALARM_FRACTURE);
    const char *values = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_FRACTURE__VALUES_TEXT);
    const char *urgent_words = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_FRACTURE__URGENT_WORDS_TEXT);
    int32_t within = bfl_rule_days(f->rulebook, BFL_NUM_ALARM_FRACTURE__WITHIN_DAYS);
    bfl_text items = bfl_text_of(bfl_rule_words(f->rulebook, BFL_TXT_ALARM_FRACTURE__ITEMS_TEXT));
    while (items.size) {
        size_t index = 0;
        const bfl_clinical *said = last_said(f, bfl_text_trim(bfl_text_split(&items, ',')), &index);
        if (!said || !listed(values, said->value) || f->findings->as_of - said->when.day > within) continue;
        bfl_event_list events = {0};
        bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, index);
        bool urgent = any_word_in(urgent_words, said->note) || any_word_in(urgent_words, said->value) ||
                      any_word_in(urgent_words, said->item);
        const char *note = said->note && *said->note ? said->note : "";
        add(f, rule, said->when.day, urgent, &events,
            bfl_arena_printf(f->arena, "%s%s%s", statement(f, said), *note ? "; " : "", note));
    }
}

/* A checkpoint inhibitor in force on the day, or stopped not long before it: its reactions come late. */
static const bfl_therapy *checkpoint_inhibitor(finder *f, int32_t day, size_t *index) {
    const char *class_id = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_ICI_PAIN__CLASS_TEXT);
    int32_t after = bfl_rule_days(f->rulebook, BFL_NUM_ALARM_ICI_PAIN__AFTER_LAST_DOSE_DAYS);
    for (size_t i = 0; i < f->record->therapy_count; i++) {
        const bfl_therapy *therapy = &f->record->therapies[i];
        if (strcmp(therapy->class_id, class_id) != 0 || !therapy->start.known || therapy->start.day > day) continue;
        if (therapy->stop.known && therapy->stop.day + after < day) continue;
        *index = i;
        return therapy;
    }
    return NULL;
}

static void find_ici_pain(finder *f) {
    size_t pain_index = 0, drug_index = 0;
    const bfl_clinical *pain = last_said(f, BFL_TEXT("pain"), &pain_index);
    if (!pain || !listed(bfl_rule_words(f->rulebook, BFL_TXT_ALARM_ICI_PAIN__VALUES_TEXT), pain->value)) return;
    const bfl_therapy *drug = checkpoint_inhibitor(f, pain->when.day, &drug_index);
    if (!drug) return;
    bfl_event_list events = {0};
    bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, pain_index);
    bfl_event_add(f->arena, &events, BFL_EVENT_THERAPY, drug_index);
    add(f, bfl_rule_of(f->rulebook, BFL_RULE_ALARM_ICI_PAIN), pain->when.day, false, &events,
        bfl_arena_printf(f->arena, "%s, under %s since %s", statement(f, pain), drug->drug,
                         day_of(f, drug->start.day)));
}

/* ---- sepsis ---- */

/* On the default scale of ALP (IFCC), on which the limit was published: a JSCC value is about three times as high. */
static bfl_decimal on_default_scale(finder *f, const bfl_marker_point *point) {
    if (point->event.kind != BFL_EVENT_LAB || point->event.index >= f->record->lab_count) return point->value;
    const bfl_scale *scale = f->record->labs[point->event.index].scale;
    return scale ? bfl_decimal_multiply(point->value, scale->to_default) : point->value;
}

/* Fever or sepsis said yes, close in time to the value. */
static const bfl_clinical *fever_near(finder *f, int32_t day, size_t *index) {
    int32_t within = bfl_rule_days(f->rulebook, BFL_NUM_ALARM_SEPSIS__FEVER_WITHIN_DAYS);
    const bfl_text items[] = {BFL_TEXT("sepsis"), BFL_TEXT("fever")};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        const bfl_clinical *said = last_said(f, items[i], index);
        if (!said || !bfl_text_equal_nocase(bfl_text_of(said->value), BFL_TEXT("yes"))) continue;
        int32_t apart = said->when.day - day;
        if (apart <= within && -apart <= within) return said;
    }
    return NULL;
}

static void find_sepsis(finder *f) {
    const bfl_marker *alp = bfl_markers_find(f->findings->markers, "ALP");
    if (!alp || !alp->point_count) return;
    const bfl_marker_point *last = &alp->points[alp->point_count - 1];
    bfl_decimal value = on_default_scale(f, last);
    if (bfl_decimal_compare(value, bfl_rule_number(f->rulebook, BFL_NUM_ALARM_SEPSIS__ABOVE_U_L)) <= 0) return;
    size_t index = 0;
    const bfl_clinical *fever = fever_near(f, last->day, &index);
    if (!fever) return;
    bfl_event_list events = {0};
    bfl_event_add(f->arena, &events, last->event.kind, last->event.index);
    bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, index);
    add(f, bfl_rule_of(f->rulebook, BFL_RULE_ALARM_SEPSIS), last->day, true, &events,
        bfl_arena_printf(f->arena, "ALP %s U/L, %s, with %s", bfl_decimal_z(f->arena, value, 0), day_of(f, last->day),
                         statement(f, fever)));
}

/* ---- laboratory ---- */

static void add_multiple(bfl_buf *text, const char *name, bfl_maybe multiple) {
    if (!multiple.present) return;
    bfl_buf_addf(text, "%s%s ", text->size ? ", " : "", name);
    bfl_buf_decimal(text, multiple.value, 2);
    bfl_buf_add(text, " x ULN");
}

/* The last day that can tell: transaminase and bilirubin both known. */
static void find_hys_law(finder *f) {
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
        bfl_buf_addf(&text, ", %s", day_of(f, day->day));
        add(f, bfl_rule_of(f->rulebook, BFL_RULE_ALARM_HYS_LAW), day->day, true, &events, bfl_buf_z(&text));
        return;
    }
}

/* Is there a usable value, or a word about the range, of the same analyte after the graded one? */
static bool superseded(finder *f, const bfl_grade *grade) {
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

/* The value that was graded, in words. */
static const char *graded_value(finder *f, const bfl_grade *grade) {
    const bfl_marker *course = bfl_markers_find(f->findings->markers, grade->analyte->id);
    bfl_buf text = {.arena = f->arena};
    bfl_buf_addf(&text, "%s ", grade->analyte->name);
    for (size_t i = 0; course && i < course->point_count; i++) {
        if (course->points[i].day != grade->day) continue;
        bfl_buf_decimal(&text, course->points[i].value, 2);
        bfl_buf_addf(&text, " %s, ", grade->analyte->unit_count ? grade->analyte->units[0].text : "");
    }
    bfl_buf_addf(&text, "CTCAE grade %d, %s", grade->grade, day_of(f, grade->day));
    return bfl_buf_z(&text);
}

/* The highest current grade of one of the terms; later days win over earlier ones of the same analyte by superseded(). */
static void find_graded(finder *f, const bfl_rule *rule) {
    const bfl_criteria *criteria = f->findings->criteria;
    const bfl_parameter *terms = bfl_rule_parameter(rule, "terms_text");
    bfl_maybe from = bfl_rule_value(rule, "from_grade"), urgent = bfl_rule_value(rule, "urgent_from_grade");
    const bfl_grade *worst = NULL;
    for (size_t i = 0; criteria && i < criteria->grade_count; i++) {
        const bfl_grade *grade = &criteria->grades[i];
        if (!listed(terms->text, grade->term) || superseded(f, grade)) continue;
        if (bfl_decimal_compare(bfl_decimal_of(grade->grade), from.value) < 0) continue;
        if (!worst || grade->grade > worst->grade) worst = grade;
    }
    if (!worst) return;
    bfl_event_list events = {0};
    for (size_t k = 0; k < worst->reason.event_count; k++)
        bfl_event_add(f->arena, &events, worst->reason.events[k].kind, worst->reason.events[k].index);
    bool now = bfl_decimal_compare(bfl_decimal_of(worst->grade), urgent.value) >= 0;
    add(f, rule, worst->day, now, &events, graded_value(f, worst));
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

const bfl_alarm *bfl_alarms_find(bfl_arena *arena, const bfl_findings *findings, size_t *count) {
    static const bfl_rule_index graded[] = {BFL_RULE_ALARM_HYPERCALCAEMIA, BFL_RULE_ALARM_HYPOCALCAEMIA,
                                            BFL_RULE_ALARM_BILIRUBIN, BFL_RULE_ALARM_TRANSAMINASES};
    finder f = {.arena = arena, .findings = findings, .record = findings->record, .rulebook = findings->rulebook};
    find_cord(&f);
    find_sepsis(&f);
    find_hys_law(&f);
    for (size_t i = 0; i < sizeof graded / sizeof *graded; i++)
        find_graded(&f, bfl_rule_of(findings->rulebook, graded[i]));
    find_fracture(&f);
    find_ici_pain(&f);
    bfl_sort(arena, f.alarms.items, f.alarms.count, sizeof *f.alarms.items, most_urgent_first, NULL);
    *count = f.alarms.count;
    return f.alarms.items;
}
