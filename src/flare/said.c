/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms from what was said: signs of the cord, fractures, pain under a checkpoint inhibitor, a liver in danger. */
#include "flare/alarm.h"

#include <string.h>

bool alarm_listed(const char *list, const char *word) {
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

/* ---- statements that stand ---- */

/* Most items differ in their first letter. */
static bool same_item(const bfl_clinical *said, bfl_text item) {
    enum { CAPITAL = 'a' ^ 'A' };
    bool may_be = item.size == 0 || ((said->item[0] ^ item.data[0]) & ~CAPITAL) == 0;
    return may_be && said->when.known && bfl_z_equal_nocase(said->item, item);
}

/* Was it taken back on a later day: the item said otherwise, of the same place or of none? Pain that eased in the shoulder
 * takes nothing back about the back. */
static bool taken_back(const alarm_finder *f, size_t index, const char *values) {
    const bfl_clinical *said = &f->record->clinicals[index];
    for (size_t i = index + 1; i < f->record->clinical_count; i++) {
        const bfl_clinical *later = &f->record->clinicals[i];
        if (later->when.day <= said->when.day || !same_item(later, bfl_text_of(said->item))) continue;
        bool same_place = !*later->site || !*said->site || bfl_site_same(later->site, said->site);
        if (same_place && !alarm_listed(values, later->value)) return true;
    }
    return false;
}

/* The last statement about an item with one of the values that nobody took back; NULL when there is none. */
static const bfl_clinical *standing(const alarm_finder *f, bfl_text item, const char *values, size_t *index) {
    for (size_t i = f->record->clinical_count; i-- > 0;) {
        const bfl_clinical *said = &f->record->clinicals[i];
        if (!same_item(said, item) || !alarm_listed(values, said->value) || taken_back(f, i, values)) continue;
        *index = i;
        return said;
    }
    return NULL;
}

const char *alarm_statement(alarm_finder *f, const bfl_clinical *said) {
    bool site = *said->site;
    char *item = bfl_arena_text(f->arena, bfl_text_of(said->item));
    for (char *c = item; *c; c++)
        if (*c == '_') *c = ' ';
    return bfl_arena_printf(f->arena, "%s: %s%s%s%s, %s", item, said->value, site ? " (" : "", said->site,
                            site ? ")" : "", alarm_day(f, said->when.day));
}

/* ---- bones and nerves ---- */

static void find_cord(alarm_finder *f) {
    const bfl_rule *rule = bfl_rule_of(f->rulebook, BFL_RULE_ALARM_CORD);
    const char *values = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_CORD__VALUES_TEXT);
    bfl_text items = bfl_text_of(bfl_rule_words(f->rulebook, BFL_TXT_ALARM_CORD__ITEMS_TEXT));
    while (items.size) {
        size_t index = 0;
        const bfl_clinical *said = standing(f, bfl_text_trim(bfl_text_split(&items, ',')), values, &index);
        if (!said) continue;
        bfl_event_list events = {0};
        bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, index);
        alarm_add(f, rule, said->when.day, true, &events, alarm_statement(f, said));
        return;
    }
}

static void find_fracture(alarm_finder *f) {
    const bfl_rule *rule = bfl_rule_of(f->rulebook, BFL_RULE_ALARM_FRACTURE);
    const char *values = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_FRACTURE__VALUES_TEXT);
    const char *urgent_words = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_FRACTURE__URGENT_WORDS_TEXT);
    int32_t within = bfl_rule_days(f->rulebook, BFL_NUM_ALARM_FRACTURE__WITHIN_DAYS);
    bfl_text items = bfl_text_of(bfl_rule_words(f->rulebook, BFL_TXT_ALARM_FRACTURE__ITEMS_TEXT));
    while (items.size) {
        size_t index = 0;
        const bfl_clinical *said = standing(f, bfl_text_trim(bfl_text_split(&items, ',')), values, &index);
        if (!said || f->findings->as_of - said->when.day > within) continue;
        bfl_event_list events = {0};
        bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, index);
        bool urgent = any_word_in(urgent_words, said->note) || any_word_in(urgent_words, said->value) ||
                      any_word_in(urgent_words, said->item);
        alarm_add(f, rule, said->when.day, urgent, &events,
                  bfl_arena_printf(f->arena, "%s%s%s", alarm_statement(f, said), *said->note ? "; " : "", said->note));
    }
}

/* A checkpoint inhibitor in force on the day, or stopped not long before it: its reactions come late. */
static const bfl_therapy *checkpoint_inhibitor(alarm_finder *f, int32_t day, size_t *index) {
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

static void find_ici_pain(alarm_finder *f) {
    const char *values = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_ICI_PAIN__VALUES_TEXT);
    size_t pain_index = 0, drug_index = 0;
    const bfl_clinical *pain = standing(f, BFL_TEXT("pain"), values, &pain_index);
    if (!pain) return;
    const bfl_therapy *drug = checkpoint_inhibitor(f, pain->when.day, &drug_index);
    if (!drug) return;
    bfl_event_list events = {0};
    bfl_event_add(f->arena, &events, BFL_EVENT_CLINICAL, pain_index);
    bfl_event_add(f->arena, &events, BFL_EVENT_THERAPY, drug_index);
    alarm_add(f, bfl_rule_of(f->rulebook, BFL_RULE_ALARM_ICI_PAIN), pain->when.day, false, &events,
              bfl_arena_printf(f->arena, "%s, under %s since %s", alarm_statement(f, pain), drug->drug,
                               alarm_day(f, drug->start.day)));
}

const bfl_clinical *alarm_fever_near(alarm_finder *f, int32_t day, int32_t within, size_t *index) {
    const bfl_text items[] = {BFL_TEXT("sepsis"), BFL_TEXT("fever")};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        const bfl_clinical *said = standing(f, items[i], "yes", index);
        if (!said) continue;
        int32_t apart = said->when.day - day;
        if (apart <= within && -apart <= within) return said;
    }
    return NULL;
}

/* ---- the liver, told in words ---- */

/* Liver values after that day speak for themselves; so do "normal" and "falling". */
static bool measured_since(const alarm_finder *f, int32_t day) {
    const char *analytes = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_LIVER_WORDS__MEASURED_TEXT);
    for (size_t i = 0; i < f->record->lab_count; i++) {
        const bfl_lab *lab = &f->record->labs[i];
        if (!lab->when.known || lab->when.day <= day || !lab->analyte || !alarm_listed(analytes, lab->analyte->id))
            continue;
        if (lab->usable || lab->word == BFL_LAB_NORMAL || lab->word == BFL_LAB_FALLING) return true;
    }
    return false;
}

static void add_liver(alarm_finder *f, bfl_event_kind kind, size_t index, int32_t day, const char *finding) {
    bfl_event_list events = {0};
    bfl_event_add(f->arena, &events, kind, index);
    bool urgent = kind != BFL_EVENT_LAB; /* "high" may be little above the range */
    alarm_add(f, bfl_rule_of(f->rulebook, BFL_RULE_ALARM_LIVER_WORDS), day, urgent, &events, finding);
}

static bool liver_at_the_bedside(alarm_finder *f) {
    const char *values = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_LIVER_WORDS__VALUES_TEXT);
    bfl_text items = bfl_text_of(bfl_rule_words(f->rulebook, BFL_TXT_ALARM_LIVER_WORDS__ITEMS_TEXT));
    while (items.size) {
        size_t index = 0;
        const bfl_clinical *said = standing(f, bfl_text_trim(bfl_text_split(&items, ',')), values, &index);
        if (!said || measured_since(f, said->when.day)) continue;
        add_liver(f, BFL_EVENT_CLINICAL, index, said->when.day, alarm_statement(f, said));
        return true;
    }
    return false;
}

/* A laboratory row that gives a word and no number. */
static bool liver_in_the_laboratory(alarm_finder *f) {
    const char *analytes = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_LIVER_WORDS__ANALYTES_TEXT);
    for (size_t i = f->record->lab_count; i-- > 0;) {
        const bfl_lab *lab = &f->record->labs[i];
        if (!lab->when.known || lab->word != BFL_LAB_HIGH || !lab->analyte) continue;
        if (!alarm_listed(analytes, lab->analyte->id) || measured_since(f, lab->when.day)) continue;
        add_liver(f, BFL_EVENT_LAB, i, lab->when.day,
                  bfl_arena_printf(f->arena, "%s: %s, %s%s%s", lab->analyte->name, lab->written,
                                   alarm_day(f, lab->when.day), *lab->note ? "; " : "", lab->note));
        return true;
    }
    return false;
}

/* A note is somebody's statement: enough for an alarm, never for a grade. */
static void liver_in_the_notes(alarm_finder *f) {
    const char *topics = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_LIVER_WORDS__TOPICS_TEXT);
    const char *values = bfl_rule_words(f->rulebook, BFL_TXT_ALARM_LIVER_WORDS__VALUES_TEXT);
    for (size_t i = 0; i < f->record->note_count; i++) {
        const bfl_note *note = &f->record->notes[i];
        if (!note->when.known || !alarm_listed(topics, note->topic) || !alarm_listed(values, note->value)) continue;
        if (measured_since(f, note->when.day)) continue;
        add_liver(f, BFL_EVENT_NOTE, i, note->when.day,
                  bfl_arena_printf(f->arena, "%s: %s, %s", note->topic, note->value, alarm_day(f, note->when.day)));
        return;
    }
}

void alarms_from_statements(alarm_finder *f) {
    find_cord(f);
    find_fracture(f);
    find_ici_pain(f);
    if (!liver_at_the_bedside(f) && !liver_in_the_laboratory(f)) liver_in_the_notes(f);
}
