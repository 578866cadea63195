/* SPDX-License-Identifier: Apache-2.0 */
/* The criteria side by side, and every lesion with its course over the studies. */
#include "record/record.h"
#include "report/page.h"

#include <string.h>

enum { MOST_CONFLICTS = 3 };

/* ---- criteria ---- */

static void response_cell(bfl_page *page, bfl_response response) {
    bfl_page_raw(page, "<td class=\"c\">");
    bfl_page_response(page, response);
    bfl_page_raw(page, "</td>");
}

static void visit_row(bfl_page *page, const bfl_criteria *c, size_t i) {
    const bfl_recist_visit *v = &c->visits[i];
    bfl_response mda = bfl_response_of(c, "mda2004", i);
    bool clash = v->overall == BFL_RESPONSE_PD && mda != BFL_RESPONSE_PD && mda != BFL_RESPONSE_NONE;
    bfl_buf_addf(page->out, "<tr%s><th scope=\"row\">", clash ? " class=\"clash\"" : "");
    bfl_page_text(page, bfl_say_day(page->arena, page->a->record, v->day));
    bfl_page_raw(page, "</th>");
    bfl_page_cell(page, "num", bfl_say_maybe(page->arena, v->sum_mm));
    bfl_page_cell(page, "num", v->baseline ? "baseline" : bfl_say_change(page->arena, v->change_percent));
    bfl_page_cell(page, "num", v->baseline ? "–" : bfl_say_change(page->arena, v->nadir_change_percent));
    response_cell(page, v->target);
    response_cell(page, v->nontarget);
    bfl_page_cell(page, "c", v->new_lesions == BFL_NEW_NONE ? "–" : bfl_new_lesions_word(v->new_lesions));
    response_cell(page, v->overall);
    response_cell(page, v->overall_flare_note);
    response_cell(page, v->soft_tissue);
    response_cell(page, mda);
    for (size_t k = 0; k < c->criterion_count; k++) {
        if (!bfl_criterion_is_further(&c->criteria[k])) continue;
        bfl_page_raw(page, "<td class=\"c\">");
        bfl_page_reading(page, &c->criteria[k].visits[i]);
        bfl_page_raw(page, "</td>");
    }
    bfl_page_raw(page, "</tr>\n");
}

/* Two header rows: which criterion, then which part of it. */
static void criteria_head(bfl_page *page, const bfl_criteria *c) {
    const char *caption = "The same visits, read by each criterion";
    bfl_page_raw(page, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Criteria\">"
                       "<table class=\"criteria\"><caption>");
    bfl_page_text(page, caption);
    bfl_page_raw(page,
                 "</caption>\n<thead><tr><th scope=\"col\" rowspan=\"2\">Visit</th>"
                 "<th scope=\"colgroup\" colspan=\"3\">Sum of diameters</th>"
                 "<th scope=\"colgroup\" colspan=\"5\">RECIST 1.1</th>"
                 "<th scope=\"col\" rowspan=\"2\">Soft tissue only</th><th scope=\"col\" rowspan=\"2\">MDA bone</th>");
    for (size_t k = 0; k < c->criterion_count; k++) {
        if (!bfl_criterion_is_further(&c->criteria[k])) continue;
        bfl_page_raw(page, "<th scope=\"col\" rowspan=\"2\">");
        bfl_page_text(page, c->criteria[k].name);
        bfl_page_raw(page, "</th>");
    }
    bfl_page_raw(
        page, "</tr><tr><th scope=\"col\">mm</th><th scope=\"col\">from baseline</th><th scope=\"col\">from nadir</th>"
              "<th scope=\"col\">target</th><th scope=\"col\">non-target</th><th scope=\"col\">new</th>"
              "<th scope=\"col\">as read</th><th scope=\"col\">with flare note</th></tr></thead>\n<tbody>\n");
}

static void visit_reasons(bfl_page *page, const bfl_criteria *c, size_t i) {
    const bfl_recist_visit *v = &c->visits[i];
    size_t others = 0;
    for (size_t k = 0; k < c->criterion_count; k++)
        if (i < c->criteria[k].visit_count && strcmp(c->criteria[k].id, "recist11") != 0)
            others += c->criteria[k].visits[i].reason_count;
    if (v->reason_count + others == 0) return;
    bfl_page_element(page, "h4", "", bfl_say_day(page->arena, page->a->record, v->day));
    bfl_page_reasons(page, v->reasons, v->reason_count);
    for (size_t k = 0; k < c->criterion_count; k++) {
        if (i >= c->criteria[k].visit_count || strcmp(c->criteria[k].id, "recist11") == 0) continue;
        const bfl_criterion_visit *reading = &c->criteria[k].visits[i];
        if (reading->reason_count == 0) continue;
        bfl_page_element(page, "p", "criterion", c->criteria[k].name);
        bfl_page_reasons(page, reading->reasons, reading->reason_count);
    }
}

static void best(bfl_page *page) {
    const bfl_best_responses *b = page->a->best;
    const struct {
        const char *name;
        bfl_response response;
    } rows[] = {{"as read", b->overall},
                {"confirmed", b->confirmed},
                {"under the flare note", b->flare_note},
                {"soft tissue only", b->soft_tissue}};
    bfl_page_raw(page, "<p class=\"best\">Best overall response: ");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i) bfl_page_raw(page, ", ");
        bfl_page_text(page, rows[i].name);
        bfl_page_raw(page, " ");
        bfl_page_response(page, rows[i].response);
    }
    bfl_page_raw(page, page->a->criteria->measurable ? ".</p>\n" : ". No measurable disease at baseline.</p>\n");
}

void bfl_page_criteria(bfl_page *page) {
    const bfl_criteria *c = page->a->criteria;
    bool any = false;
    for (size_t i = 0; i < c->visit_count; i++) any = any || !c->visits[i].baseline || c->visits[i].sum_mm.present;
    if (!any) return;
    bfl_page_section(page, "criteria", "criteria", "Criteria, side by side");
    if (c->conflict_count) {
        bfl_page_raw(page, "<div class=\"callout\"><p><strong>The criteria contradict each other.</strong></p>");
        size_t first = c->conflict_count > MOST_CONFLICTS ? MOST_CONFLICTS : c->conflict_count;
        bfl_page_reasons(page, c->conflicts, first);
        if (first < c->conflict_count) {
            bfl_buf_addf(page->out, "<details><summary>%zu more visits</summary>", c->conflict_count - first);
            bfl_page_reasons(page, c->conflicts + first, c->conflict_count - first);
            bfl_page_raw(page, "</details>");
        }
        bfl_page_raw(page, "</div>\n");
    }
    criteria_head(page, c);
    for (size_t i = 0; i < c->visit_count; i++) visit_row(page, c, i);
    bfl_page_end_table(page);
    best(page);
    bfl_page_raw(page, "<details><summary>Reasons of every criterion, visit by visit</summary>");
    for (size_t i = 0; i < c->visit_count; i++) visit_reasons(page, c, i);
    bfl_page_raw(page, "</details>\n");
    bfl_page_end_section(page);
}

/* ---- lesions ---- */

typedef BFL_LIST(int32_t) day_list;
typedef BFL_LIST(const bfl_lesion *) lesion_list;

static day_list study_days(bfl_page *page) {
    const bfl_record *record = page->a->record;
    day_list days = {0};
    for (size_t i = 0; i < record->lesion_count; i++) {
        const bfl_lesion *l = &record->lesions[i];
        if (l->when.known && (days.count == 0 || days.items[days.count - 1] != l->when.day))
            *BFL_PUSH(page->arena, &days) = l->when.day;
    }
    return days;
}

/* One row of the table: the same lesion, or the same place in the skeleton (CT and PET may number it differently). */
static bool same_lesion(const bfl_lesion *a, const bfl_lesion *b) {
    if (strcmp(a->id, b->id) == 0) return true;
    bool bone = a->organ == BFL_ORGAN_BONE && b->organ == BFL_ORGAN_BONE;
    return bone && a->site && b->site && a->site[0] && bfl_site_same(a->site, b->site);
}

/* The first row of each lesion, in the order they appear; bone first, because the question is there. */
static lesion_list lesions(bfl_page *page) {
    const bfl_record *record = page->a->record;
    lesion_list list = {0};
    for (int bone = 1; bone >= 0; bone--)
        for (size_t i = 0; i < record->lesion_count; i++) {
            const bfl_lesion *l = &record->lesions[i];
            bool known = (l->organ == BFL_ORGAN_BONE) != (bone == 1);
            for (size_t k = 0; k < list.count && !known; k++) known = same_lesion(list.items[k], l);
            if (!known) *BFL_PUSH(page->arena, &list) = l;
        }
    return list;
}

static void add_word(bfl_buf *out, const char *word) {
    if (word && word[0]) bfl_buf_addf(out, "%s%s", out->size ? ", " : "", word);
}

static void changes(bfl_buf *out, unsigned set) {
    static const struct {
        unsigned bit;
        const char *word;
    } words[] = {{BFL_CHANGE_LARGER, "larger"},
                 {BFL_CHANGE_SMALLER, "smaller"},
                 {BFL_CHANGE_STABLE, "unchanged"},
                 {BFL_CHANGE_DENSER, "denser"},
                 {BFL_CHANGE_LESS_DENSE, "less dense"},
                 {BFL_CHANGE_SCLEROSED, "sclerosed"},
                 {BFL_CHANGE_RIM, "sclerotic rim"},
                 {BFL_CHANGE_FILLED_IN, "filled in"},
                 {BFL_CHANGE_LYTIC_GROWTH, "lytic growth"},
                 {BFL_CHANGE_SOFT_MASS, "soft-tissue mass"},
                 {BFL_CHANGE_UPTAKE_UP, "more uptake"},
                 {BFL_CHANGE_UPTAKE_DOWN, "less uptake"},
                 {BFL_CHANGE_MORE, "more numerous"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (set & words[i].bit) add_word(out, words[i].word);
}

/* "45 mm", "10 mm short", "320 HU", "SUV 8.1" */
static void sizes(bfl_page *page, bfl_buf *out, const bfl_lesion *l) {
    bool short_axis = l->organ == BFL_ORGAN_NODE && l->short_mm.present;
    const struct {
        bfl_maybe value;
        bool shown;
        const char *before, *after;
    } parts[] = {{l->longest_mm, !short_axis, "", " mm"},
                 {l->short_mm, short_axis, "", " mm short"},
                 {l->hu_mean, true, "", " HU"},
                 {l->suv_max, true, "SUV ", ""}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].value.present && parts[i].shown)
            add_word(out, bfl_arena_printf(page->arena, "%s%s%s", parts[i].before,
                                           bfl_say_maybe(page->arena, parts[i].value), parts[i].after));
}

/* "new, blastic, 12 mm, sclerosed", "absent": one study of one lesion. */
static const char *finding(bfl_page *page, const bfl_lesion *l) {
    bfl_buf out = {.arena = page->arena};
    if (l->role == BFL_ROLE_NEW) add_word(&out, "new");
    if (l->organ == BFL_ORGAN_BONE) add_word(&out, bfl_matrix_word(l->matrix));
    sizes(page, &out, l);
    bool plain = l->state == BFL_LESION_MEASURED || l->state == BFL_LESION_NONE ||
                 (l->state == BFL_LESION_PRESENT && out.size > 0);
    if (!plain) add_word(&out, bfl_say_spaced(page->arena, bfl_lesion_state_word(l->state)));
    changes(&out, l->changes);
    if (l->uptake != BFL_UPTAKE_NONE)
        add_word(&out, bfl_arena_printf(page->arena, "uptake %s", bfl_uptake_word(l->uptake)));
    if (l->beyond_bone == BFL_SAID_YES) add_word(&out, "beyond the bone");
    return bfl_buf_z(&out);
}

static void study_cell(bfl_page *page, const bfl_lesion *row, int32_t day) {
    const bfl_record *record = page->a->record;
    bool any = false;
    bfl_page_raw(page, "<td>");
    for (size_t i = 0; i < record->lesion_count; i++) {
        const bfl_lesion *l = &record->lesions[i];
        if (!l->when.known || l->when.day != day || !same_lesion(row, l)) continue;
        if (any) bfl_page_raw(page, "<br>");
        if (l->modality != BFL_MODALITY_NONE) bfl_page_element(page, "span", "modality", bfl_say_modality(l->modality));
        bfl_page_raw(page, " ");
        bfl_page_text(page, finding(page, l));
        any = true;
    }
    if (!any) bfl_page_raw(page, "<span class=\"quiet\">–</span>");
    bfl_page_raw(page, "</td>");
}

static void lesion_row(bfl_page *page, const bfl_lesion *l, const day_list *days) {
    bfl_page_raw(page, "<tr><th scope=\"row\">");
    bfl_page_text(page, l->site && l->site[0] ? l->site : l->id);
    bfl_buf kind = {.arena = page->arena};
    if (l->organ != BFL_ORGAN_NONE) add_word(&kind, bfl_say_spaced(page->arena, bfl_organ_word(l->organ)));
    if (l->role == BFL_ROLE_TARGET || l->role == BFL_ROLE_NON_TARGET)
        add_word(&kind, bfl_say_spaced(page->arena, bfl_role_word(l->role)));
    bfl_page_element(page, "span", "kind", bfl_buf_z(&kind));
    bfl_page_raw(page, "</th>");
    for (size_t d = 0; d < days->count; d++) study_cell(page, l, days->items[d]);
    bfl_page_raw(page, "</tr>\n");
}

void bfl_page_lesions(bfl_page *page) {
    const bfl_record *record = page->a->record;
    day_list days = study_days(page);
    if (record->lesion_count == 0 || days.count == 0) return;
    const char **heads = BFL_NEW_ARRAY(page->arena, days.count + 2, const char *);
    heads[0] = "Lesion";
    for (size_t d = 0; d < days.count; d++) heads[d + 1] = bfl_say_day(page->arena, record, days.items[d]);
    bfl_page_section(page, "lesions", "lesions", "Lesions over time");
    bfl_page_table(page, "lesions", "Each lesion at each study, bone first", heads);
    lesion_list list = lesions(page);
    for (size_t i = 0; i < list.count; i++) lesion_row(page, list.items[i], &days);
    bfl_page_end_table(page);
    bfl_page_end_section(page);
}
