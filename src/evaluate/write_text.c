/* SPDX-License-Identifier: Apache-2.0 */
/* Tables to read, on a terminal or as Markdown. Percentages and days are whole; "-" is a number that cannot be computed. */
#include "evaluate/trace.h"

#include <math.h>
#include <string.h>

/* ---- tables ---- */

typedef struct grid {
    bfl_buf *out;
    bool markdown;
    size_t columns;
    BFL_LIST(const char *) cells; /* row after row, the head first */
} grid;

static void cell(grid *g, const char *text) { *BFL_PUSH(g->out->arena, &g->cells) = text; }

static void heading(bfl_buf *out, bool markdown, const char *text) {
    if (markdown)
        bfl_buf_addf(out, "\n### %s\n\n", text);
    else
        bfl_buf_addf(out, "\n%s\n", text);
}

static void markdown_row(const grid *g, size_t first) {
    for (size_t c = 0; c < g->columns; c++) bfl_buf_addf(g->out, "| %s ", g->cells.items[first + c]);
    bfl_buf_add(g->out, "|\n");
}

static void text_row(const grid *g, size_t first, const size_t *widths) {
    for (size_t c = 0; c < g->columns; c++) {
        const char *text = g->cells.items[first + c];
        bool last = c + 1 == g->columns;
        bfl_buf_addf(g->out, "%s%s", c ? "  " : "  ", text);
        for (size_t pad = strlen(text); !last && pad < widths[c]; pad++) bfl_buf_add(g->out, " ");
    }
    bfl_buf_add(g->out, "\n");
}

static void flush(grid *g) {
    size_t *widths = BFL_NEW_ARRAY(g->out->arena, g->columns, size_t);
    for (size_t i = 0; i < g->cells.count; i++) {
        size_t size = strlen(g->cells.items[i]);
        if (size > widths[i % g->columns]) widths[i % g->columns] = size;
    }
    for (size_t i = 0; i + g->columns <= g->cells.count; i += g->columns) {
        if (!g->markdown) text_row(g, i, widths);
        if (!g->markdown) continue;
        markdown_row(g, i);
        for (size_t c = 0; i == 0 && c < g->columns; c++) bfl_buf_add(g->out, c ? "---|" : "|---|");
        if (i == 0) bfl_buf_add(g->out, "\n");
    }
    g->cells.count = 0;
}

/* ---- numbers ---- */

static const char *counted(bfl_arena *arena, uint64_t n) {
    return bfl_arena_printf(arena, "%llu", (unsigned long long)n);
}

/* "12 % (9-16)" */
static const char *percent(bfl_arena *arena, bfl_eval_number n) {
    if (!n.present) return "-";
    if (!n.has_interval) return bfl_arena_printf(arena, "%ld %%", lround(100 * n.value));
    return bfl_arena_printf(arena, "%ld %% (%ld-%ld)", lround(100 * n.value), lround(100 * n.low),
                            lround(100 * n.high));
}

static const char *rounded(bfl_arena *arena, bfl_eval_number n, int places) {
    if (!n.present) return "-";
    bfl_buf out = {.arena = arena};
    bfl_buf_double(&out, n.value, places);
    if (!n.has_interval) return bfl_buf_z(&out);
    bfl_buf_add(&out, " (");
    bfl_buf_double(&out, n.low, places);
    bfl_buf_add(&out, n.low < 0 || n.high < 0 ? " to " : "-");
    bfl_buf_double(&out, n.high, places);
    bfl_buf_add(&out, ")");
    return bfl_buf_z(&out);
}

static const char *plain(bfl_arena *arena, double value, int places) {
    bfl_buf out = {.arena = arena};
    bfl_buf_double(&out, value, places);
    return bfl_buf_z(&out);
}

/* ---- parts ---- */

static void left_out(bfl_buf *out, const bfl_evaluation *e) {
    const bfl_eval_group *all = &e->groups[0];
    bfl_buf_addf(
        out,
        "%zu patient%s: %llu with questions about bone, %llu question%s, true progression at %llu of them. Left out: "
        "%zu whose truth is not known, %zu without a question.\n",
        e->patients, e->patients == 1 ? "" : "s", (unsigned long long)all->asked, (unsigned long long)all->questions,
        all->questions == 1 ? "" : "s", (unsigned long long)all->progressions, e->without_truth, e->without_question);
}

static void methods(bfl_buf *out, const bfl_eval_group *g, bool markdown) {
    bfl_arena *arena = out->arena;
    grid t = {.out = out, .markdown = markdown, .columns = 6};
    static const char *const first[] = {"method",      "wrong decisions", "abstains",
                                        "sensitivity", "specificity",     "PPV; NPV"};
    for (size_t i = 0; i < t.columns; i++) cell(&t, first[i]);
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) {
        const bfl_eval_result *r = &g->results[m];
        cell(&t, bfl_eval_method_word((bfl_eval_method)m));
        cell(&t, percent(arena, r->wrong));
        cell(&t, percent(arena, r->abstention));
        cell(&t, percent(arena, r->sensitivity));
        cell(&t, percent(arena, r->specificity));
        cell(&t, bfl_arena_printf(arena, "%s; %s", percent(arena, r->ppv), percent(arena, r->npv)));
    }
    flush(&t);
}

static const char *to_right(bfl_arena *arena, const bfl_eval_result *r, int which) {
    bool never = r->right_soon[which].present && !r->days_to_right[which].present;
    return never ? "not reached" : rounded(arena, r->days_to_right[which], 0);
}

static void courses(bfl_buf *out, const bfl_eval_group *g, bool markdown) {
    bfl_arena *arena = out->arena;
    grid t = {.out = out, .markdown = markdown, .columns = 7};
    static const char *const first[] = {"method",
                                        "effective days lost",
                                        "days of progression missed",
                                        "flare: right soon",
                                        "median days to it",
                                        "progression: right soon",
                                        "median days to it"};
    for (size_t i = 0; i < t.columns; i++) cell(&t, first[i]);
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) {
        const bfl_eval_result *r = &g->results[m];
        cell(&t, bfl_eval_method_word((bfl_eval_method)m));
        cell(&t, rounded(arena, r->days_lost, 0));
        cell(&t, rounded(arena, r->days_missed, 0));
        for (int which = 0; which < 2; which++) {
            cell(&t, percent(arena, r->right_soon[which]));
            cell(&t, to_right(arena, r, which));
        }
    }
    flush(&t);
}

/* Groups down, methods across: wrong decisions as events / questions. */
static void wrong_by(bfl_buf *out, const bfl_evaluation *e, const char *by, bool markdown) {
    bfl_arena *arena = out->arena;
    grid t = {.out = out, .markdown = markdown, .columns = 4 + BFL_EVAL_METHOD_COUNT};
    cell(&t, by);
    cell(&t, "questions");
    cell(&t, "progressions");
    cell(&t, "boneflare abstains");
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) cell(&t, bfl_eval_method_word((bfl_eval_method)m));
    for (size_t i = 0; i < e->group_count; i++) {
        const bfl_eval_group *g = &e->groups[i];
        if (strcmp(g->by, by) != 0) continue;
        cell(&t, g->name);
        cell(&t, counted(arena, g->questions));
        cell(&t, counted(arena, g->progressions));
        cell(&t, percent(arena, g->results[BFL_EVAL_BONEFLARE].abstention));
        for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) {
            const bfl_eval_result *r = &g->results[m];
            cell(&t, counted(arena, r->stop_well + r->keep_ill + r->wait_ill));
        }
    }
    flush(&t);
}

/* Groups down, methods across: days lost + days missed. */
static void days_by(bfl_buf *out, const bfl_evaluation *e, const char *by, bool markdown) {
    bfl_arena *arena = out->arena;
    grid t = {.out = out, .markdown = markdown, .columns = 2 + BFL_EVAL_METHOD_COUNT};
    cell(&t, by);
    cell(&t, "patients");
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) cell(&t, bfl_eval_method_word((bfl_eval_method)m));
    for (size_t i = 0; i < e->group_count; i++) {
        const bfl_eval_group *g = &e->groups[i];
        if (strcmp(g->by, by) != 0) continue;
        cell(&t, g->name);
        cell(&t, counted(arena, g->patients));
        for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) {
            const bfl_eval_result *r = &g->results[m];
            bool known = r->days_lost.present && r->days_missed.present;
            cell(&t,
                 known ? bfl_arena_printf(arena, "%ld + %ld", lround(r->days_lost.value), lround(r->days_missed.value))
                       : "-");
        }
    }
    flush(&t);
}

static void calibration(bfl_buf *out, const bfl_evaluation *e, bool markdown) {
    bfl_arena *arena = out->arena;
    grid t = {.out = out, .markdown = markdown, .columns = 6};
    static const char *const first[] = {"group", "questions", "Brier", "AUC", "slope", "intercept"};
    for (size_t i = 0; i < t.columns; i++) cell(&t, first[i]);
    for (size_t i = 0; i < e->group_count; i++) {
        const bfl_eval_group *g = &e->groups[i];
        cell(&t, g->name);
        cell(&t, counted(arena, g->questions));
        cell(&t, rounded(arena, g->brier, 3));
        cell(&t, rounded(arena, g->auc, 3));
        cell(&t, rounded(arena, g->slope, 2));
        cell(&t, rounded(arena, g->intercept, 2));
    }
    flush(&t);
    grid r = {.out = out, .markdown = markdown, .columns = 5};
    static const char *const second[] = {"probability of progression", "questions", "mean", "progressed",
                                         "share (95 %)"};
    bfl_buf_add(out, "\n");
    for (size_t i = 0; i < r.columns; i++) cell(&r, second[i]);
    for (size_t i = 0; i < e->bin_count; i++) {
        const bfl_eval_bin *b = &e->bins[i];
        cell(&r, bfl_arena_printf(arena, "%s-%s", plain(arena, b->from, 2), plain(arena, b->to, 2)));
        cell(&r, counted(arena, b->count));
        cell(&r, b->count ? plain(arena, b->expected, 2) : "-");
        cell(&r, counted(arena, b->progressions));
        cell(&r, percent(arena, b->observed));
    }
    flush(&r);
}

static void curve(bfl_buf *out, const bfl_evaluation *e, bool markdown) {
    bfl_arena *arena = out->arena;
    grid t = {.out = out, .markdown = markdown, .columns = 9};
    static const char *const first[] = {"threshold",         "boneflare (probability)",
                                        "boneflare (state)", "recist11",
                                        "irecist",           "pcwg3",
                                        "mda2004",           "alp_jung",
                                        "stop all"};
    for (size_t i = 0; i < t.columns; i++) cell(&t, first[i]);
    for (size_t i = 0; i < e->curve_count; i++) {
        const bfl_eval_threshold *c = &e->curve[i];
        cell(&t, plain(arena, c->probability, 2));
        cell(&t, plain(arena, c->boneflare, 3));
        for (int m = 0; m <= BFL_EVAL_ALP; m++) cell(&t, plain(arena, c->methods[m], 3));
        cell(&t, plain(arena, c->stop_all, 3));
    }
    flush(&t);
}

static void ablation(bfl_buf *out, const bfl_evaluation *e, bool markdown) {
    bfl_arena *arena = out->arena;
    grid t = {.out = out, .markdown = markdown, .columns = 5};
    static const char *const first[] = {"without", "wrong decisions", "abstains", "Brier", "AUC"};
    for (size_t i = 0; i < t.columns; i++) cell(&t, first[i]);
    for (size_t i = 0; i < e->ablation_count; i++) {
        const bfl_eval_ablation *a = &e->ablations[i];
        cell(&t, a->group[0] ? a->group : "(nothing left out)");
        cell(&t, percent(arena, a->wrong));
        cell(&t, percent(arena, a->abstention));
        cell(&t, rounded(arena, a->brier, 3));
        cell(&t, rounded(arena, a->auc, 3));
    }
    flush(&t);
}

static void definitions(bfl_buf *out, const bfl_evaluation *e, bool markdown) {
    for (size_t i = 0; i < e->definition_count; i++) {
        const bfl_eval_definition *d = &e->definitions[i];
        bfl_buf_addf(out, markdown ? "- **%s** (`%s`). %s\n" : "  %s (%s): %s\n", d->title, d->id, d->text);
    }
}

void bfl_eval_write_text(bfl_buf *out, const bfl_evaluation *e, bool markdown) {
    bool days = false;
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) days = days || e->groups[0].results[m].days_lost.present;
    left_out(out, e);
    heading(out, markdown, "At the questions");
    methods(out, &e->groups[0], markdown);
    if (days) heading(out, markdown, "Over all visits");
    if (days) courses(out, &e->groups[0], markdown);
    heading(out, markdown, "Wrong decisions by drug class");
    wrong_by(out, e, "class", markdown);
    heading(out, markdown, "Wrong decisions by day of therapy");
    wrong_by(out, e, "window", markdown);
    if (days) heading(out, markdown, "Days lost + days missed, a patient, by drug class");
    if (days) days_by(out, e, "class", markdown);
    heading(out, markdown, "Calibration of the probability of progression");
    calibration(out, e, markdown);
    heading(out, markdown, "Decision curve: net benefit a question");
    curve(out, e, markdown);
    if (e->ablation_count) heading(out, markdown, "Without a group of evidence");
    if (e->ablation_count) ablation(out, e, markdown);
    heading(out, markdown, "What is counted");
    definitions(out, e, markdown);
    if (!markdown)
        bfl_buf_addf(out, "\nrulebook %s, sha256 %s, seed %llu\n", e->rulebook_version, e->rulebook_sha256,
                     (unsigned long long)e->seed);
}
