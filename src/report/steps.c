/* SPDX-License-Identifier: Apache-2.0 */
/* What to do next, the pathway of a raised ALP, and the problems in the data. */
#include "report/page.h"

static bool given(const char *z) { return z && z[0]; }

static void due(bfl_page *page, const bfl_step *step) {
    if (!step->has_by) return;
    bfl_page_raw(page, "<span class=\"due\">by <time>");
    bfl_page_text(page, bfl_say_day(page->arena, page->a->record, step->by_day));
    bfl_page_raw(page, "</time></span> ");
}

static bool same_step(const bfl_step *a, const bfl_step *b) {
    return a && b && (a == b || (a->rule && a->rule == b->rule));
}

static void next_item(bfl_page *page, const bfl_step *step) {
    bfl_page_raw(page, "<li><p class=\"action\">");
    due(page, step);
    bfl_page_text(page, step->action);
    if (same_step(page->a->workup->most_useful, step))
        bfl_page_raw(page, " <span class=\"chip undetermined\">most useful next test</span>");
    bfl_page_raw(page, "</p>");
    if (given(step->why)) bfl_page_element(page, "p", "whyso", step->why);
    if (given(step->changes)) bfl_page_element(page, "p", "changes", step->changes);
    bfl_page_raw(page, "<p class=\"from\">");
    bfl_page_sources(page, step->rule);
    bfl_page_events(page, step->events, step->event_count);
    bfl_page_raw(page, "</p></li>\n");
}

void bfl_page_next(bfl_page *page) {
    const bfl_workup *workup = page->a->workup;
    if (workup->next_count == 0) return;
    bfl_page_section(page, "next", "next", "What next");
    bfl_page_raw(page, "<ol>");
    for (size_t i = 0; i < workup->next_count; i++) next_item(page, &workup->next[i]);
    bfl_page_raw(page, "</ol>\n");
    bfl_page_end_section(page);
}

/* ---- pathway ---- */

static void pathway_item(bfl_page *page, const bfl_step *step) {
    static const char *const names[] = {"done", "next", "later", "not needed"};
    static const char *const marks[] = {"✓", "→", "○", "–"};
    static const char *const classes[] = {"done", "now", "later", "unneeded"};
    bfl_buf_addf(page->out, "<li class=\"%s\"><span class=\"mark\" aria-hidden=\"true\">%s</span><div>",
                 classes[step->state], marks[step->state]);
    if (step->rule) {
        bfl_page_element(page, "strong", "", step->rule->title);
        bfl_page_raw(page, " ");
    }
    bfl_page_element(page, "span", "state", names[step->state]);
    bfl_page_raw(page, "<p>");
    bfl_page_text(page, step->state == BFL_STEP_DONE && given(step->why) ? step->why : step->action);
    if (step->state != BFL_STEP_DONE && given(step->why)) {
        bfl_page_raw(page, " <span class=\"whyso\">");
        bfl_page_text(page, step->why);
        bfl_page_raw(page, "</span>");
    }
    bfl_page_raw(page, " ");
    bfl_page_sources(page, step->rule);
    bfl_page_events(page, step->events, step->event_count);
    bfl_page_raw(page, "</p></div></li>\n");
}

static void skipped(bfl_page *page, const bfl_workup *workup) {
    size_t count = 0;
    for (size_t i = 0; i < workup->pathway_count; i++) count += workup->pathway[i].state == BFL_STEP_NOT_NEEDED;
    if (count == 0) return;
    bfl_buf_addf(page->out, "<details><summary>%zu not needed</summary><ol>", count);
    for (size_t i = 0; i < workup->pathway_count; i++)
        if (workup->pathway[i].state == BFL_STEP_NOT_NEEDED) pathway_item(page, &workup->pathway[i]);
    bfl_page_raw(page, "</ol></details>\n");
}

void bfl_page_pathway(bfl_page *page) {
    const bfl_workup *workup = page->a->workup;
    if (workup->pathway_count == 0) return;
    bfl_page_section(page, "pathway", "pathway", "Pathway of a raised alkaline phosphatase");
    bfl_page_raw(page, "<ol>");
    for (size_t i = 0; i < workup->pathway_count; i++)
        if (workup->pathway[i].state != BFL_STEP_NOT_NEEDED) pathway_item(page, &workup->pathway[i]);
    bfl_page_raw(page, "</ol>\n");
    skipped(page, workup);
    bfl_page_end_section(page);
}

/* ---- problems in the data ---- */

static void issue_row(bfl_page *page, const bfl_issue_group *group) {
    static const char *const names[] = {"note", "warning", "cannot be used"};
    static const char *const classes[] = {"note", "warning", "error"};
    const bfl_issue *issue = group->first;
    bfl_buf_addf(page->out, "<tr><td><span class=\"severity %s\">%s</span></td><th scope=\"row\">",
                 classes[issue->severity], names[issue->severity]);
    bfl_page_text(page, group->where);
    if (given(issue->column)) bfl_page_element(page, "span", "kind", issue->column);
    bfl_page_raw(page, "</th>");
    bfl_page_cell(page, "", group->found);
    bfl_page_cell(page, "", issue->expected);
    bfl_page_cell(page, "", issue->action);
    bfl_page_raw(page, "</tr>\n");
}

void bfl_page_issue_table(bfl_page *page, const char *caption, const bfl_issue *issues, size_t count) {
    bfl_issue_groups groups = bfl_issue_groups_of(page->arena, issues, count);
    bfl_page_table(page, "issues", caption, (const char *[]){"Kind", "Where", "Found", "Expected", "What to do", NULL});
    for (size_t i = 0; i < groups.count; i++) issue_row(page, &groups.items[i]);
    bfl_page_end_table(page);
}

void bfl_page_issues(bfl_page *page) {
    const bfl_assessment *a = page->a;
    if (a->issue_count == 0) return;
    bfl_page_section(page, "issues", "issues", "Problems in the data");
    bfl_page_issue_table(page, "Where the record contradicts itself or could not be used", a->issues, a->issue_count);
    bfl_page_end_section(page);
}
