/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a node of a graph stands for this record. Done when the record shows it; not needed when a condition says no; later
 * when a condition is not known yet or a node before it is open; next otherwise, with the day by which.
 */
#include "workup/plan.h"

#include <string.h>

/* ---- days ---- */

static int32_t whole(bfl_maybe number, int32_t otherwise) {
    return number.present ? (int32_t)bfl_decimal_double(number.value) : otherwise;
}

/* The last row of an analyte, a word like "falling" included. */
static int32_t last_row(const bfl_plan *plan, const char *analyte, int32_t otherwise) {
    size_t index = 0;
    return bfl_workup_last_lab(plan, analyte, INT32_MIN, &index) ? plan->record->labs[index].when.day : otherwise;
}

static int32_t last_own(const bfl_plan *plan) {
    const bfl_markers *markers = plan->findings->markers;
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < markers->course_count; i++) {
        const bfl_marker *course = &markers->courses[i];
        if (!course->own) continue;
        int32_t day = last_row(plan, course->analyte->id, INT32_MIN);
        if (day > last) last = day;
    }
    return last == INT32_MIN ? plan->as_of : last;
}

static int32_t last_imaging(const bfl_plan *plan, bool bone, int32_t since, int32_t otherwise) {
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!lesion->when.known || lesion->modality == BFL_MODALITY_CLINICAL || lesion->when.day < since) continue;
        if (!bone || bfl_workup_bone_imaged(lesion)) last = lesion->when.day;
    }
    return last == INT32_MIN ? otherwise : last;
}

/* "last:ALP" and its kin: what recurs is counted from the last time. */
static int32_t last_of(const bfl_plan *plan, const char *what) {
    if (strcmp(what, "imaging") == 0) return last_imaging(plan, false, INT32_MIN, plan->as_of);
    if (strcmp(what, "own") == 0) return last_own(plan);
    if (strcmp(what, "amylase") == 0) return last_row(plan, "AMY", plan->as_of);
    return last_row(plan, what, plan->as_of);
}

static const bfl_step *settled_step(const bfl_plan *plan, const bfl_word *name) {
    size_t at = name->number < bfl_rules_word_count(plan->rulebook) ? plan->step_of[name->number] : 0;
    return at ? &plan->pathway[at - 1] : NULL;
}

static int32_t event_day(const bfl_record *record, bfl_event_ref event) {
    switch (event.kind) {
    case BFL_EVENT_LAB: return record->labs[event.index].when.day;
    case BFL_EVENT_LESION: return record->lesions[event.index].when.day;
    case BFL_EVENT_CLINICAL: return record->clinicals[event.index].when.day;
    case BFL_EVENT_PATHOLOGY: return record->pathologies[event.index].when.day;
    case BFL_EVENT_THERAPY:
    case BFL_EVENT_MOLECULAR:
    case BFL_EVENT_NOTE: break;
    }
    return INT32_MIN;
}

/* When the nodes before it were settled by the record, but not before the rise itself. */
static int32_t ready_day(const bfl_plan *plan, const bfl_node *node) {
    int32_t day = plan->raise_day;
    for (size_t g = 0; g < node->after.count; g++)
        for (size_t w = 0; w < node->after.items[g].count; w++) {
            const bfl_step *step = settled_step(plan, &node->after.items[g].items[w]);
            if (!step || step->state != BFL_STEP_DONE) continue;
            for (size_t i = 0; i < step->event_count; i++) {
                int32_t event = event_day(plan->record, step->events[i]);
                if (event > day) day = event;
            }
        }
    return day;
}

static int32_t day_of(bfl_plan *plan, const bfl_node *node, bfl_since anchor, const bfl_answer *answer) {
    const int32_t finding = answer->has_day ? answer->day : plan->as_of;
    switch (anchor.kind) {
    case BFL_SINCE_READY: return ready_day(plan, node);
    case BFL_SINCE_RAISE: return plan->raise_day;
    case BFL_SINCE_FINDING: return finding;
    case BFL_SINCE_AFTER_FINDING: return finding + 1;
    case BFL_SINCE_QUESTION: return plan->question_day;
    case BFL_SINCE_SCAN: return plan->scan_day;
    case BFL_SINCE_PROGRESSION: return plan->progression_day;
    case BFL_SINCE_THERAPY: return plan->therapy_day;
    case BFL_SINCE_BONE_IMAGING:
        return last_imaging(plan, true, plan->scan_day + whole(node->not_before_days, 0), plan->scan_day);
    case BFL_SINCE_PAGET_EVALUATION: {
        bfl_paget_course course = bfl_workup_paget(plan);
        return course.treated ? course.evaluation : plan->as_of;
    }
    case BFL_SINCE_LAST: return last_of(plan, anchor.what);
    case BFL_SINCE_EVER: return INT32_MIN;
    case BFL_SINCE_NOW:
    case BFL_SINCE_COUNT: break;
    }
    return plan->as_of;
}

/* From which day on a result counts. */
static int32_t since_day(bfl_plan *plan, const bfl_node *node, const bfl_answer *answer) {
    bool rise = node->since.kind == BFL_SINCE_RAISE || node->since.kind == BFL_SINCE_COUNT;
    if (!rise) return day_of(plan, node, node->since, answer);
    int32_t valid = bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_ALP_DEFAULTS__VALID_DAYS);
    return plan->raise_day - whole(node->valid_days, valid);
}

typedef struct due {
    bool has, overdue, has_not_before;
    int32_t by, was, not_before;
} due;

/* A day that has passed becomes soon: within the overdue days, or sooner where the node itself is sooner. */
static due due_day(bfl_plan *plan, const bfl_node *node, const bfl_answer *answer) {
    due when = {.has = node->within_days.present, .has_not_before = node->not_before_days.present};
    int32_t start = day_of(plan, node, node->from, answer);
    int32_t days = whole(node->within_days, 0);
    when.by = when.was = start + days;
    when.not_before = start + whole(node->not_before_days, 0);
    when.overdue = when.by < plan->as_of;
    if (!when.overdue) return when;
    int32_t soon = bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_ALP_DEFAULTS__OVERDUE_DAYS);
    when.by = plan->as_of + (days < soon ? days : soon);
    return when;
}

/* ---- words ---- */

static const char *described(bfl_plan *plan, bfl_event_ref event) {
    const bfl_record *r = plan->record;
    switch (event.kind) {
    case BFL_EVENT_LAB: {
        const bfl_lab *lab = &r->labs[event.index];
        return bfl_arena_printf(plan->arena, "%s %s%s%s on %s", lab->name, lab->written, *lab->unit_text ? " " : "",
                                lab->unit_text, bfl_workup_day(plan, lab->when.day));
    }
    case BFL_EVENT_LESION: {
        const bfl_lesion *lesion = &r->lesions[event.index];
        return bfl_arena_printf(plan->arena, "%s of %s on %s",
                                bfl_workup_plain(plan, bfl_modality_word(lesion->modality)), lesion->site,
                                bfl_workup_day(plan, lesion->when.day));
    }
    case BFL_EVENT_CLINICAL: {
        const bfl_clinical *said = &r->clinicals[event.index];
        return bfl_arena_printf(plan->arena, "%s: %s on %s", said->item, said->value,
                                bfl_workup_day(plan, said->when.day));
    }
    case BFL_EVENT_MOLECULAR: {
        const bfl_molecular *test = &r->moleculars[event.index];
        return bfl_arena_printf(plan->arena, "%s %s %s on %s", test->gene, test->variant, test->result,
                                bfl_workup_day(plan, test->when.day));
    }
    case BFL_EVENT_PATHOLOGY: {
        const bfl_pathology *tissue = &r->pathologies[event.index];
        return bfl_arena_printf(plan->arena, "%s of %s: %s on %s", tissue->procedure, tissue->site, tissue->result,
                                bfl_workup_day(plan, tissue->when.day));
    }
    case BFL_EVENT_THERAPY: return bfl_arena_printf(plan->arena, "%s is recorded", r->therapies[event.index].drug);
    case BFL_EVENT_NOTE: break;
    }
    return "";
}

static const char *described_all(bfl_plan *plan, const bfl_event_list *events) {
    bfl_buf words = {.arena = plan->arena};
    for (size_t i = 0; i < events->count; i++) bfl_buf_join(&words, "; ", described(plan, events->items[i]));
    return bfl_buf_z(&words);
}

static void add_note(bfl_plan *plan, const bfl_node *node, const due *when, bfl_step *step) {
    bfl_buf why = {.arena = plan->arena};
    bfl_buf_add(&why, step->why);
    if (node->note_when.count && bfl_workup_says(plan, node->note_when) == BFL_SAID_YES)
        bfl_buf_addf(&why, "%s%s (%s)", why.size ? "; " : "", node->note,
                     bfl_workup_because(plan, node->note_when, BFL_SAID_YES));
    if (when->has && when->overdue)
        bfl_buf_addf(&why, "%s%s %s", why.size ? "; " : "",
                     bfl_rule_words(plan->rulebook, BFL_TXT_WORKUP_ALP_DEFAULTS__OVERDUE_TEXT),
                     bfl_workup_day(plan, when->was));
    step->why = bfl_buf_z(&why);
}

/* ---- what comes before ---- */

static bool settled(const bfl_step *step) {
    return step && (step->state == BFL_STEP_DONE || step->state == BFL_STEP_NOT_NEEDED);
}

/* The first group of `after` that is still open, by the title of its first node; NULL when all are settled. */
static const char *open_before(const bfl_plan *plan, const bfl_node *node) {
    for (size_t g = 0; g < node->after.count; g++) {
        const bfl_word_group *group = &node->after.items[g];
        const char *title = NULL;
        bool closed = false;
        for (size_t w = 0; w < group->count; w++) {
            const bfl_step *step = settled_step(plan, &group->items[w]);
            closed = closed || settled(step);
            if (!title && step) title = step->rule->title;
        }
        if (!closed) return title ? title : "";
    }
    return NULL;
}

/* ---- the state of a node ---- */

/* What the two lists of conditions of a node say, what the record shows, and what is still open before it (NULL: nothing). */
typedef struct asked {
    bfl_said who;
    bfl_answer when;
    bfl_evidence_found found;
    const char *before;
} asked;

/* Some days exist only when the conditions hold: what counts from a finding on has not been done when there is none. */
static bool counts_from_condition(bfl_since_kind since) {
    return since == BFL_SINCE_FINDING || since == BFL_SINCE_AFTER_FINDING || since == BFL_SINCE_QUESTION ||
           since == BFL_SINCE_PROGRESSION || since == BFL_SINCE_PAGET_EVALUATION;
}

/* Whom it does not concern is asked no more, where only what is next is read. */
static asked ask(bfl_plan *plan, const bfl_node *node, bool only_next) {
    asked a = {.who = bfl_workup_says(plan, node->who)};
    if (a.who == BFL_SAID_NO && only_next) return a;
    a.when = bfl_workup_all(plan, node->when);
    if (a.when.said == BFL_SAID_YES || !counts_from_condition(node->since.kind))
        a.found = bfl_workup_done(plan, node->done_by, since_day(plan, node, &a.when));
    a.before = open_before(plan, node);
    return a;
}

static bfl_step_state state_of(const asked *a) {
    if (a->who == BFL_SAID_NO) return BFL_STEP_NOT_NEEDED;
    if (a->found.done && a->who == BFL_SAID_YES) return BFL_STEP_DONE;
    if (a->when.said == BFL_SAID_NO) return BFL_STEP_NOT_NEEDED;
    return a->before || a->who == BFL_SAID_NONE || a->when.said == BFL_SAID_NONE ? BFL_STEP_LATER : BFL_STEP_NEXT;
}

static const char *why(bfl_plan *plan, const bfl_node *node, const asked *a, bfl_step_state state) {
    if (state == BFL_STEP_DONE) return described_all(plan, &a->found.events);
    if (a->who == BFL_SAID_NO) return bfl_workup_because(plan, node->who, a->who);
    if (a->when.said == BFL_SAID_NO) return bfl_workup_because(plan, node->when, a->when.said);
    const char *comes_after = bfl_rule_words(plan->rulebook, BFL_TXT_WORKUP_ALP_DEFAULTS__AFTER_TEXT);
    if (a->before) return bfl_arena_printf(plan->arena, "%s: %s", comes_after, a->before);
    if (a->who == BFL_SAID_NONE) return bfl_workup_because(plan, node->who, a->who);
    return bfl_workup_because(plan, node->when, a->when.said);
}

/* Its days and sentences. */
static void tell(bfl_plan *plan, const bfl_node *node, const asked *a, bfl_step *step) {
    due when = due_day(plan, node, &a->when);
    step->has_by = step->state == BFL_STEP_NEXT && when.has;
    step->by_day = when.by;
    step->priority = whole(node->priority, 0);
    bfl_filling filling = {.done = &a->found,
                           .has_by = when.has,
                           .by = when.by,
                           .has_not_before = when.has_not_before,
                           .not_before = when.not_before};
    step->why = why(plan, node, a, step->state);
    step->action = bfl_workup_fill(plan, &node->action, &filling);
    step->patient_action = bfl_workup_fill(plan, &node->patient, &filling);
    step->changes = bfl_workup_fill(plan, &node->changes, &filling);
    if (step->state == BFL_STEP_NEXT) add_note(plan, node, &when, step);
}

bfl_step *bfl_workup_walk(bfl_plan *plan, const bfl_node *nodes, size_t count, bool only_next) {
    bfl_step *steps = bfl_arena_take(plan->arena, count * sizeof *steps);
    plan->pathway = steps;
    plan->step_of = BFL_NEW_ARRAY(plan->arena, bfl_rules_word_count(plan->rulebook), uint16_t);
    for (size_t i = 0; i < count; i++) {
        asked a = ask(plan, &nodes[i], only_next);
        bfl_step_state state = state_of(&a);
        const bfl_event_list *events = state == BFL_STEP_DONE ? &a.found.events : &a.when.events;
        steps[i] =
            (bfl_step){.rule = nodes[i].rule, .state = state, .events = events->items, .event_count = events->count};
        if (state == BFL_STEP_NEXT || !only_next) tell(plan, &nodes[i], &a, &steps[i]);
        plan->step_of[nodes[i].number] = (uint16_t)(i + 1);
        if (state == BFL_STEP_NEXT) plan->asked++;
    }
    return steps;
}
