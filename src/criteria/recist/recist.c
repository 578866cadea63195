/* SPDX-License-Identifier: Apache-2.0 */
/* RECIST 1.1, visit by visit. Eisenhauer 2009; the three readings differ only in the lesions they look at. */
#include "criteria/recist/recist.h"
#include "criteria/recist/parts.h"

/* What the targets say at a visit. */
typedef struct target_reading {
    bfl_target_state state;
    bfl_reason_list reasons;
} target_reading;

static const target_reading *read_targets(const bfl_recist_case *c, bfl_recist_lens lens);
static bool targets_bone(const bfl_recist_case *c);
typedef struct table_row table_row;
static bfl_criterion_visit *read_course(bfl_recist_case *c, bfl_recist_lens lens, const target_reading *targets,
                                        table_row *told, bfl_recist_visit *visits);
static table_row *new_rows(const bfl_recist_case *c);
static void check_baseline(bfl_recist_case *c);

const bfl_recist *bfl_recist_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                    const bfl_visits *visits) {
    bfl_recist *result = BFL_NEW(arena, bfl_recist);
    if (visits->count == 0) return result;
    bfl_recist_case c = {.arena = arena, .record = record, .rulebook = rulebook, .visits = visits};
    check_baseline(&c);
    bfl_recist_follow(&c);
    bfl_recist_find_new(&c);
    bfl_recist_look(&c);
    bfl_recist_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_recist_visit);
    const target_reading *targets = read_targets(&c, BFL_LENS_LITERAL);
    table_row *told = new_rows(&c);
    for (int lens = 0; lens < BFL_LENS_COUNT; lens++) {
        bool anew = lens == BFL_LENS_SOFT_TISSUE && targets_bone(&c);
        const target_reading *of_lens = anew ? read_targets(&c, BFL_LENS_SOFT_TISSUE) : targets;
        result->readings[lens] = read_course(&c, (bfl_recist_lens)lens, of_lens, told, out);
    }
    result->disease = (bfl_disease){out, result->readings[BFL_LENS_LITERAL], c.lesions, c.lesion_count};
    result->measurable = c.measurable;
    result->soft_tissue_stands = bfl_recist_stands(&c);
    result->issues = c.issues.items;
    result->issue_count = c.issues.count;
    return result;
}

const bfl_recist_visit *bfl_recist_soft_tissue(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                               const bfl_visits *visits) {
    if (visits->count == 0) return NULL;
    bfl_recist_case c = {
        .arena = arena, .record = record, .rulebook = rulebook, .visits = visits, .soft_tissue_alone = true};
    bfl_recist_follow(&c);
    bfl_recist_find_new(&c);
    bfl_recist_look(&c);
    bfl_recist_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_recist_visit);
    (void)read_course(&c, BFL_LENS_SOFT_TISSUE, read_targets(&c, BFL_LENS_SOFT_TISSUE), new_rows(&c), out);
    return out;
}

static void check_baseline(bfl_recist_case *c) {
    int32_t window = bfl_rule_days(c->rulebook, BFL_NUM_RECIST11_BASELINE_WINDOW__WINDOW_DAYS);
    int32_t day = c->visits->items[0].day;
    if (c->visits->baseline_late)
        bfl_recist_issue(c, SIZE_MAX, BFL_ISSUE_WARNING,
                         &(bfl_issue){.code = "recist.no_baseline",
                                      .column = "date",
                                      .found = bfl_arena_printf(c->arena, "the first imaging is on day %d", (int)day),
                                      .expected = "imaging at or before the start of treatment",
                                      .action = "the first visit stands in for the baseline"});
    else if (day < -window)
        bfl_recist_issue(c, SIZE_MAX, BFL_ISSUE_NOTE,
                         &(bfl_issue){.code = "recist.old_baseline",
                                      .column = "date",
                                      .found = bfl_arena_printf(
                                          c->arena, "the last imaging before treatment is on day %d", (int)day),
                                      .expected = "baseline imaging within four weeks before treatment",
                                      .action = "used as baseline"});
}

static void write_visit(bfl_recist_lens lens, const bfl_target_state *target, bfl_response nontarget,
                        bfl_new_lesions new_lesions, bfl_response overall, bfl_recist_visit *out) {
    if (lens == BFL_LENS_FLARE_NOTE) out->overall_flare_note = overall;
    if (lens == BFL_LENS_SOFT_TISSUE) out->soft_tissue = overall;
    if (lens != BFL_LENS_LITERAL) return;
    out->target = target->response;
    out->nontarget = nontarget;
    out->new_lesions = new_lesions;
    out->overall = overall;
    out->sum_mm = target->sum;
    out->nadir_mm = target->nadir;
    out->change_percent = target->change;
    out->nadir_change_percent = target->nadir_change;
}

/* Of a table: its row, and how it was told. */
struct table_row {
    bfl_response target, nontarget;
    bfl_new_lesions new_lesions;
    bfl_reason reason; /* without a rule: not told yet */
};

/* One for each visit. */
static table_row *new_rows(const bfl_recist_case *c) { return BFL_NEW_ARRAY(c->arena, c->visits->count, table_row); }

/* The readings mostly find the same row: told once. */
static void tell_row(const bfl_recist_case *c, bfl_rule_index table, bfl_response overall, const table_row *found,
                     table_row *told, bfl_reason_list *reasons) {
    if (!reasons) return;
    bool same = told->reason.rule && told->target == found->target && told->nontarget == found->nontarget &&
                told->new_lesions == found->new_lesions;
    if (same) {
        *BFL_PUSH(c->arena, reasons) = told->reason;
        return;
    }
    bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, table), NULL,
                   "target %s, non-target %s, new lesions %s: %s", bfl_response_word(found->target),
                   bfl_response_word(found->nontarget), bfl_new_lesions_word(found->new_lesions),
                   bfl_response_word(overall));
    *told = *found;
    told->reason = reasons->items[reasons->count - 1];
}

static bfl_response combine(const bfl_recist_case *c, bfl_recist_lens lens, const table_row *found, table_row *told,
                            bfl_reason_list *reasons) {
    bfl_rule_index table;
    bfl_response overall = bfl_recist_overall(found->target, found->nontarget, found->new_lesions, &table);
    if (lens == BFL_LENS_SOFT_TISSUE)
        bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_SOFT_TISSUE_READING), NULL,
                       "bone left out");
    if (overall != BFL_RESPONSE_NONE) tell_row(c, table, overall, found, told, reasons);
    return overall;
}

/* The reasons of a visit are those of the literal reading. */
static void keep_reasons(bfl_recist_lens lens, const bfl_reason_list *reasons, bfl_criterion_visit *visit,
                         bfl_recist_visit *out) {
    visit->reasons = reasons->items;
    visit->reason_count = reasons->count;
    if (lens != BFL_LENS_LITERAL) return;
    out->reasons = reasons->items;
    out->reason_count = reasons->count;
}

/* The smallest complete sum goes from visit to visit. */
static const target_reading *read_targets(const bfl_recist_case *c, bfl_recist_lens lens) {
    target_reading *readings = BFL_NEW_ARRAY(c->arena, c->visits->count, target_reading);
    bfl_maybe nadir = {.present = false};
    for (size_t i = 0; i < c->visits->count; i++) {
        target_reading *r = &readings[i];
        r->state = bfl_recist_target(c, i, lens, nadir, c->soft_tissue_alone ? NULL : &r->reasons);
        const bfl_maybe *sum = &r->state.sum;
        if (sum->present && (!nadir.present || bfl_decimal_compare(sum->value, nadir.value) < 0)) nadir = *sum;
    }
    return readings;
}

/* Without bone among the targets all three readings read the same of them. */
static bool targets_bone(const bfl_recist_case *c) {
    for (size_t i = 0; i < c->lesion_count; i++)
        if (c->lesions[i].target && c->lesions[i].tracked->organ == BFL_ORGAN_BONE) return true;
    return false;
}

static bfl_criterion_visit *read_course(bfl_recist_case *c, bfl_recist_lens lens, const target_reading *targets,
                                        table_row *told, bfl_recist_visit *visits) {
    bfl_criterion_visit *course = BFL_NEW_ARRAY(c->arena, c->visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < c->visits->count; i++) {
        bfl_reason_list all = {0}, *reasons = c->soft_tissue_alone ? NULL : &all;
        bfl_target_state target = targets[i].state;
        for (size_t k = 0; k < targets[i].reasons.count; k++) *BFL_PUSH(c->arena, &all) = targets[i].reasons.items[k];
        bfl_response nontarget = bfl_recist_nontarget(c, i, lens, target.response, reasons);
        bfl_new_lesions new_lesions = bfl_recist_new(c, i, lens, reasons);
        bfl_response overall = BFL_RESPONSE_NONE;
        table_row found = {target.response, nontarget, new_lesions, {.rule = NULL}};
        if (i > 0) overall = combine(c, lens, &found, &told[i], reasons);
        /* Only bone that may be flare was there to judge: nothing left is not the same as nothing wrong. */
        if (lens == BFL_LENS_FLARE_NOTE && overall == BFL_RESPONSE_NONE && visits[i].new_lesions == BFL_NEW_UNEQUIVOCAL)
            overall = BFL_RESPONSE_NE;
        course[i] = (bfl_criterion_visit){.day = c->visits->items[i].day,
                                          .response = overall,
                                          .without_targets = target.response == BFL_RESPONSE_NONE};
        visits[i].day = c->visits->items[i].day;
        visits[i].first_day = c->visits->items[i].first_day;
        visits[i].baseline = i == 0;
        write_visit(lens, &target, nontarget, new_lesions, overall, &visits[i]);
        keep_reasons(lens, &all, &course[i], &visits[i]);
    }
    return course;
}
