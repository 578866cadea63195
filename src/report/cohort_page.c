/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML report of a study: one file, no script, nothing from the network. Each part has its figures, then its tables; every
 * figure is described in words, and every number of a figure stands in a table or data set.
 */
#include "report/cohort_figures.h"
#include "report/page.h"

#include <string.h>

/* What a part is called, and its tables in the order they are shown. */
typedef struct part {
    bfl_study_part figures;
    const char *id, *title;
    const char *const *tables;
} part;

static const char *const response_tables[] = {"response", "criteria", "flare_response", NULL};
static const char *const flare_tables[] = {"flare", "onset", "onset_tests", "onset_curve", "agreement", NULL};
static const char *const marker_tables[] = {"markers", "marker_tests", "marker_model", NULL};
static const char *const survival_tables[] = {"survival", "survival_tests", "at_risk", "survival_curve",
                                              "cox",      "landmark",       "forest",  NULL};
static const char *const patient_tables[] = {"patients", NULL};
static const char *const first_tables[] = {"baseline", "published", "slips", NULL};
static const part parts[] = {
    {BFL_PART_RESPONSE, "response", "Response", response_tables},
    {BFL_PART_FLARE, "flare", "Flare", flare_tables},
    {BFL_PART_MARKERS, "markers", "Serial markers", marker_tables},
    {BFL_PART_SURVIVAL, "survival", "Times to events", survival_tables},
    {BFL_PART_PATIENTS, "patients", "Patients", patient_tables},
};
enum { PARTS = sizeof parts / sizeof *parts, LONG_TABLE = 24 };

/* ---- tables ---- */

/* A column of numbers: all its cells are, or are missing. */
static bool is_numeric(const bfl_cohort_table *t, size_t column) {
    bool any = false;
    for (size_t row = 0; row < t->row_count; row++) {
        bfl_cell_kind kind = t->cells[row * t->column_count + column].kind;
        if (kind == BFL_CELL_TEXT) return false;
        any = any || kind != BFL_CELL_MISSING;
    }
    return any;
}

static void cell(bfl_page *page, const bfl_cell *c, const char *class_name, bool first) {
    bfl_buf_addf(page->out, first ? "<th scope=\"row\"%s>" : "<td%s>", class_name);
    if (c->text && c->text[0] && c->kind == BFL_CELL_MISSING)
        bfl_page_element(page, "span", "quiet", c->text);
    else if (c->text && c->text[0])
        bfl_page_text(page, c->text);
    else
        bfl_page_raw(page, "<span class=\"quiet\">–</span>");
    bfl_page_raw(page, first ? "</th>" : "</td>");
}

/* "57 (100.0 %)" or "62.0 (33-75)": kept on one line. */
static bool is_count(const bfl_cell *c) {
    bool begins = c->text && c->text[0] >= '0' && c->text[0] <= '9';
    size_t size = begins ? strlen(c->text) : 0;
    return size && c->text[size - 1] == ')';
}

/* A row that belongs to the same thing as the one above says so quietly. */
static const char *class_of(const bfl_cohort_table *t, size_t row, size_t column, bool numeric) {
    if (numeric) return " class=\"num\"";
    if (column && is_count(&t->cells[row * t->column_count + column])) return " class=\"count\"";
    if (column || row == 0) return "";
    const bfl_cell *c = &t->cells[row * t->column_count], *above = c - t->column_count;
    return c->text && above->text && strcmp(c->text, above->text) == 0 ? " class=\"again\"" : "";
}

/* Names of columns are ids; groups are named in the head as they are in the rows. */
static const char *heading(bfl_page *page, const bfl_cohort *cohort, const char *column) {
    for (size_t i = 0; i < cohort->group_count; i++)
        if (bfl_text_find_nocase(bfl_text_of(column), bfl_text_of(cohort->groups[i].label)) != SIZE_MAX) return column;
    return bfl_say_spaced(page->arena, column);
}

static void table_head(bfl_page *page, const bfl_cohort *cohort, const bfl_cohort_table *t, const bool *numeric) {
    bfl_page_raw(page, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    bfl_page_text(page, t->title);
    bfl_page_raw(page, "\"><table class=\"study\"><caption>");
    bfl_page_text(page, t->title);
    bfl_page_raw(page, "</caption>\n<thead><tr>");
    for (size_t k = 0; k < t->column_count; k++) {
        bfl_buf_addf(page->out, "<th scope=\"col\"%s>", numeric[k] ? " class=\"num\"" : "");
        bfl_page_text(page, heading(page, cohort, t->columns[k]));
        bfl_page_raw(page, "</th>");
    }
    bfl_page_raw(page, "</tr></thead>\n<tbody>\n");
}

static void table(bfl_page *page, const bfl_cohort *cohort, const bfl_cohort_table *t) {
    bool *numeric = BFL_NEW_ARRAY(page->arena, t->column_count + 1, bool);
    for (size_t k = 0; k < t->column_count; k++) numeric[k] = is_numeric(t, k);
    bool folded = t->row_count > LONG_TABLE;
    if (folded) {
        bfl_page_raw(page, "<details class=\"long\"><summary>");
        bfl_page_text(page, bfl_arena_printf(page->arena, "%s: %zu rows", t->title, t->row_count));
        bfl_page_raw(page, "</summary>\n");
    }
    table_head(page, cohort, t, numeric);
    for (size_t row = 0; row < t->row_count; row++) {
        bfl_page_raw(page, "<tr>");
        for (size_t k = 0; k < t->column_count; k++)
            cell(page, &t->cells[row * t->column_count + k], class_of(t, row, k, numeric[k]), k == 0);
        bfl_page_raw(page, "</tr>\n");
    }
    bfl_page_end_table(page);
    if (t->note && t->note[0]) bfl_page_element(page, "p", "hint after", t->note);
    if (folded) bfl_page_raw(page, "</details>\n");
}

static const bfl_cohort_table *find(const bfl_cohort *cohort, const char *id) {
    for (size_t i = 0; i < cohort->table_count; i++)
        if (strcmp(cohort->tables[i].id, id) == 0) return &cohort->tables[i];
    return NULL;
}

static void tables(bfl_page *page, const bfl_cohort *cohort, const char *const *ids) {
    for (; *ids; ids++) {
        const bfl_cohort_table *t = find(cohort, *ids);
        if (t && t->row_count) table(page, cohort, t);
    }
}

static bool listed(const char *const *ids, const char *id) {
    for (; *ids; ids++)
        if (strcmp(*ids, id) == 0) return true;
    return false;
}

static bool has_place(const char *id) {
    for (size_t i = 0; i < PARTS; i++)
        if (listed(parts[i].tables, id)) return true;
    return listed(first_tables, id);
}

/* ---- figures ---- */

static void figure(bfl_page *page, const bfl_study_figure *f) {
    bfl_buf_addf(page->out, "<figure class=\"study\" id=\"figure-%s\"><figcaption><strong>", f->id);
    bfl_page_text(page, f->sheet->title);
    bfl_page_raw(page, "</strong>");
    if (f->sheet->subtitle[0]) bfl_page_element(page, "span", "hint", f->sheet->subtitle);
    bfl_page_raw(page, "</figcaption>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    bfl_page_text(page, f->sheet->title);
    bfl_page_raw(page, "\">");
    bfl_sheet_write(f->sheet, page->out, false);
    bfl_page_raw(page, "</div></figure>\n");
}

static void one_part(bfl_page *page, const bfl_cohort *cohort, const bfl_study_figures *figures, const part *p) {
    bfl_page_section(page, p->id, "part-of-study", p->title);
    for (size_t i = 0; i < figures->count; i++)
        if (figures->items[i].part == p->figures) figure(page, &figures->items[i]);
    tables(page, cohort, p->tables);
    bfl_page_end_section(page);
}

/* ---- the beginning ---- */

static void fact(bfl_page *page, const char *name, const char *value) {
    bfl_page_raw(page, "<div>");
    bfl_page_element(page, "dt", "", name);
    bfl_page_element(page, "dd", "", value);
    bfl_page_raw(page, "</div>");
}

static void facts(bfl_page *page, const bfl_cohort *cohort, const bfl_study_art *art) {
    size_t flares = 0;
    for (size_t i = 0; i < cohort->patient_count; i++) flares += cohort->patients[i].is_flare;
    bfl_page_raw(page, "<dl class=\"facts\">");
    fact(page, "Patients", bfl_arena_printf(page->arena, "%zu", cohort->patient_count));
    fact(page, "Flares", bfl_arena_printf(page->arena, "%zu", flares));
    fact(page, "Divided by",
         bfl_arena_printf(page->arena, "%s (%s)", bfl_say_spaced(page->arena, cohort->by),
                          bfl_study_count(page->arena, cohort->group_count, "group", "groups")));
    if (cohort->criterion_count) fact(page, "Responses and times by", cohort->criterion_names[cohort->criterion_index]);
    fact(page, "Intervals", bfl_study_level(art));
    bfl_page_raw(page, "</dl>\n");
}

static void overview(bfl_page *page, const bfl_cohort *cohort, const bfl_study_art *art) {
    bfl_page_section(page, "overview", "overview", "The study");
    facts(page, cohort, art);
    if (cohort->remark_count) {
        bfl_page_raw(page, "<div class=\"callout\"><p>What could not be done, and why</p><ul>");
        for (size_t i = 0; i < cohort->remark_count; i++) bfl_page_element(page, "li", "", cohort->remarks[i]);
        bfl_page_raw(page, "</ul></div>\n");
    }
    tables(page, cohort, first_tables);
    bfl_page_end_section(page);
}

static void rest(bfl_page *page, const bfl_cohort *cohort) {
    size_t further = 0;
    for (size_t i = 0; i < cohort->table_count; i++)
        further += cohort->tables[i].row_count && !has_place(cohort->tables[i].id);
    if (further) {
        bfl_page_section(page, "further", "part-of-study", "Further tables");
        for (size_t i = 0; i < cohort->table_count; i++)
            if (cohort->tables[i].row_count && !has_place(cohort->tables[i].id))
                table(page, cohort, &cohort->tables[i]);
        bfl_page_end_section(page);
    }
    if (cohort->issue_count == 0) return;
    bfl_page_section(page, "issues", "issues", "Problems in the data");
    bfl_page_issue_table(page, "Where the data contradict themselves or could not be used", cohort->issues,
                         cohort->issue_count);
    bfl_page_end_section(page);
}

static void contents(bfl_page *page, bool issues) {
    bfl_page_raw(page, "<nav aria-label=\"Parts\" class=\"parts\"><ul><li><a href=\"#p0-overview\">The study</a></li>");
    for (size_t i = 0; i < PARTS; i++)
        bfl_buf_addf(page->out, "<li><a href=\"#p0-%s\">%s</a></li>", parts[i].id, parts[i].title);
    if (issues) bfl_page_raw(page, "<li><a href=\"#p0-issues\">Problems in the data</a></li>");
    bfl_page_raw(page, "</ul></nav>\n");
}

void bfl_study_page(bfl_buf *out, const bfl_cohort *cohort, const bfl_rulebook *rulebook, const char *name) {
    const bfl_report_options options = {.struct_size = sizeof options, .reviewer = ""};
    bfl_page page = {.out = out, .arena = out->arena, .options = &options, .rulebook = rulebook};
    bfl_study_art art = {.arena = out->arena, .cohort = cohort, .rulebook = rulebook, .name = name};
    bfl_study_figures figures = bfl_study_draw(out->arena, cohort, rulebook, name);
    const char *title =
        name[0] ? bfl_arena_printf(page.arena, "%s: bone flare in a study", name) : "Bone flare in a study";
    bfl_page_head(&page, title);
    bfl_page_raw(&page,
                 "<header class=\"banner\"><p class=\"brand\">boneflare</p><h1>Bone flare in a study</h1></header>\n");
    contents(&page, cohort->issue_count > 0);
    bfl_page_raw(&page, "<main id=\"main\">\n<header class=\"patient\">");
    bfl_page_element(&page, "h2", "", name[0] ? name : "Study");
    bfl_page_raw(&page, "</header>\n");
    overview(&page, cohort, &art);
    for (size_t i = 0; i < PARTS; i++) one_part(&page, cohort, &figures, &parts[i]);
    rest(&page, cohort);
    bfl_page_raw(&page, "</main>\n");
    bfl_page_foot(&page);
}
