/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions on the tumour, its genes and markers, and the drug in force. */
#include "workup/plan.h"

#include <string.h>

static bfl_answer lung_cancer(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const char *tumour = plan->record->patient.tumour;
    return bfl_workup_either(bfl_workup_contains(tumour, "lung") || bfl_workup_contains(tumour, "nsclc"));
}

static bfl_answer lung_adenocarcinoma(bfl_plan *plan, const bfl_rule *rule) {
    const char *histology = plan->record->patient.histology;
    if (lung_cancer(plan, rule).said != BFL_SAID_YES) return bfl_workup_no();
    bool squamous = bfl_workup_contains(histology, "squamous") && !bfl_workup_contains(histology, "non-squamous") &&
                    !bfl_workup_contains(histology, "adenosquamous");
    bool small = bfl_workup_contains(histology, "small cell") || bfl_workup_contains(histology, "sclc");
    bool non_small = bfl_workup_contains(histology, "non-small") || bfl_workup_contains(histology, "nsclc");
    bfl_answer answer = bfl_workup_either(!squamous && (!small || non_small));
    answer.it = *histology ? "the tumour is a non-squamous non-small-cell lung cancer"
                           : "lung cancer, and no histology is recorded that would make these tests needless";
    return answer;
}

static bfl_answer driver_known(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer answer = bfl_workup_no();
    const char *driver = bfl_workup_driver(plan, &answer);
    if (!*driver) return bfl_workup_no();
    answer.said = BFL_SAID_YES;
    answer.it = bfl_arena_printf(plan->arena, "%s is known", driver);
    return answer;
}

static bfl_answer drivers_untested(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const char *genes = bfl_workup_untested(plan);
    bfl_answer answer = bfl_workup_either(*genes != '\0');
    answer.it = genes;
    return answer;
}

/* A word of resistance in the list "GENE:VARIANT, ..." of the step, or tissue that has changed its kind. */
static bfl_answer resistance_other(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_rule *step = bfl_rule_of(plan->rulebook, BFL_RULE_WORKUP_STEP_RESISTANCE_OTHER);
    bfl_text findings = bfl_text_of(bfl_workup_words(step, "findings_text"));
    while (findings.size && plan->record->molecular_count) {
        bfl_text one = bfl_text_trim(bfl_text_split(&findings, ','));
        bfl_text word = bfl_text_of(bfl_arena_printf(plan->arena, "found.%s", bfl_arena_text(plan->arena, one)));
        bfl_answer found = *bfl_workup_ask(plan, word);
        if (found.said != BFL_SAID_YES) continue;
        found.it = bfl_workup_tell(plan, word);
        return found;
    }
    if (bfl_workup_ask(plan, BFL_TEXT("lung_adenocarcinoma"))->said != BFL_SAID_YES) return bfl_workup_no();
    for (size_t i = 0; i < plan->record->pathology_count; i++) {
        const bfl_pathology *tissue = &plan->record->pathologies[i];
        if (!tissue->when.known || tissue->when.day <= 0) continue;
        if (!bfl_workup_listed(bfl_workup_words(step, "pathology_text"), tissue->result)) continue;
        bfl_answer answer = bfl_workup_yes(bfl_arena_printf(plan->arena, "tissue of %s on %s: %s", tissue->site,
                                                            bfl_workup_day(plan, tissue->when.day), tissue->result));
        bfl_workup_note_event(plan, &answer, BFL_EVENT_PATHOLOGY, i, tissue->when.day);
        return answer;
    }
    return bfl_workup_no();
}

/* ---- miliary spread, brain ---- */

typedef BFL_LIST(bfl_text) text_list;

static text_list words_of(bfl_plan *plan, const bfl_rule *rule, bfl_key_index key) {
    text_list words = {0};
    bfl_text rest = bfl_text_of(bfl_rule_text(plan->rulebook, rule, key));
    while (rest.size) {
        bfl_text word = bfl_text_trim(bfl_text_split(&rest, ','));
        if (word.size) *BFL_PUSH(plan->arena, &words) = word;
    }
    return words;
}

static bool any_word(const text_list *words, const char *text) {
    if (!text || !*text) return false;
    bfl_text whole = bfl_text_of(text);
    for (size_t i = 0; i < words->count; i++)
        if (bfl_text_find_nocase(whole, words->items[i]) != SIZE_MAX) return true;
    return false;
}

/* Many tiny nodules. */
static bool many_and_tiny(const bfl_plan *plan, const bfl_lesion *lesion) {
    bfl_decimal size = bfl_rule_number(plan->rulebook, BFL_NUM_WORKUP_WHEN_MILIARY__MAX_SIZE_MM);
    bfl_decimal count = bfl_rule_number(plan->rulebook, BFL_NUM_WORKUP_WHEN_MILIARY__FROM_COUNT);
    return lesion->longest_mm.present && bfl_decimal_compare(lesion->longest_mm.value, size) <= 0 &&
           lesion->count.present && bfl_decimal_compare(lesion->count.value, count) >= 0;
}

/* The word itself, or many tiny nodules spread at random. */
static bfl_answer miliary(bfl_plan *plan, const bfl_rule *rule) {
    text_list names = words_of(plan, rule, BFL_KEY_WORDS_TEXT),
              spread = words_of(plan, rule, BFL_KEY_SPREAD_WORDS_TEXT);
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!lesion->when.known || lesion->state == BFL_LESION_ABSENT || lesion->organ != BFL_ORGAN_LUNG) continue;
        bool named = any_word(&names, lesion->note) || any_word(&names, lesion->site) || any_word(&names, lesion->id);
        if (!named && !many_and_tiny(plan, lesion)) continue;
        if (!named && !any_word(&spread, lesion->note) && !any_word(&spread, lesion->site)) continue;
        bfl_answer answer = bfl_workup_yes(bfl_arena_printf(plan->arena, "miliary nodules in %s on %s", lesion->site,
                                                            bfl_workup_day(plan, lesion->when.day)));
        bfl_workup_note_event(plan, &answer, BFL_EVENT_LESION, i, lesion->when.day);
        return answer;
    }
    for (size_t i = 0; i < plan->record->note_count; i++) {
        const bfl_note *note = &plan->record->notes[i];
        if (!bfl_workup_contains(note->topic, "miliary")) continue;
        bfl_answer answer = bfl_workup_yes("a miliary pattern is noted");
        bfl_event_add(plan->arena, &answer.events, BFL_EVENT_NOTE, i);
        return answer;
    }
    return bfl_workup_no();
}

static bfl_answer brain_not_imaged(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    for (size_t i = 0; i < plan->record->lesion_count; i++)
        if (plan->record->lesions[i].organ == BFL_ORGAN_BRAIN) return bfl_workup_no();
    return bfl_workup_yes("");
}

static bfl_answer advanced(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_patient *patient = &plan->record->patient;
    if (bfl_workup_contains(patient->stage, "IV") || bfl_workup_contains(patient->tnm, "M1")) return bfl_workup_yes("");
    bfl_answer bone = *bfl_workup_ask(plan, BFL_TEXT("bone_metastases"));
    bfl_answer lung = *bfl_workup_ask(plan, BFL_TEXT("miliary"));
    return bone.said != BFL_SAID_YES && lung.said == BFL_SAID_YES ? lung : bone;
}

/* ---- markers ---- */

static bfl_answer own(bfl_plan *plan, const bfl_marker *course) {
    bfl_answer answer = bfl_workup_yes(
        bfl_arena_printf(plan->arena, "%s was raised at baseline and belongs to the tumour", course->analyte->name));
    const bfl_marker_point *last = &course->points[course->point_count - 1];
    bfl_workup_note_event(plan, &answer, last->event.kind, last->event.index, last->day);
    return answer;
}

static bfl_answer own_marker(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_markers *markers = plan->findings->markers;
    for (size_t i = 0; i < markers->course_count; i++)
        if (markers->courses[i].own && markers->courses[i].point_count) return own(plan, &markers->courses[i]);
    return bfl_workup_no();
}

static bfl_answer salivary_amylase(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_marker *course = bfl_markers_find(plan->findings->markers, "AMY_S");
    return course && course->own && course->point_count ? own(plan, course) : bfl_workup_no();
}

/* ---- the drug in force ---- */

static bfl_answer on_therapy(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_therapy *therapy = bfl_record_therapy_on(plan->record, plan->as_of);
    if (!therapy) return bfl_workup_no();
    return bfl_workup_yes(
        bfl_arena_printf(plan->arena, "%s since %s", bfl_workup_drug(plan), bfl_workup_day(plan, therapy->start.day)));
}

/* Where the liver decides about the drug, no sentence says to go on with it. */
static bfl_answer liver_danger(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    static const char *const alarms[] = {"hys_law", "transaminases", "bilirubin", "liver_words"};
    for (size_t i = 0; i < sizeof alarms / sizeof *alarms; i++) {
        const bfl_alarm *alarm = bfl_workup_alarm(plan, alarms[i]);
        if (alarm) return bfl_workup_of_alarm(plan, alarm);
    }
    return bfl_workup_no();
}

static bool reaches(bfl_maybe multiple, bfl_decimal limit) {
    return multiple.present && bfl_decimal_compare(multiple.value, limit) >= 0;
}

/* A later "falling" or "normal" without a number takes the injury back. */
static bool eased_since(const bfl_plan *plan, int32_t day) {
    size_t index = 0;
    if (!bfl_workup_last_lab(plan, "ALT", day + 1, &index)) return false;
    bfl_lab_word word = plan->record->labs[index].word;
    return word == BFL_LAB_FALLING || word == BFL_LAB_NORMAL;
}

/* "ALT high" with no number after it, dated or not: how high has to be asked. */
static bfl_answer high_in_words(const bfl_plan *plan) {
    static const char *const analytes[] = {"ALT", "AST"};
    for (size_t a = 0; a < sizeof analytes / sizeof *analytes; a++) {
        const bfl_analyte *wanted = bfl_analyte_find(bfl_text_of(analytes[a]));
        size_t last = SIZE_MAX;
        for (size_t i = 0; i < plan->record->lab_count; i++)
            if (wanted && plan->record->labs[i].analyte == wanted) last = i;
        if (last == SIZE_MAX || plan->record->labs[last].word != BFL_LAB_HIGH) continue;
        bfl_answer answer = bfl_workup_yes(bfl_arena_printf(plan->arena, "%s is said to be high", analytes[a]));
        bfl_event_add(plan->arena, &answer.events, BFL_EVENT_LAB, last);
        return answer;
    }
    return bfl_workup_unknown();
}

static bfl_answer liver_injury(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_criteria *criteria = plan->findings->criteria;
    bfl_answer told = high_in_words(plan);
    if (told.said == BFL_SAID_YES || !criteria || !criteria->liver_count) return told;
    const bfl_liver_day *last = &criteria->liver[criteria->liver_count - 1];
    bfl_decimal limit = bfl_rule_number(plan->rulebook, BFL_NUM_WORKUP_WHEN_LIVER_INJURY__FROM_X_ULN);
    bool injury = reaches(last->alt_x_uln, limit) || reaches(last->ast_x_uln, limit);
    /* ALP alone can reach the entry threshold from bone; then it says nothing of the liver. */
    if (last->entry && !plan->findings->markers->alp_bone) injury = true;
    if (!injury || eased_since(plan, last->day)) return bfl_workup_no();
    bfl_answer answer = bfl_workup_yes(bfl_arena_printf(plan->arena, "liver tests are at a threshold of injury on %s",
                                                        bfl_workup_day(plan, last->day)));
    answer.has_day = true;
    answer.day = last->day;
    for (size_t i = 0; i < last->reason_count; i++)
        for (size_t k = 0; k < last->reasons[i].event_count; k++)
            bfl_event_add(plan->arena, &answer.events, last->reasons[i].events[k].kind,
                          last->reasons[i].events[k].index);
    return answer;
}

const bfl_condition bfl_workup_tumour_conditions[BFL_WORKUP_CONDITIONS] = {
    [BFL_CONDITION(LUNG_CANCER)] = lung_cancer,
    [BFL_CONDITION(LUNG_ADENOCARCINOMA)] = lung_adenocarcinoma,
    [BFL_CONDITION(DRIVER_KNOWN)] = driver_known,
    [BFL_CONDITION(DRIVERS_UNTESTED)] = drivers_untested,
    [BFL_CONDITION(RESISTANCE_OTHER)] = resistance_other,
    [BFL_CONDITION(MILIARY)] = miliary,
    [BFL_CONDITION(BRAIN_NOT_IMAGED)] = brain_not_imaged,
    [BFL_CONDITION(ADVANCED)] = advanced,
    [BFL_CONDITION(OWN_MARKER)] = own_marker,
    [BFL_CONDITION(SALIVARY_AMYLASE)] = salivary_amylase,
    [BFL_CONDITION(ON_THERAPY)] = on_therapy,
    [BFL_CONDITION(LIVER_DANGER)] = liver_danger,
    [BFL_CONDITION(LIVER_INJURY)] = liver_injury};
