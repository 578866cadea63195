/* SPDX-License-Identifier: Apache-2.0 */
/* Which lesions are followed, and how: targets and non-targets are fixed at baseline. */
#include "criteria/recist/parts.h"
#include "criteria/study.h"

#include <string.h>

static void describe(const bfl_recist_case *c, const bfl_tracked *tracked, bfl_followed *lesion);
static void choose_role(bfl_recist_case *c, bfl_followed *lesion);
static void check_sizes(bfl_recist_case *c);
static void limit_targets(bfl_recist_case *c);

void bfl_recist_follow(bfl_recist_case *c) {
    c->lesion_count = c->visits->lesion_count;
    c->lesions = BFL_NEW_ARRAY(c->arena, c->lesion_count, bfl_followed);
    for (size_t i = 0; i < c->lesion_count; i++) {
        describe(c, &c->visits->lesions[i], &c->lesions[i]);
        choose_role(c, &c->lesions[i]);
    }
    bfl_recist_find_heirs(c);
    check_sizes(c);
    limit_targets(c);
}

void bfl_recist_issue(bfl_recist_case *c, size_t row, bfl_severity severity, const bfl_issue *issue) {
    if (c->soft_tissue_alone) return;
    bfl_issue *kept = BFL_PUSH(c->arena, &c->issues);
    *kept = *issue;
    kept->severity = severity;
    kept->patient = c->record->patient.id ? c->record->patient.id : "";
    if (row < c->record->lesion_count)
        kept->source = c->record->lesions[row].source;
    else
        kept->source = (bfl_source){"lesions.csv", 0, ""};
}

static void describe(const bfl_recist_case *c, const bfl_tracked *tracked, bfl_followed *lesion) {
    *lesion = (bfl_followed){.tracked = tracked};
    bfl_rows before = bfl_visits_until(tracked, &c->visits->items[0]);
    for (size_t i = 0; i < before.count; i++) {
        const bfl_lesion *row = &c->record->lesions[before.items[i]];
        bool followed = row->role != BFL_ROLE_NONE && !bfl_study_absent(row);
        lesion->seen_before |= bfl_study_present(row) || followed;
        lesion->anatomy_before |= bfl_study_present(row) && !bfl_study_functional(row);
        lesion->marrow_before |= bfl_study_sees_marrow(row);
        lesion->absent_before |= bfl_study_absent(row);
    }
}

/* The last role stated up to the baseline; for a lesion first described later, its first stated role. */
static bfl_role stated_role(const bfl_recist_case *c, const bfl_followed *lesion) {
    bfl_rows before = bfl_visits_until(lesion->tracked, &c->visits->items[0]);
    bfl_role role = BFL_ROLE_NONE;
    for (size_t i = 0; i < before.count; i++) {
        bfl_role said = c->record->lesions[before.items[i]].role;
        if (said != BFL_ROLE_NONE) role = said == BFL_ROLE_NEW ? BFL_ROLE_NON_TARGET : said;
    }
    for (size_t i = before.count; role == BFL_ROLE_NONE && i < lesion->tracked->row_count; i++)
        role = c->record->lesions[lesion->tracked->rows[i]].role;
    return role;
}

/* In bone, a row that names no kind of lesion is not yet a lesion. */
static bool names_a_lesion(const bfl_recist_case *c, const bfl_followed *lesion, const bfl_visit *until) {
    if (lesion->tracked->organ != BFL_ORGAN_BONE) return true;
    bfl_rows rows = bfl_visits_until(lesion->tracked, until);
    for (size_t i = 0; i < rows.count; i++)
        if (c->record->lesions[rows.items[i]].matrix != BFL_MATRIX_NONE) return true;
    return false;
}

/* A word like smaller or stable in its first row says that it was there before. */
static bool was_compared(const bfl_recist_case *c, const bfl_followed *lesion) {
    return c->record->lesions[lesion->tracked->rows[0]].changes != 0;
}

static void choose_role(bfl_recist_case *c, bfl_followed *lesion) {
    bfl_role role = stated_role(c, lesion);
    bool late = c->record->lesions[lesion->tracked->rows[0]].when.day > c->visits->items[0].day;
    if (lesion->seen_before) {
        bool disease = role != BFL_ROLE_NONE || names_a_lesion(c, lesion, &c->visits->items[0]);
        lesion->target = role == BFL_ROLE_TARGET;
        lesion->nontarget = disease && !lesion->target;
    } else if (late && role != BFL_ROLE_NEW) {
        lesion->target = role == BFL_ROLE_TARGET;
        lesion->nontarget = role == BFL_ROLE_NON_TARGET || (role == BFL_ROLE_NONE && was_compared(c, lesion));
    }
}

static const char *why_not_measurable(const bfl_recist_case *c, const bfl_followed *lesion, const bfl_size *size) {
    const bfl_lesion *row = &c->record->lesions[size->row];
    if (lesion->tracked->organ == BFL_ORGAN_BONE)
        return row->matrix == BFL_MATRIX_BLASTIC ? "blastic bone lesion"
                                                 : "bone lesion without a measurable soft-tissue part";
    if (size->kind != BFL_SIZE_GIVEN) return "too small to measure at baseline";
    return bfl_arena_printf(c->arena, "%s mm by %s", bfl_decimal_z(c->arena, size->mm, -1),
                            row->modality ? bfl_modality_word(row->modality) : "a method not stated");
}

static void demote(bfl_recist_case *c, bfl_followed *lesion, size_t row, const char *code, const char *found,
                   const char *expected) {
    lesion->target = false;
    lesion->nontarget = true;
    bfl_recist_issue(c, row, BFL_ISSUE_WARNING,
                     &(bfl_issue){.code = code,
                                  .column = "role",
                                  .found = bfl_arena_printf(c->arena, "target '%s': %s", lesion->tracked->id, found),
                                  .expected = expected,
                                  .action = "followed as non-target"});
}

/* A node below the pathological size is no disease at all. */
static bool is_normal_node(const bfl_recist_case *c, const bfl_followed *lesion, const bfl_size *size) {
    return lesion->tracked->organ == BFL_ORGAN_NODE && size->kind == BFL_SIZE_GIVEN &&
           bfl_decimal_compare(size->mm,
                               bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_MEASURABLE_NODE__PATHOLOGICAL_MM)) < 0;
}

static void check_size(bfl_recist_case *c, bfl_followed *lesion) {
    bfl_rows rows = bfl_visits_rows(lesion->tracked, &c->visits->items[0]);
    bfl_size size = bfl_lesion_size(&(bfl_measure){c->record, c->rulebook}, lesion->tracked, rows, BFL_MODALITY_CT);
    bool measurable =
        rows.count && bfl_lesion_measurable(&(bfl_measure){c->record, c->rulebook}, lesion->tracked, &size);
    if (lesion->target || lesion->nontarget) c->measurable |= measurable;
    if (rows.count && is_normal_node(c, lesion, &size) && (lesion->target || lesion->nontarget)) {
        lesion->target = lesion->nontarget = false;
        bfl_recist_issue(
            c, size.row, BFL_ISSUE_WARNING,
            &(bfl_issue){.code = "recist.normal_node",
                         .column = "short_mm",
                         .found = bfl_arena_printf(c->arena, "node '%s' with %s mm short axis at baseline",
                                                   lesion->tracked->id, bfl_decimal_z(c->arena, size.mm, -1)),
                         .expected = "a short axis of pathological size",
                         .action = "taken as a normal node and not followed"});
    }
    if (!lesion->target) return;
    if (measurable) {
        lesion->baseline_mm = bfl_some(size.mm);
        lesion->method = c->record->lesions[size.row].modality;
    } else if (rows.count && (size.kind != BFL_SIZE_MISSING || lesion->tracked->organ == BFL_ORGAN_BONE)) {
        demote(c, lesion, size.row, "recist.not_measurable", why_not_measurable(c, lesion, &size),
               "a measurable lesion");
    }
}

/* Targets without any baseline size stay targets only when no target has one: the case is told in words. */
static void check_sizes(bfl_recist_case *c) {
    bool sized = false, wordy = false;
    for (size_t i = 0; i < c->lesion_count; i++) {
        check_size(c, &c->lesions[i]);
        sized |= c->lesions[i].target && c->lesions[i].baseline_mm.present;
        wordy |= c->lesions[i].target && !c->lesions[i].baseline_mm.present;
    }
    c->in_words = wordy && !sized;
    for (size_t i = 0; sized && wordy && i < c->lesion_count; i++) {
        bfl_followed *lesion = &c->lesions[i];
        if (lesion->target && !lesion->baseline_mm.present)
            demote(c, lesion, lesion->tracked->rows[0], "recist.no_baseline_size", "no size at baseline",
                   "a size, as the other targets have");
    }
}

/* Largest first; the id decides between equals, so that the order of rows does not. */
static int by_size(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_followed *x = *(bfl_followed *const *)a, *y = *(bfl_followed *const *)b;
    int order = bfl_decimal_compare(y->baseline_mm.value, x->baseline_mm.value);
    return order != 0 ? order : strcmp(x->tracked->id, y->tracked->id);
}

static void limit_targets(bfl_recist_case *c) {
    int32_t most = bfl_rule_days(c->rulebook, BFL_NUM_RECIST11_TARGET_LIMIT__ALL_LESIONS);
    int32_t most_in_organ = bfl_rule_days(c->rulebook, BFL_NUM_RECIST11_TARGET_LIMIT__ORGAN_LESIONS);
    BFL_LIST(bfl_followed *) targets = {0};
    for (size_t i = 0; i < c->lesion_count; i++)
        if (c->lesions[i].target && c->lesions[i].baseline_mm.present) *BFL_PUSH(c->arena, &targets) = &c->lesions[i];
    bfl_sort(c->arena, targets.items, targets.count, sizeof *targets.items, by_size, NULL);
    int32_t kept = 0;
    for (size_t i = 0; i < targets.count; i++) {
        int32_t in_organ = 0;
        for (size_t j = 0; kept < most && in_organ < most_in_organ && j < i; j++)
            in_organ +=
                targets.items[j]->target && bfl_lesion_same_organ(targets.items[j]->tracked, targets.items[i]->tracked);
        if (kept < most && in_organ < most_in_organ)
            kept++;
        else
            demote(c, targets.items[i], targets.items[i]->tracked->rows[0], "recist.too_many_targets",
                   kept < most ? "more targets in one organ than RECIST 1.1 takes"
                               : "more targets than RECIST 1.1 takes",
                   "the largest lesions, within the limits of RECIST 1.1");
    }
}
