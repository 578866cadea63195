/* SPDX-License-Identifier: Apache-2.0 */
/* RECIST 1.1, visit by visit. Eisenhauer 2009; the three readings differ only in the lesions they look at. */
#include "criteria/recist/recist.h"
#include "criteria/recist/parts.h"

/* What a reading makes of a visit, part by part. */
typedef struct visit_parts {
    bfl_target_state target;
    bfl_response nontarget;
    bfl_new_lesions new_lesions;
    bfl_reason_list of_target, of_nontarget, of_new;
    unsigned alike; /* the parts that are those of the literal reading */
} visit_parts;

/* Of a table: its row, and how it was told. */
typedef struct table_row {
    bfl_response target, nontarget;
    bfl_new_lesions new_lesions;
    bfl_reason reason;
} table_row;
typedef BFL_LIST(table_row) table_rows;

static void prepare(bfl_recist_case *c);
static const visit_parts *read_parts(const bfl_recist_case *c, bfl_recist_lens lens, const visit_parts *literal);
static bfl_criterion_visit *read_course(const bfl_recist_case *c, bfl_recist_lens lens, const visit_parts *parts,
                                        table_rows *told, bfl_recist_visit *visits);
static void check_baseline(bfl_recist_case *c);

const bfl_recist *bfl_recist_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                    const bfl_visits *visits) {
    bfl_recist *result = BFL_NEW(arena, bfl_recist);
    if (visits->count == 0) return result;
    bfl_recist_case c = {.arena = arena, .record = record, .rulebook = rulebook, .visits = visits};
    check_baseline(&c);
    prepare(&c);
    bfl_recist_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_recist_visit);
    const visit_parts *literal = NULL;
    table_rows told = {0};
    for (int lens = 0; lens < BFL_LENS_COUNT; lens++) {
        const visit_parts *parts = read_parts(&c, (bfl_recist_lens)lens, literal);
        result->readings[lens] = read_course(&c, (bfl_recist_lens)lens, parts, &told, out);
        if (lens == BFL_LENS_LITERAL) literal = parts;
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
    prepare(&c);
    bfl_recist_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_recist_visit);
    (void)read_course(&c, BFL_LENS_SOFT_TISSUE, read_parts(&c, BFL_LENS_SOFT_TISSUE, NULL), &(table_rows){0}, out);
    return out;
}

/* What every reading rests on. */
static void prepare(bfl_recist_case *c) {
    c->persisting = BFL_NEW(c->arena, bfl_persisting);
    bfl_recist_follow(c);
    bfl_recist_find_new(c);
    bfl_recist_look(c);
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

/* The same row of a table is told once. */
static const bfl_reason *tell_row(const bfl_recist_case *c, bfl_rule_index table, bfl_response overall,
                                  const visit_parts *p, table_rows *told) {
    for (size_t i = 0; i < told->count; i++) {
        const table_row *row = &told->items[i];
        if (row->target == p->target.response && row->nontarget == p->nontarget && row->new_lesions == p->new_lesions)
            return &row->reason;
    }
    table_row *row = BFL_PUSH(c->arena, told);
    *row = (table_row){p->target.response, p->nontarget, p->new_lesions, {.rule = bfl_rule_of(c->rulebook, table)}};
    row->reason.finding = BFL_FINDING(c->arena, BFL_TEXT("target "), bfl_text_of(bfl_response_word(row->target)),
                                      BFL_TEXT(", non-target "), bfl_text_of(bfl_response_word(row->nontarget)),
                                      BFL_TEXT(", new lesions "), bfl_text_of(bfl_new_lesions_word(row->new_lesions)),
                                      BFL_TEXT(": "), bfl_text_of(bfl_response_word(overall)));
    return &row->reason;
}

static void join(bfl_reason_list *all, const bfl_reason_list *part) {
    for (size_t i = 0; i < part->count; i++) all->items[all->count++] = part->items[i];
}

/* Part by part, and the row of the table that joins them. */
static bfl_reason_list join_reasons(const bfl_recist_case *c, bfl_recist_lens lens, size_t visit, const visit_parts *p,
                                    const bfl_reason *row) {
    bool without_bone = lens == BFL_LENS_SOFT_TISSUE && visit > 0;
    size_t count = p->of_target.count + p->of_nontarget.count + p->of_new.count + without_bone + (row != NULL);
    if (c->soft_tissue_alone || count == 0) return (bfl_reason_list){0};
    bfl_reason_list all = bfl_reasons_for(c->arena, count);
    join(&all, &p->of_target);
    join(&all, &p->of_nontarget);
    join(&all, &p->of_new);
    if (without_bone)
        bfl_reason_push(c->arena, &all, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_SOFT_TISSUE_READING), NULL,
                        "bone left out");
    if (row) *BFL_PUSH(c->arena, &all) = *row;
    return all;
}

/* Without bone among the targets all three readings read the same of them. */
static bool targets_bone(const bfl_recist_case *c) {
    for (size_t i = 0; i < c->lesion_count; i++)
        if (c->lesions[i].target && c->lesions[i].tracked->organ == BFL_ORGAN_BONE) return true;
    return false;
}

enum { TARGET = 1 << 0, NONTARGET = 1 << 1, NEW = 1 << 2, ALL = TARGET | NONTARGET | NEW };

/* The parts of a visit that this reading sees as the literal one does. */
static unsigned seen_alike(const bfl_recist_case *c, bfl_recist_lens lens, size_t visit) {
    bool target = lens == BFL_LENS_FLARE_NOTE || !targets_bone(c);
    bool nontarget = target && bfl_recist_same_nontarget(c, visit, lens);
    return (target ? TARGET : 0u) | (nontarget ? NONTARGET : 0u) | (bfl_recist_same_new(c, visit, lens) ? NEW : 0u);
}

static void look_at(const bfl_recist_case *c, bfl_recist_lens lens, size_t visit, bfl_maybe nadir, visit_parts *p) {
    bool told = !c->soft_tissue_alone;
    bfl_reason_list target = {0}, nontarget = {0}, new_lesions = {0};
    if (!(p->alike & TARGET)) {
        p->target = bfl_recist_target(c, visit, lens, nadir, told ? &target : NULL);
        p->of_target = target;
    }
    if (!(p->alike & NONTARGET)) {
        p->nontarget = bfl_recist_nontarget(c, visit, lens, p->target.response, told ? &nontarget : NULL);
        p->of_nontarget = nontarget;
    }
    if (!(p->alike & NEW)) {
        p->new_lesions = bfl_recist_new(c, visit, lens, told ? &new_lesions : NULL);
        p->of_new = new_lesions;
    }
}

/* The smallest complete sum goes from visit to visit. */
static const visit_parts *read_parts(const bfl_recist_case *c, bfl_recist_lens lens, const visit_parts *literal) {
    visit_parts *parts = BFL_NEW_ARRAY(c->arena, c->visits->count, visit_parts);
    bfl_maybe nadir = {.present = false};
    for (size_t i = 0; i < c->visits->count; i++) {
        if (literal) parts[i] = literal[i];
        parts[i].alike = literal ? seen_alike(c, lens, i) : 0;
        look_at(c, lens, i, nadir, &parts[i]);
        const bfl_maybe *sum = &parts[i].target.sum;
        if (sum->present && (!nadir.present || bfl_decimal_compare(sum->value, nadir.value) < 0)) nadir = *sum;
    }
    return parts;
}

/* The reasons of a visit are those of the literal reading. */
static void write_visit(bfl_recist_lens lens, const visit_parts *p, const bfl_criterion_visit *said,
                        bfl_recist_visit *out) {
    if (lens == BFL_LENS_FLARE_NOTE) out->overall_flare_note = said->response;
    if (lens == BFL_LENS_SOFT_TISSUE) out->soft_tissue = said->response;
    if (lens != BFL_LENS_LITERAL) return;
    out->target = p->target.response;
    out->nontarget = p->nontarget;
    out->new_lesions = p->new_lesions;
    out->overall = said->response;
    out->sum_mm = p->target.sum;
    out->nadir_mm = p->target.nadir;
    out->change_percent = p->target.change;
    out->nadir_change_percent = p->target.nadir_change;
    out->reasons = said->reasons;
    out->reason_count = said->reason_count;
}

static bfl_criterion_visit *read_course(const bfl_recist_case *c, bfl_recist_lens lens, const visit_parts *parts,
                                        table_rows *told, bfl_recist_visit *visits) {
    bfl_criterion_visit *course = BFL_NEW_ARRAY(c->arena, c->visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < c->visits->count; i++) {
        const visit_parts *p = &parts[i];
        bfl_response overall = BFL_RESPONSE_NONE;
        const bfl_reason *row = NULL;
        bfl_rule_index table = BFL_RULE_RECIST11_OVERALL_TARGET;
        if (i > 0) overall = bfl_recist_overall(p->target.response, p->nontarget, p->new_lesions, &table);
        if (overall != BFL_RESPONSE_NONE && !c->soft_tissue_alone) row = tell_row(c, table, overall, p, told);
        bool told_before = lens == BFL_LENS_FLARE_NOTE && p->alike == ALL;
        bfl_reason_list reasons = told_before ? (bfl_reason_list){0} : join_reasons(c, lens, i, p, row);
        /* Only bone that may be flare was there to judge: nothing left is not the same as nothing wrong. */
        if (lens == BFL_LENS_FLARE_NOTE && overall == BFL_RESPONSE_NONE && visits[i].new_lesions == BFL_NEW_UNEQUIVOCAL)
            overall = BFL_RESPONSE_NE;
        course[i] = (bfl_criterion_visit){.day = c->visits->items[i].day, .response = overall};
        course[i].without_targets = p->target.response == BFL_RESPONSE_NONE;
        course[i].reasons = told_before ? visits[i].reasons : reasons.items;
        course[i].reason_count = told_before ? visits[i].reason_count : reasons.count;
        visits[i].day = c->visits->items[i].day;
        visits[i].first_day = c->visits->items[i].first_day;
        visits[i].baseline = i == 0;
        write_visit(lens, p, &course[i], &visits[i]);
    }
    return course;
}
