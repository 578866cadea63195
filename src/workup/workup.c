/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work-up: the elevated-ALP pathway where it applies, and the steps that verdict, images, laboratory and genome ask for.
 * Both are graphs of the rulebook, walked the same way; what is next in either is the list of next steps.
 */
#include "workup/plan.h"

#include <string.h>

const char *bfl_step_state_word(bfl_step_state state) {
    switch (state) {
    case BFL_STEP_DONE: return "done";
    case BFL_STEP_NEXT: return "next";
    case BFL_STEP_LATER: return "later";
    case BFL_STEP_NOT_NEEDED: return "not_needed";
    }
    return "";
}

/* ---- the days that the nodes count from ---- */

/* The last run of values above the range. No day is known here yet; paget_known asks for none. Where Paget disease explains ALP, its first rise: the cause stays known. */
static int32_t find_raise(bfl_plan *plan) {
    bool first = bfl_workup_ask(plan, BFL_TEXT("paget_known"))->said == BFL_SAID_YES;
    int32_t day = plan->as_of;
    bool running = false, found = false;
    for (size_t i = 0; plan->alp && i < plan->alp->point_count; i++) {
        const bfl_marker_point *point = &plan->alp->points[i];
        if (point->above_range && !running && !(first && found)) {
            day = point->day;
            found = true;
        }
        running = point->above_range;
    }
    return found ? day : plan->as_of;
}

static bool asks(const bfl_bone *bone, bool progression) {
    return progression ? bone->state == BFL_BONE_PROGRESSION : bone->question || bone->state != BFL_BONE_NONE;
}

/* First day of the unbroken run up to now of a question in the bone, or of progression. */
static int32_t run_start(const bfl_plan *plan, bool progression) {
    const bfl_verdict *verdict = plan->verdict;
    int32_t day = verdict->now.day;
    if (!asks(&verdict->now, progression)) return plan->as_of;
    for (size_t i = verdict->history_count; i > 0; i--) {
        const bfl_bone *bone = &verdict->history[i - 1];
        if (!asks(bone, progression)) break;
        if (bone->day < day) day = bone->day;
    }
    return day;
}

/* The imaging that raised the question; where a laboratory value did, the scan still to come counts from the therapy start. */
static int32_t find_scan(const bfl_plan *plan) {
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!bfl_workup_bone_imaged(lesion) || lesion->modality == BFL_MODALITY_CLINICAL) continue;
        if (lesion->when.day >= plan->question_day && lesion->when.day > plan->therapy_day) return lesion->when.day;
    }
    return plan->therapy_day;
}

static bfl_plan make_plan(bfl_arena *arena, const bfl_findings *findings, const bfl_verdict *verdict) {
    bfl_plan plan = {.arena = arena,
                     .findings = findings,
                     .verdict = verdict,
                     .record = findings->record,
                     .rulebook = findings->rulebook,
                     .alp = bfl_markers_find(findings->markers, "ALP")};
    plan.as_of = findings->as_of == INT32_MIN ? 0 : findings->as_of;
    const bfl_therapy *therapy = bfl_record_therapy_on(plan.record, plan.as_of);
    if (therapy) plan.therapy_day = therapy->start.day;
    plan.remembered = BFL_NEW_ARRAY(arena, bfl_rules_word_count(plan.rulebook), bfl_remembered *);
    bfl_workup_find_last_rows(&plan);
    plan.raise_day = find_raise(&plan);
    plan.question_day = run_start(&plan, false);
    plan.progression_day = run_start(&plan, true);
    plan.scan_day = find_scan(&plan);
    return plan;
}

/* ---- does the pathway apply ---- */

static bool asked_for(const bfl_record *record) {
    for (size_t i = 0; i < record->note_count; i++) {
        const bfl_note *note = &record->notes[i];
        bool question = bfl_workup_contains(note->topic, "question") && bfl_workup_contains(note->value, "alp");
        if (question || bfl_workup_contains(note->topic, "alp_workup")) return true;
    }
    return false;
}

static bool applies(bfl_plan *plan) {
    if (plan->findings->markers->alp_raised || asked_for(plan->record)) return true;
    return bfl_workup_ask(plan, BFL_TEXT("alp_high"))->said == BFL_SAID_YES ||
           bfl_workup_ask(plan, BFL_TEXT("alp_normal_again"))->said == BFL_SAID_YES;
}

/* Died by that day, as far as the date of death is known. */
static bool died(const bfl_plan *plan) {
    const bfl_date *death = &plan->record->patient.death;
    if (death->precision == BFL_DATE_NONE) return false;
    if (death->precision == BFL_DATE_RELATIVE) return death->last <= plan->as_of;
    return plan->record->has_calendar && death->last - plan->record->day0_civil <= plan->as_of;
}

static void nothing_more(bfl_plan *plan, bfl_step *steps, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (steps[i].state == BFL_STEP_DONE) continue;
        steps[i].state = BFL_STEP_NOT_NEEDED;
        steps[i].has_by = false;
        steps[i].why = bfl_rule_words(plan->rulebook, BFL_TXT_WORKUP_ALP_DEFAULTS__AFTER_DEATH_TEXT);
    }
}

/* ---- the next steps ---- */

static int by_priority(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_step *left = a, *right = b;
    if (left->priority != right->priority) return left->priority < right->priority ? -1 : 1;
    if (left->has_by != right->has_by) return left->has_by ? -1 : 1;
    if (left->has_by && left->by_day != right->by_day) return left->by_day < right->by_day ? -1 : 1;
    return strcmp(left->rule->id, right->rule->id);
}

/* A node of the pathway and a step may ask for the same; the one of higher priority speaks. */
static bool said_already(const bfl_step *steps, size_t count, const bfl_step *step) {
    const char *same = bfl_workup_words(step->rule, "same_as");
    for (size_t i = 0; i < count && *same; i++)
        if (strcmp(steps[i].rule->id, same) == 0) return true;
    return false;
}

static void collect(bfl_plan *plan, bfl_workup *workup, const bfl_step *steps, size_t count) {
    bfl_step *next = BFL_NEW_ARRAY(plan->arena, plan->asked, bfl_step);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (steps[i].state == BFL_STEP_NEXT) next[n++] = steps[i];
    size_t of_steps = n;
    for (size_t i = 0; i < workup->pathway_count; i++) {
        const bfl_step *node = &workup->pathway[i];
        if (node->state == BFL_STEP_NEXT && !said_already(next, of_steps, node)) next[n++] = *node;
    }
    bfl_sort(plan->arena, next, n, sizeof *next, by_priority, NULL);
    for (size_t i = 0; i < n; i++) next[i].priority = (int)i + 1;
    workup->next = next;
    workup->next_count = n;
}

static const bfl_step *next_by_id(const bfl_workup *workup, const char *id) {
    for (size_t i = 0; i < workup->next_count; i++)
        if (strcmp(workup->next[i].rule->id, id) == 0) return &workup->next[i];
    return NULL;
}

/* What safety asks for has a useful_order and comes first, the lowest ahead; then the test of the greatest value. */
static const bfl_step *find_most_useful(const bfl_workup *workup) {
    const bfl_step *best = NULL;
    bfl_decimal lowest = {0, 0};
    for (size_t i = 0; i < workup->next_count; i++) {
        bfl_maybe order = bfl_rule_value(workup->next[i].rule, "useful_order");
        if (!order.present || (best && bfl_decimal_compare(order.value, lowest) >= 0)) continue;
        best = &workup->next[i];
        lowest = order.value;
    }
    for (size_t i = 0; !best && i < workup->test_count; i++)
        best = next_by_id(workup, bfl_workup_words(workup->tests[i].rule, "step"));
    return best;
}

const bfl_workup *bfl_workup_assess(bfl_arena *arena, const bfl_findings *findings, const bfl_verdict *verdict) {
    bfl_plan plan = make_plan(arena, findings, verdict);
    bfl_workup *workup = BFL_NEW(arena, bfl_workup);
    size_t count = 0;
    if (applies(&plan)) {
        const bfl_node *nodes = bfl_rules_graph(plan.rulebook, "workup.alp.", &count);
        bfl_step *pathway = bfl_workup_walk(&plan, nodes, count, false);
        if (died(&plan)) nothing_more(&plan, pathway, count);
        workup->pathway = pathway;
        workup->pathway_count = count;
    }
    const bfl_node *nodes = bfl_rules_graph(plan.rulebook, "workup.step.", &count);
    bfl_step *steps = bfl_workup_walk(&plan, nodes, count, true);
    if (died(&plan)) nothing_more(&plan, steps, count);
    collect(&plan, workup, steps, count);
    if (!died(&plan)) workup->tests = bfl_workup_tests(&plan, &workup->test_count);
    if (verdict->now.state == BFL_BONE_UNDETERMINED) workup->most_useful = find_most_useful(workup);
    return workup;
}
