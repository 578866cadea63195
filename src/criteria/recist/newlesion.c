/* SPDX-License-Identifier: Apache-2.0 */
/* New lesions: who is a candidate, what PET may say, and what an equivocal lesion became. */
#include "criteria/recist/parts.h"
#include "criteria/study.h"

static bool is_candidate(const bfl_recist_case *c, const bfl_followed *lesion);
static void follow_candidate(bfl_recist_case *c, bfl_followed *lesion);
static void date_back(const bfl_recist_case *c, bfl_followed *lesion);
static void report_candidate(bfl_recist_case *c, const bfl_followed *lesion);

void bfl_recist_find_new(bfl_recist_case *c) {
    c->candidates = BFL_NEW_ARRAY(c->arena, c->lesion_count, bfl_followed *);
    for (size_t i = 0; i < c->lesion_count; i++) {
        bfl_followed *lesion = &c->lesions[i];
        if (c->soft_tissue_alone && !bfl_recist_in_lens(lesion, BFL_LENS_SOFT_TISSUE)) continue;
        if (!is_candidate(c, lesion)) continue;
        c->candidates[c->candidate_count++] = lesion;
        lesion->newness = BFL_NEW_ARRAY(c->arena, c->visits->count, bfl_new_lesions);
        lesion->newness_rule = BFL_NEW_ARRAY(c->arena, c->visits->count, bfl_rule_index);
        lesion->why_new = BFL_NEW_ARRAY(c->arena, c->visits->count, bfl_reason);
        follow_candidate(c, lesion);
        date_back(c, lesion);
        if (!c->soft_tissue_alone) report_candidate(c, lesion);
    }
}

/* First row after the baseline that calls it new; SIZE_MAX when none does. */
static size_t called_new(const bfl_recist_case *c, const bfl_followed *lesion) {
    bfl_rows before = bfl_visits_until(lesion->tracked, &c->visits->items[0]);
    for (size_t i = before.count; i < lesion->tracked->row_count; i++)
        if (c->record->lesions[lesion->tracked->rows[i]].role == BFL_ROLE_NEW) return lesion->tracked->rows[i];
    return SIZE_MAX;
}

/* Called new, or seen after the baseline only and not followed as known disease. */
static bool is_candidate(const bfl_recist_case *c, const bfl_followed *lesion) {
    if (called_new(c, lesion) != SIZE_MAX) return true;
    if (lesion->seen_before || lesion->target || lesion->nontarget || lesion->heir) return false;
    bfl_rows before = bfl_visits_until(lesion->tracked, &c->visits->items[0]);
    for (size_t i = before.count; i < lesion->tracked->row_count; i++) {
        const bfl_lesion *row = &c->record->lesions[lesion->tracked->rows[i]];
        bool names_lesion = lesion->tracked->organ != BFL_ORGAN_BONE || row->matrix != BFL_MATRIX_NONE;
        if (!bfl_study_absent(row) && row->state != BFL_LESION_NOT_EVALUABLE && names_lesion) return true;
    }
    return false;
}

/* ---- what PET may say ---- */

static bool same_place(const bfl_tracked *a, const bfl_tracked *b) {
    return *a->site && bfl_site_same(a->site, b->site);
}

/* Disease known at baseline at this place: in anatomy, or on the same kind of PET. */
static bool known_place(const bfl_recist_case *c, const bfl_followed *lesion, bfl_modality tracer) {
    for (size_t i = 0; i < c->lesion_count; i++) {
        const bfl_followed *other = &c->lesions[i];
        if (other != lesion && !same_place(other->tracked, lesion->tracked)) continue;
        if (other->anatomy_before) return true;
        bfl_rows before = bfl_visits_until(other->tracked, &c->visits->items[0]);
        for (size_t j = 0; j < before.count; j++) {
            const bfl_lesion *row = &c->record->lesions[before.items[j]];
            if (row->modality == tracer && bfl_study_present(row)) return true;
        }
    }
    return false;
}

static bool had_baseline_pet(const bfl_recist_case *c) {
    for (size_t i = 0; i < c->visits->row_count; i++) {
        const bfl_lesion *row = &c->record->lesions[i];
        if (row->when.day > c->visits->items[0].day) return false;
        if (row->modality == BFL_MODALITY_FDG_PET) return true;
    }
    return false;
}

/* CT, MRI or radiograph shows a new lesion at this place at this visit. */
static bool anatomical_correlate(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit) {
    for (size_t i = 0; i < c->lesion_count; i++) {
        const bfl_followed *other = &c->lesions[i];
        if (other != lesion && !same_place(other->tracked, lesion->tracked)) continue;
        bfl_rows rows = bfl_visits_rows(other->tracked, &c->visits->items[visit]);
        for (size_t j = 0; j < rows.count; j++) {
            const bfl_lesion *row = &c->record->lesions[rows.items[j]];
            if (row->role == BFL_ROLE_NEW && bfl_study_present(row) && !bfl_study_functional(row)) return true;
        }
    }
    return false;
}

static bfl_new_lesions judge_pet(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit,
                                 bfl_modality tracer, bfl_rule_index *rule) {
    bool fdg = tracer == BFL_MODALITY_FDG_PET;
    if (known_place(c, lesion, tracer)) {
        *rule = BFL_RULE_RECIST11_NEW_PET_KNOWN_SITE;
        return BFL_NEW_NONE;
    }
    *rule = fdg ? BFL_RULE_RECIST11_NEW_PET_NO_BASELINE : BFL_RULE_RECIST11_NEW_OTHER_TRACER;
    if (fdg && had_baseline_pet(c)) {
        *rule = BFL_RULE_RECIST11_NEW_PET_NEGATIVE_BASELINE;
        return BFL_NEW_UNEQUIVOCAL;
    }
    return anatomical_correlate(c, lesion, visit) ? BFL_NEW_UNEQUIVOCAL : BFL_NEW_EQUIVOCAL;
}

/* ---- one candidate over time ---- */

static bool normal_node(const bfl_recist_case *c, const bfl_followed *lesion, const bfl_lesion *row) {
    bfl_decimal normal = bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_MEASURABLE_NODE__PATHOLOGICAL_MM);
    return lesion->tracked->organ == BFL_ORGAN_NODE && row->short_mm.present &&
           bfl_decimal_compare(row->short_mm.value, normal) < 0;
}

/* A row that is no more than a remark (bone without a kind of lesion, not called new) or sees nothing. */
static bool says_nothing(const bfl_followed *lesion, const bfl_lesion *row) {
    if (row->state == BFL_LESION_NOT_EVALUABLE) return true;
    return lesion->tracked->organ == BFL_ORGAN_BONE && row->matrix == BFL_MATRIX_NONE && row->role == BFL_ROLE_NONE &&
           !bfl_study_absent(row);
}

static bfl_new_lesions judge_row(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit, bool new_already,
                                 const bfl_lesion *row, bfl_rule_index *rule) {
    *rule = BFL_RULE_RECIST11_NEW_LESION;
    if (bfl_study_absent(row)) return BFL_NEW_NONE;
    if (row->state == BFL_LESION_EQUIVOCAL) {
        *rule = BFL_RULE_RECIST11_NEW_EQUIVOCAL;
        return BFL_NEW_EQUIVOCAL;
    }
    if (new_already) return BFL_NEW_UNEQUIVOCAL;
    if (normal_node(c, lesion, row)) {
        *rule = BFL_RULE_RECIST11_NEW_NODE;
        return BFL_NEW_NONE;
    }
    if (row->role != BFL_ROLE_NEW) {
        *rule = BFL_RULE_RECIST11_NEW_UNLABELLED;
        return BFL_NEW_EQUIVOCAL;
    }
    if (bfl_study_functional(row) && row->modality != BFL_MODALITY_BONE_SCAN)
        return judge_pet(c, lesion, visit, row->modality, rule);
    return BFL_NEW_UNEQUIVOCAL;
}

/* The strongest statement of the visit. A lesion once new stays new until a study finds it gone. */
static void follow_candidate(bfl_recist_case *c, bfl_followed *lesion) {
    bool new_already = false;
    for (size_t visit = 1; visit < c->visits->count; visit++) {
        bfl_rows rows = bfl_visits_rows(lesion->tracked, &c->visits->items[visit]);
        bfl_new_lesions strongest = BFL_NEW_NONE;
        bfl_rule_index rule = BFL_RULE_RECIST11_NEW_LESION;
        size_t spoke = 0;
        for (size_t i = 0; i < rows.count; i++) {
            const bfl_lesion *row = &c->record->lesions[rows.items[i]];
            if (says_nothing(lesion, row) || (lesion->seen_before && row->role != BFL_ROLE_NEW && !new_already))
                continue;
            bfl_rule_index row_rule;
            bfl_new_lesions now = judge_row(c, lesion, visit, new_already, row, &row_rule);
            if (spoke++ > 0 && now <= strongest) continue;
            strongest = now;
            rule = row_rule;
        }
        if (spoke == 0 && new_already) strongest = BFL_NEW_UNEQUIVOCAL;
        new_already = strongest == BFL_NEW_UNEQUIVOCAL;
        lesion->newness[visit] = strongest;
        lesion->newness_rule[visit] = rule;
    }
}

static bool described_at(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit) {
    return bfl_visits_rows(lesion->tracked, &c->visits->items[visit]).count > 0;
}

/* Equivocal, then unequivocal where it was next described: new from the first. */
static void date_back(const bfl_recist_case *c, bfl_followed *lesion) {
    bool confirmed = false;
    for (size_t visit = c->visits->count; visit-- > 1;) {
        if (!described_at(c, lesion, visit)) continue;
        bool dated_back = confirmed && lesion->newness[visit] == BFL_NEW_EQUIVOCAL;
        if (dated_back) {
            lesion->newness[visit] = BFL_NEW_UNEQUIVOCAL;
            lesion->newness_rule[visit] = BFL_RULE_RECIST11_NEW_EQUIVOCAL;
            for (size_t next = visit + 1; next < c->visits->count && !described_at(c, lesion, next); next++) {
                lesion->newness[next] = BFL_NEW_UNEQUIVOCAL;
                lesion->newness_rule[next] = BFL_RULE_RECIST11_NEW_EQUIVOCAL;
            }
        }
        confirmed = lesion->newness[visit] == BFL_NEW_UNEQUIVOCAL;
    }
}

/*
 * Bone metastases that were diagnosed by the baseline, and no bone lesion on it: what is described later may be older. The
 * lesion counts as it is written; only an earlier image of the bone could tell.
 */
static void report_diagnosed(bfl_recist_case *c, const bfl_followed *lesion) {
    size_t index = bfl_record_bone_diagnosis(c->record, c->visits->items[0].day);
    if (index == SIZE_MAX || lesion->tracked->organ != BFL_ORGAN_BONE) return;
    for (size_t i = 0; i < c->lesion_count; i++)
        if (c->lesions[i].tracked->organ == BFL_ORGAN_BONE && c->lesions[i].seen_before) return;
    bfl_recist_issue(
        c, lesion->tracked->rows[0], BFL_ISSUE_WARNING,
        &(bfl_issue){.code = "recist.bone_diagnosed_before",
                     .column = "role",
                     .found = bfl_arena_printf(c->arena,
                                               "'%s' is first described after the baseline; bone metastases were "
                                               "diagnosed by day %d",
                                               lesion->tracked->id, (int)c->record->clinicals[index].when.day),
                     .expected = "the bone lesions as they were at baseline",
                     .action = "counted as written; an image of the bone before therapy would tell whether it is new"});
}

static void report_candidate(bfl_recist_case *c, const bfl_followed *lesion) {
    report_diagnosed(c, lesion);
    size_t row = called_new(c, lesion);
    if (row != SIZE_MAX && lesion->anatomy_before)
        bfl_recist_issue(c, row, BFL_ISSUE_WARNING,
                         &(bfl_issue){.code = "recist.new_but_known",
                                      .column = "role",
                                      .found = bfl_arena_printf(c->arena, "'%s' is called new and was seen at baseline",
                                                                lesion->tracked->id),
                                      .expected = "a lesion id of its own for a new lesion",
                                      .action = "counted as new, as written"});
    if (row == SIZE_MAX)
        bfl_recist_issue(
            c, lesion->tracked->rows[lesion->tracked->row_count - 1], BFL_ISSUE_WARNING,
            &(bfl_issue){.code = "recist.role_missing",
                         .column = "role",
                         .found = bfl_arena_printf(c->arena, "'%s' is first seen after the baseline and not called new",
                                                   lesion->tracked->id),
                         .expected = "role new, or a row at baseline",
                         .action = "counted as possibly new"});
}

/* ---- the visit ---- */

static const char *how_new(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit) {
    bfl_new_lesions newness = lesion->newness[visit];
    if (newness == BFL_NEW_NONE) return "not a new lesion";
    if (newness == BFL_NEW_EQUIVOCAL) return "possibly new";
    if (lesion->newness_rule[visit] == BFL_RULE_RECIST11_NEW_EQUIVOCAL)
        return "new: later studies confirmed it, dated back";
    return described_at(c, lesion, visit) ? "new" : "new since an earlier visit";
}

static bool new_as_before(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit) {
    return lesion->newness[visit] == lesion->newness[visit - 1] &&
           lesion->newness_rule[visit] == lesion->newness_rule[visit - 1] &&
           described_at(c, lesion, visit) == described_at(c, lesion, visit - 1);
}

/* Mostly what was said of it at the visit before. */
static const char *tell_new(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit) {
    const bfl_tracked *t = lesion->tracked;
    const bfl_reason *before = &lesion->why_new[visit - 1];
    if (before->rule && new_as_before(c, lesion, visit)) return before->finding;
    const char *how = how_new(c, lesion, visit);
    return BFL_FINDING(c->arena, BFL_TEXT("'"), bfl_text_of(t->id), BFL_TEXT("' ("),
                       bfl_text_of(bfl_organ_word(t->organ)), *t->site ? BFL_TEXT(", ") : BFL_TEXT(""),
                       bfl_text_of(t->site), BFL_TEXT("): "), bfl_text_of(how));
}

/* The readings say it in the same words. */
static void give_reason(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit, bfl_reason_list *reasons) {
    if (!reasons) return;
    bfl_reason *why = &lesion->why_new[visit];
    if (!why->rule) {
        bfl_event_list events = bfl_visits_events(lesion->tracked, &c->visits->items[visit]);
        *why = (bfl_reason){bfl_rule_of(c->rulebook, lesion->newness_rule[visit]), tell_new(c, lesion, visit),
                            events.items, events.count};
    }
    *BFL_PUSH(c->arena, reasons) = *why;
}

/* Under the note on flare a covered lesion is left out. */
static bool left_out(const bfl_recist_case *c, bfl_followed *lesion, size_t visit, bfl_reason_list *reasons) {
    if (lesion->tracked->organ != BFL_ORGAN_BONE) return false;
    bfl_rule_index rule = BFL_RULE_RECIST11_NOTE_FLARE;
    bfl_rows rows = bfl_visits_until(lesion->tracked, &c->visits->items[visit]);
    bool flare = bfl_recist_may_be_flare(c, lesion, rows, true, &rule);
    if (!reasons) return flare;
    const char **said = &lesion->note_says[flare];
    if (!*said)
        *said = BFL_FINDING(c->arena, BFL_TEXT("'"), bfl_text_of(lesion->tracked->id),
                            flare ? BFL_TEXT("' may be healing or flare of existing bone disease: not counted as new")
                                  : BFL_TEXT("' counts as new: the note on flare does not cover it"));
    bfl_event_list events = bfl_visits_events(lesion->tracked, &c->visits->items[visit]);
    bfl_reason_push(c->arena, reasons, bfl_rule_of(c->rulebook, rule), &events, *said);
    return flare;
}

bool bfl_recist_same_new(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens) {
    for (size_t i = 0; i < c->candidate_count; i++) {
        if (c->candidates[i]->tracked->organ != BFL_ORGAN_BONE) continue;
        if (lens == BFL_LENS_SOFT_TISSUE || c->candidates[i]->newness[visit] == BFL_NEW_UNEQUIVOCAL) return false;
    }
    return true;
}

bfl_new_lesions bfl_recist_new(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, bfl_reason_list *reasons) {
    bfl_new_lesions strongest = BFL_NEW_NONE;
    for (size_t i = 0; visit > 0 && i < c->candidate_count; i++) {
        bfl_followed *lesion = c->candidates[i];
        if (!bfl_recist_in_lens(lesion, lens)) continue;
        bfl_new_lesions newness = lesion->newness[visit];
        bool claimed = newness != BFL_NEW_NONE || lesion->newness_rule[visit] != BFL_RULE_RECIST11_NEW_LESION;
        if (newness == BFL_NEW_UNEQUIVOCAL && lens == BFL_LENS_FLARE_NOTE && left_out(c, lesion, visit, reasons))
            continue;
        if (claimed && described_at(c, lesion, visit))
            give_reason(c, lesion, visit, reasons);
        else if (newness != BFL_NEW_NONE)
            give_reason(c, lesion, visit, reasons);
        if (newness > strongest) strongest = newness;
    }
    return strongest;
}
