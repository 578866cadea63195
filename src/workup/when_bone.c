/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions on what images show of the bone, on the verdict, and on the causes that follow from them. */
#include "workup/plan.h"

#include <string.h>

static bool said_yes(bfl_plan *plan, bfl_text condition) {
    return bfl_workup_ask(plan, condition)->said == BFL_SAID_YES;
}

/* ---- is there a cancer, and is it in the bone ---- */

static bool malignant(const bfl_plan *plan, const char *result) {
    const bfl_rule *rule = bfl_rule_of(plan->rulebook, BFL_RULE_WORKUP_WHEN_CANCER);
    return bfl_workup_listed(bfl_workup_words(rule, "malignant_text"), result);
}

static bfl_answer cancer(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_record *record = plan->record;
    if (record->patient.tumour && *record->patient.tumour) return bfl_workup_yes("");
    for (size_t i = 0; i < record->therapy_count; i++)
        if (record->therapies[i].intent == BFL_INTENT_ANTICANCER) return bfl_workup_yes("");
    for (size_t i = 0; i < record->pathology_count; i++)
        if (malignant(plan, record->pathologies[i].result)) return bfl_workup_yes("");
    return bfl_workup_no();
}

static bool malignant_bone_tissue(bfl_plan *plan, bfl_answer *answer) {
    for (size_t i = 0; i < plan->record->pathology_count; i++) {
        const bfl_pathology *tissue = &plan->record->pathologies[i];
        if (!tissue->when.known || tissue->organ != BFL_ORGAN_BONE || !malignant(plan, tissue->result)) continue;
        *answer = bfl_workup_yes("");
        bfl_workup_note_event(plan, answer, BFL_EVENT_PATHOLOGY, i, tissue->when.day);
        return true;
    }
    return false;
}

/* A focus on a bone scan alone is not a metastasis yet; Paget disease explains its own lesions. */
static bfl_answer bone_metastases(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer answer = bfl_workup_no();
    if (malignant_bone_tissue(plan, &answer)) return answer;
    if (!said_yes(plan, BFL_TEXT("cancer"))) return answer;
    if (said_yes(plan, BFL_TEXT("paget_known"))) return answer;
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!bfl_workup_bone_lesion(lesion) || lesion->state == BFL_LESION_EQUIVOCAL) continue;
        if (lesion->modality == BFL_MODALITY_BONE_SCAN || lesion->modality == BFL_MODALITY_NAF_PET) continue;
        answer.said = BFL_SAID_YES;
        bfl_workup_note_event(plan, &answer, BFL_EVENT_LESION, i, lesion->when.day);
        return answer;
    }
    return answer;
}

static bool liver_metastasis(const bfl_plan *plan) {
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (lesion->organ == BFL_ORGAN_LIVER && lesion->role != BFL_ROLE_NONE && lesion->state != BFL_LESION_ABSENT)
            return true;
    }
    return false;
}

/* ---- what the images of the pathway show ---- */

static bool scans_skeleton(const bfl_lesion *lesion) {
    return lesion->modality == BFL_MODALITY_BONE_SCAN || lesion->modality == BFL_MODALITY_NAF_PET ||
           lesion->modality == BFL_MODALITY_FDG_PET || lesion->modality == BFL_MODALITY_PSMA_PET;
}

static bfl_answer focal_uptake(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer answer = bfl_workup_unknown();
    const bfl_lesion *last = NULL;
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!bfl_workup_bone_imaged(lesion) || !scans_skeleton(lesion)) continue;
        if (lesion->when.day < bfl_workup_window(plan)) continue;
        if (answer.said == BFL_SAID_NONE) answer = bfl_workup_no();
        if (!bfl_workup_bone_lesion(lesion) || lesion->uptake == BFL_UPTAKE_ABSENT) continue;
        last = lesion;
        bfl_workup_note_event(plan, &answer, BFL_EVENT_LESION, i, lesion->when.day);
    }
    if (!last) return answer;
    answer.said = BFL_SAID_YES;
    answer.it = bfl_arena_printf(plan->arena, "%s stands out on the %s of %s", last->site,
                                 bfl_workup_plain(plan, bfl_modality_word(last->modality)),
                                 bfl_workup_day(plan, last->when.day));
    return answer;
}

/* A bone lesion seen on radiograph, CT or MRI during the present rise. */
static bfl_answer structural_lesion(bfl_plan *plan) {
    bfl_answer answer = bfl_workup_unknown();
    const bfl_lesion *last = NULL;
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!bfl_workup_bone_imaged(lesion) || scans_skeleton(lesion)) continue;
        if (lesion->when.day < bfl_workup_window(plan)) continue;
        if (answer.said == BFL_SAID_NONE) answer = bfl_workup_no();
        if (!bfl_workup_bone_lesion(lesion)) continue;
        last = lesion;
        bfl_workup_note_event(plan, &answer, BFL_EVENT_LESION, i, lesion->when.day);
    }
    if (!last) return answer;
    const char *matrix = bfl_matrix_word(last->matrix);
    answer.said = BFL_SAID_YES;
    answer.it = bfl_arena_printf(plan->arena, "%s%s%s lesion on %s", last->site, *matrix ? ", " : "", matrix,
                                 bfl_workup_day(plan, last->when.day));
    return answer;
}

/* Radiographs that show nothing at a hot focus do not explain it: they miss early lesions. */
static bfl_answer suspicious_lesion(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    if (said_yes(plan, BFL_TEXT("paget_known")) || bfl_workup_alarm(plan, "fracture")) return bfl_workup_no();
    if (said_yes(plan, BFL_TEXT("bone_metastases"))) return bfl_workup_no();
    bfl_answer seen = structural_lesion(plan);
    bfl_answer focus = *bfl_workup_ask(plan, BFL_TEXT("focal_uptake"));
    if (seen.said == BFL_SAID_YES) return seen;
    if (focus.said == BFL_SAID_YES) return seen.said == BFL_SAID_NO ? focus : bfl_workup_unknown();
    return focus.said == BFL_SAID_NO ? focus : seen;
}

/* Known, excluded, or open while a focus has not been looked at. */
static bfl_answer paget(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer known = *bfl_workup_ask(plan, BFL_TEXT("paget_known"));
    if (known.said == BFL_SAID_YES) {
        known.it = bfl_workup_tell(plan, BFL_TEXT("paget_known"));
        return known;
    }
    size_t index = 0;
    bool denied = bfl_workup_last_clinical(plan, "paget", &index);
    if (denied || said_yes(plan, BFL_TEXT("bone_metastases"))) return bfl_workup_no();
    if (bfl_workup_ask(plan, BFL_TEXT("alp_high"))->said == BFL_SAID_NO) return bfl_workup_no();
    if (bfl_workup_ask(plan, BFL_TEXT("focal_uptake"))->said == BFL_SAID_NO) return bfl_workup_no();
    return structural_lesion(plan).said == BFL_SAID_NONE ? bfl_workup_unknown() : bfl_workup_no();
}

static bfl_answer malignancy(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer bone = *bfl_workup_ask(plan, BFL_TEXT("bone_metastases"));
    if (bone.said == BFL_SAID_YES) return bone;
    if (said_yes(plan, BFL_TEXT("cancer")) && liver_metastasis(plan)) return bfl_workup_yes("");
    if (said_yes(plan, BFL_TEXT("paget_known"))) return bfl_workup_no();
    if (!said_yes(plan, BFL_TEXT("alp_high"))) return bfl_workup_no();
    bfl_answer lesion = *bfl_workup_ask(plan, BFL_TEXT("suspicious_lesion"));
    return lesion.said == BFL_SAID_NO ? lesion : bfl_workup_unknown();
}

static bfl_answer unexplained(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_text causes[] = {BFL_TEXT("malignancy"),      BFL_TEXT("paget"),      BFL_TEXT("metabolic"),
                               BFL_TEXT("kidney_impaired"), BFL_TEXT("liver_side"), BFL_TEXT("sepsis_signs"),
                               BFL_TEXT("flare_likely")};
    bool open = false;
    if (bfl_workup_alarm(plan, "fracture")) return bfl_workup_no();
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        bfl_said said = bfl_workup_ask(plan, causes[i])->said;
        if (said == BFL_SAID_YES) return bfl_workup_no();
        open = open || said == BFL_SAID_NONE;
    }
    return open ? bfl_workup_unknown() : bfl_workup_yes("");
}

/* ---- the verdict ---- */

static bfl_answer flare_likely(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_bone_state state = plan->verdict->now.state;
    return bfl_workup_either(state == BFL_BONE_FLARE_SUSPECTED || state == BFL_BONE_FLARE_CONFIRMED);
}

static bfl_answer waiting(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_bone_state state = plan->verdict->now.state;
    if (state == BFL_BONE_FLARE_SUSPECTED) return bfl_workup_yes("flare is suspected and not confirmed yet");
    if (state == BFL_BONE_UNDETERMINED) return bfl_workup_yes("flare or progression is undetermined");
    return bfl_workup_no();
}

/* A bone lesion of the present question, after the baseline, whose change is in the set. */
static bfl_answer changed(bfl_plan *plan, unsigned changes, bool new_blastic, const char *what) {
    bfl_answer answer = bfl_workup_no();
    const bfl_lesion *last = NULL;
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!bfl_workup_bone_lesion(lesion) || lesion->when.day < plan->question_day) continue;
        bool blastic = lesion->role == BFL_ROLE_NEW && lesion->matrix == BFL_MATRIX_BLASTIC;
        if (!(lesion->changes & changes) && !(new_blastic && blastic)) continue;
        last = lesion;
        bfl_workup_note_event(plan, &answer, BFL_EVENT_LESION, i, lesion->when.day);
    }
    if (!last) return answer;
    answer.said = BFL_SAID_YES;
    answer.it = bfl_arena_printf(plan->arena, "%s at %s on %s", what, last->site, bfl_workup_day(plan, last->when.day));
    return answer;
}

static bfl_answer sclerosis(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    return changed(plan, BFL_CHANGE_DENSER | BFL_CHANGE_SCLEROSED | BFL_CHANGE_RIM | BFL_CHANGE_FILLED_IN, true,
                   "new or denser bone");
}

static bfl_answer lytic_growth(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    bfl_answer answer =
        changed(plan, BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS, false, "lytic growth or a soft-tissue mass");
    const bfl_bone *now = &plan->verdict->now;
    for (size_t i = 0; answer.said != BFL_SAID_YES && i < now->evidence_count; i++) {
        const bfl_evidence *evidence = &now->evidence[i];
        /* Late days forbid flare too, but are no growth. */
        if (!evidence->veto || strcmp(evidence->group, "matrix") != 0) continue;
        answer = bfl_workup_yes(evidence->finding);
        for (size_t k = 0; k < evidence->event_count; k++)
            bfl_event_add(plan->arena, &answer.events, evidence->events[k].kind, evidence->events[k].index);
    }
    return answer;
}

static bfl_answer early(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    const bfl_therapy *therapy = bfl_record_therapy_on(plan->record, plan->as_of);
    if (!therapy) return bfl_workup_unknown();
    int32_t days = plan->as_of - therapy->start.day;
    bfl_answer answer = bfl_workup_either(days <= bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_WHEN_EARLY__UNTIL_DAYS));
    answer.it = bfl_arena_printf(plan->arena, "%d days", (int)days);
    return answer;
}

static bfl_answer alp_missing(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    int32_t since = plan->scan_day - bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_STEP_ALP_NOW__NEAR_DAYS);
    size_t index = 0;
    bool said = bfl_workup_last_lab(plan, "ALP", since, &index);
    return bfl_workup_either(!said);
}

static bfl_answer nothing_else(bfl_plan *plan, const bfl_rule *rule) {
    (void)rule;
    return bfl_workup_either(plan->asked == 0);
}

const bfl_condition bfl_workup_bone_conditions[BFL_WORKUP_CONDITIONS] = {
    [BFL_CONDITION(CANCER)] = cancer,
    [BFL_CONDITION(BONE_METASTASES)] = bone_metastases,
    [BFL_CONDITION(FOCAL_UPTAKE)] = focal_uptake,
    [BFL_CONDITION(SUSPICIOUS_LESION)] = suspicious_lesion,
    [BFL_CONDITION(PAGET)] = paget,
    [BFL_CONDITION(MALIGNANCY)] = malignancy,
    [BFL_CONDITION(UNEXPLAINED)] = unexplained,
    [BFL_CONDITION(FLARE_LIKELY)] = flare_likely,
    [BFL_CONDITION(WAITING)] = waiting,
    [BFL_CONDITION(SCLEROSIS)] = sclerosis,
    [BFL_CONDITION(LYTIC_GROWTH)] = lytic_growth,
    [BFL_CONDITION(EARLY)] = early,
    [BFL_CONDITION(ALP_MISSING)] = alp_missing,
    [BFL_CONDITION(NOTHING_ELSE)] = nothing_else};
