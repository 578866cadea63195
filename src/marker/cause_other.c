/* SPDX-License-Identifier: Apache-2.0 */
/* Causes apart from metastasis and liver: Paget disease, fracture, an isozyme of the tumour, sepsis; and who was given what. */
#include "marker/alp.h"

#include <string.h>

/* ---- what was recorded at the bedside ---- */

static bool is_word(const char *z, const char *word) {
    return bfl_text_equal_nocase(bfl_text_of(z), bfl_text_of(word));
}

/* "no", "absent", "excluded": said, and said not to be. */
static bool denies(const char *value) {
    return is_word(value, "no") || is_word(value, "absent") || is_word(value, "excluded") || is_word(value, "0") ||
           is_word(value, "none");
}

/* Yes when any row within the days says so, else no when one denies it. */
static bfl_said stated_between(const bfl_alp *alp, const char *item, int32_t from, int32_t to, bfl_event_list *events) {
    const bfl_record *record = alp->serum->record;
    bfl_event_list yes = {0}, no = {0};
    for (size_t i = 0; i < record->clinical_count; i++) {
        const bfl_clinical *c = &record->clinicals[i];
        if (!c->when.known || c->when.day < from || c->when.day > to || strcmp(c->item, item) != 0) continue;
        bfl_event_add(alp->serum->arena, denies(c->value) ? &no : &yes, BFL_EVENT_CLINICAL, i);
    }
    *events = yes.count ? yes : no;
    return yes.count ? BFL_SAID_YES : no.count ? BFL_SAID_NO : BFL_SAID_NONE;
}

bfl_said bfl_stated_around(const bfl_alp *alp, const char *item, bfl_event_list *events) {
    int32_t days = bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_NEAR__NEAR_DAYS);
    return stated_between(alp, item, alp->day - days, alp->day + days, events);
}

/* ---- drugs ---- */

static bool in_list(const char *words, const char *word) {
    bfl_text rest = bfl_text_of(words);
    while (rest.size > 0)
        if (bfl_text_equal(bfl_text_split(&rest, ' '), bfl_text_of(word))) return true;
    return false;
}

const bfl_therapy *bfl_suspect_drug(const bfl_alp *alp, const char *class_id, bfl_event_list *events) {
    const bfl_record *record = alp->serum->record;
    const bfl_rulebook *rulebook = alp->serum->rulebook;
    const char *classes = bfl_rule_words(rulebook, BFL_TXT_MARKER_CAUSE_DRUG_EXPOSURE__CLASSES);
    int32_t carry = bfl_rule_days(rulebook, BFL_NUM_MARKER_CAUSE_DRUG_EXPOSURE__CARRY_DAYS);
    const bfl_therapy *found = NULL;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        bool wanted = *class_id ? strcmp(t->class_id, class_id) == 0 : in_list(classes, t->class_id);
        if (!wanted || !t->start.known || t->start.day >= alp->day) continue;
        if (t->stop.known && t->stop.day + carry < alp->day) continue;
        bfl_event_add(alp->serum->arena, events, BFL_EVENT_THERAPY, i);
        found = t;
    }
    return found;
}

/* ---- Paget disease ---- */

static bool names_paget(const char *z) { return bfl_text_find_nocase(bfl_text_of(z), BFL_TEXT("paget")) != SIZE_MAX; }

static void paget_findings(const bfl_alp *alp, bfl_event_list *events) {
    const bfl_record *record = alp->serum->record;
    for (size_t i = 0; i < record->pathology_count; i++)
        if (names_paget(record->pathologies[i].result))
            bfl_event_add(alp->serum->arena, events, BFL_EVENT_PATHOLOGY, i);
    for (size_t i = 0; i < record->note_count; i++)
        if (names_paget(record->notes[i].topic) && !denies(record->notes[i].value))
            bfl_event_add(alp->serum->arena, events, BFL_EVENT_NOTE, i);
}

void bfl_cause_paget(const bfl_alp *alp, bfl_cause *cause) {
    bfl_event_list stated = {0}, found = {0};
    bfl_said said = stated_between(alp, "paget", INT32_MIN, INT32_MAX, &stated);
    paget_findings(alp, &found);
    if (found.count)
        BFL_SPEAK(alp, cause, PAGET_STATED, &found, "named by pathology or history");
    else if (said == BFL_SAID_YES)
        BFL_SPEAK(alp, cause, PAGET_STATED, &stated, "recorded");
    else if (said == BFL_SAID_NO)
        BFL_SPEAK(alp, cause, PAGET_DENIED, &stated, "excluded");
    if (alp->point < 0 || alp->ggt.level != BFL_LEVEL_NORMAL) return;
    bfl_maybe times = alp->course->points.items[alp->point].x_uln;
    bfl_decimal bar = bfl_rule_number(alp->serum->rulebook, BFL_NUM_MARKER_ALP_MULTIPLE__PAGET_X_ULN);
    if (times.present && bfl_decimal_compare(times.value, bar) >= 0)
        BFL_SPEAK(alp, cause, PAGET_MULTIPLE, &alp->event, "%s x its limit with normal GGT",
                  bfl_decimal_z(alp->serum->arena, times.value, 2));
}

/* ---- fracture ---- */

void bfl_cause_fracture(const bfl_alp *alp, bfl_cause *cause) {
    int32_t healing = bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_FRACTURE__HEALING_DAYS);
    bfl_event_list stated = {0}, seen = {0};
    bfl_said said = stated_between(alp, "fracture", alp->day - healing, alp->day, &stated);
    if (said == BFL_SAID_YES)
        BFL_SPEAK(alp, cause, FRACTURE_RECENT, &stated, "within %d days before the rise", healing);
    else if (said == BFL_SAID_NO)
        BFL_SPEAK(alp, cause, FRACTURE_DENIED, &stated, "no fracture recorded");
    for (size_t i = 0; i < alp->serum->record->pathology_count; i++)
        if (bfl_text_find_nocase(bfl_text_of(alp->serum->record->pathologies[i].result), BFL_TEXT("fracture")) !=
            SIZE_MAX)
            bfl_event_add(alp->serum->arena, &seen, BFL_EVENT_PATHOLOGY, i);
    if (seen.count) BFL_SPEAK(alp, cause, FRACTURE_PATHOLOGY, &seen, "described by pathology");
}

/* ---- isozyme of the tumour ---- */

static bool says_tumour_isozyme(bfl_text text) {
    const bfl_text words[] = {BFL_TEXT("PLAP"), BFL_TEXT("placental"), BFL_TEXT("regan"), BFL_TEXT("tumour isozyme"),
                              BFL_TEXT("tumor isozyme")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = bfl_text_find_nocase(text, words[i]);
        if (at == SIZE_MAX) continue;
        bfl_text before = bfl_text_trim((bfl_text){text.data, at});
        bfl_text last_word = before;
        while (before.size > 0) last_word = bfl_text_split(&before, ' ');
        bool negated = bfl_text_equal_nocase(last_word, BFL_TEXT("no"));
        if (!negated) return true;
    }
    return false;
}

/* Most names are shorter than each of the words, most remarks empty. */
static bool names_tumour_isozyme(const char *z) {
    bfl_text text = bfl_text_of(z && *z ? z : NULL);
    return text.size >= sizeof "PLAP" - 1 && says_tumour_isozyme(text);
}

static bool of_alp(const bfl_alp *alp, const bfl_analyte *analyte) {
    return analyte && (analyte == alp->course->analyte || strcmp(analyte->part_of, "ALP") == 0);
}

/* Rows of ALP, its fractions or an unknown analyte that name a placental-type isozyme. */
static void tumour_isozyme_rows(const bfl_alp *alp, bfl_event_list *events) {
    const bfl_record *record = alp->serum->record;
    for (size_t i = 0; i < record->lab_count; i++) {
        const bfl_lab *lab = &record->labs[i];
        bool named = names_tumour_isozyme(lab->name) && !is_word(lab->written, "normal") && !denies(lab->written);
        bool remarked = !named && (names_tumour_isozyme(lab->note) || names_tumour_isozyme(lab->method));
        if (named || (remarked && of_alp(alp, lab->analyte)))
            bfl_event_add(alp->serum->arena, events, BFL_EVENT_LAB, i);
    }
}

/* Sum of the liver and bone fractions of one day in per cent; missing when one of them is. */
static bfl_maybe fractions_on(const bfl_alp *alp, int32_t day, bfl_event_list *events) {
    static const char *const fractions[] = {"ALP_1", "ALP_2", "ALP_3"};
    bfl_decimal sum = bfl_decimal_of(0);
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions; i++) {
        const bfl_course *course = bfl_course_find(alp->serum, fractions[i]);
        const bfl_marker_point *point = NULL;
        for (size_t k = 0; course && k < course->points.count; k++)
            if (course->points.items[k].day == day) point = &course->points.items[k];
        if (!point || point->comparator != BFL_EXACTLY) return (bfl_maybe){{0, 0}, false};
        sum = bfl_decimal_add(sum, point->value);
        bfl_event_add(alp->serum->arena, events, point->event.kind, point->event.index);
    }
    return bfl_some(sum);
}

void bfl_cause_tumour_isozyme(const bfl_alp *alp, bfl_cause *cause) {
    bfl_event_list named = {0}, fractions = {0};
    tumour_isozyme_rows(alp, &named);
    if (named.count) {
        BFL_SPEAK(alp, cause, TUMOUR_ISOZYME_FOUND, &named, "named in the laboratory rows");
        if (is_word(alp->serum->record->patient.smoking, "current"))
            BFL_SPEAK(alp, cause, TUMOUR_ISOZYME_SMOKING, NULL, "current smoker");
    }
    bfl_decimal whole =
        bfl_rule_number(alp->serum->rulebook, BFL_NUM_MARKER_CAUSE_TUMOUR_ISOZYME_NO_ROOM__WHOLE_PERCENT);
    bfl_maybe sum = fractions_on(alp, alp->day, &fractions);
    if (sum.present && bfl_decimal_compare(sum.value, whole) >= 0)
        BFL_SPEAK(alp, cause, TUMOUR_ISOZYME_NO_ROOM, &fractions, "liver and bone fractions add up to %s %%",
                  bfl_decimal_z(alp->serum->arena, sum.value, 1));
}

/* ---- sepsis ---- */

void bfl_cause_sepsis(const bfl_alp *alp, bfl_cause *cause) {
    bfl_event_list sepsis = {0}, fever = {0};
    bool septic = bfl_stated_around(alp, "sepsis", &sepsis) == BFL_SAID_YES;
    bfl_said feverish = bfl_stated_around(alp, "fever", &fever);
    if (septic) BFL_SPEAK(alp, cause, SEPSIS_STATED, &sepsis, "recorded within days of the rise");
    if (feverish == BFL_SAID_YES) BFL_SPEAK(alp, cause, SEPSIS_FEVER, &fever, "fever recorded");
    if (feverish == BFL_SAID_NO) BFL_SPEAK(alp, cause, SEPSIS_NO_FEVER, &fever, "no fever");
    if (!bfl_alp_extreme(alp) || !(septic || feverish == BFL_SAID_YES)) return;
    BFL_SPEAK(alp, cause, SEPSIS_EXTREME, &alp->event, "on day %d", alp->day);
    if (alp->bilirubin.level == BFL_LEVEL_NORMAL)
        BFL_SPEAK(alp, cause, SEPSIS_BILIRUBIN_NORMAL, &alp->bilirubin.events, "%s", alp->bilirubin.text);
}
