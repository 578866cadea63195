/* SPDX-License-Identifier: Apache-2.0 */
/* The report on paper: the same statements as the page, in the order of reading, on A4 with numbered pages. */
#include "report/page.h"
#include "report/paper.h"
#include "report/plain.h"
#include "report/print_css.h" /* generated from page.css and print.css */
#include "report/timeline.h"

#include <string.h>

typedef struct print {
    bfl_paper paper;
    bfl_page page; /* whom it is about, and what was cited; nothing is written to it */
    bfl_arena *arena;
    const bfl_assessment *a;
    bool plain;
} print;

static void text(print *p, const char *z) {
    if (z && z[0]) bfl_paper_paragraph(&p->paper, BFL_FACE_TEXT, 0, "", z);
}

static void small(print *p, double indent, const char *z) {
    if (z && z[0]) bfl_paper_paragraph(&p->paper, BFL_FACE_SMALL, indent, "", z);
}

/* "published: Shi 2021 [3], Chao 2009 [4]"; the numbers are those of the list at the end. */
static const char *sources(print *p, const bfl_rule *rule) {
    if (!rule) return "";
    bfl_buf out = {.arena = p->arena};
    bfl_buf_add(&out, rule->known == BFL_KNOWN_EXPERT ? "assumption" : bfl_known_word(rule->known));
    for (size_t i = 0; i < rule->source_count; i++) {
        const bfl_citation *citation = bfl_citation_find(rule->sources[i]);
        bfl_buf_addf(&out, "%s%s", i ? ", " : ": ", bfl_say_source(p->arena, rule->sources[i]));
        if (citation) bfl_buf_addf(&out, " [%zu]", bfl_page_reference(&p->page, citation));
    }
    return bfl_buf_z(&out);
}

/* Where a statement comes from: its sources, then its rows. */
static const char *origin(print *p, const bfl_rule *rule, const bfl_event_ref *events, size_t count) {
    const char *known = sources(p, rule);
    if (count == 0) return known;
    return bfl_arena_printf(p->arena, "%s%s%s", known, known[0] ? "; " : "",
                            bfl_say_events(p->arena, p->a->record, events, count));
}

/* ---- who, alarms, the verdict ---- */

static void head(print *p) {
    const bfl_record *record = p->a->record;
    const bfl_patient *patient = &record->patient;
    const char *date = p->a->as_of == INT32_MIN ? ""
                       : p->plain               ? bfl_say_long_date(p->arena, record, p->a->as_of)
                                                : bfl_say_day(p->arena, record, p->a->as_of);
    const char *name = bfl_arena_printf(p->arena, "%s %s", p->plain ? "For" : "Patient", patient->id);
    bfl_paper_begin(&p->paper,
                    bfl_arena_printf(p->arena, "boneflare · %s%s%s · %s%s%s", name, date[0] ? ", as known on " : "",
                                     date, bfl_say_review(p->a->rulebook, p->page.options->review),
                                     p->page.options->reviewer[0] ? ", " : "", p->page.options->reviewer));
    bfl_paper_paragraph(&p->paper, BFL_FACE_TITLE, 0, "", name);
    bfl_buf about = {.arena = p->arena};
    const char *parts[] = {patient->sex, patient->tumour, patient->histology, patient->stage};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !p->plain; i++)
        if (parts[i] && parts[i][0]) bfl_buf_addf(&about, "%s%s", about.size ? ", " : "", parts[i]);
    if (date[0]) bfl_buf_addf(&about, "%sas known on %s", about.size ? "; " : "", date);
    text(p, bfl_buf_z(&about));
}

static void alarms(print *p) {
    const bfl_verdict *verdict = p->a->verdict;
    if (verdict->alarm_count == 0) return;
    bfl_paper_heading(&p->paper, "Alarms", 0);
    for (size_t i = 0; i < verdict->alarm_count; i++) {
        const bfl_alarm *alarm = &verdict->alarms[i];
        const char *kind = alarm->urgent ? "Urgent" : "Watch";
        const char *title = alarm->rule ? alarm->rule->title : "";
        bfl_paper_paragraph(&p->paper, alarm->urgent ? BFL_FACE_ALARM : BFL_FACE_STRONG, 0, "",
                            bfl_arena_printf(p->arena, "%s: %s", kind, title));
        text(p, bfl_say_alarm(p->arena, p->a->record, alarm));
        small(p, 0, origin(p, alarm->rule, alarm->events, alarm->event_count));
    }
}

static void probability(print *p, const bfl_bone *bone) {
    bfl_arena *arena = p->arena;
    bfl_buf bar = {.arena = arena};
    p->page.out = &bar;
    bfl_page_bar_elements(&p->page, bone);
    bfl_paper_space(&p->paper, 6);
    bfl_paper_draw(&p->paper,
                   &(bfl_paper_drawing){"bar", bfl_buf_z(&bar), {-6, 0, BFL_BAR_WIDTH + 12, BFL_BAR_HEIGHT}, 520});
    text(p, bfl_arena_printf(arena, "Flare (healing) %s, 95 %% interval %s to %s. Progression %s. Something else %s.",
                             bfl_say_percent(arena, bone->p_flare), bfl_say_percent(arena, bone->low),
                             bfl_say_percent(arena, bone->high), bfl_say_percent(arena, bone->p_progression),
                             bfl_say_percent(arena, bone->p_other)));
    if (!bone->prior_rule) return;
    small(p, 0,
          bfl_arena_printf(arena, "Before any finding in this record: flare %s. %s (%s)",
                           bfl_say_percent(arena, bone->prior_p_flare), bone->prior_rule->text,
                           sources(p, bone->prior_rule)));
}

static void verdict(print *p) {
    const bfl_bone *bone = &p->a->verdict->now;
    bfl_audience audience = p->page.options->audience;
    bfl_paper_heading(&p->paper, bfl_say_state(p->a->rulebook, bone->state, audience), 0);
    text(p, bfl_say_meaning(p->a->rulebook, bone->state, audience));
    if (p->plain) return;
    text(p, bone->because);
    if (bone->question) probability(p, bone);
}

static void timeline(print *p) {
    bfl_timeline_drawing drawing;
    if (!bfl_timeline_draw(&p->page, &drawing)) return;
    const bfl_paper_drawing figure = {"timeline", drawing.body, {0, 0, drawing.width, drawing.height}, 0};
    bfl_paper_heading(&p->paper, p->plain ? "Your treatment over time" : "Timeline", bfl_paper_drawn_height(&figure));
    bfl_paper_draw(&p->paper, &figure);
    small(p, 0, drawing.caption);
    small(p, 0, drawing.left_out);
}

/* ---- next, evidence ---- */

static void next(print *p) {
    const bfl_workup *workup = p->a->workup;
    if (workup->next_count == 0) return;
    bfl_paper_heading(&p->paper, "What next", 0);
    for (size_t i = 0; i < workup->next_count; i++) {
        const bfl_step *s = &workup->next[i];
        bool useful = workup->most_useful && workup->most_useful->rule == s->rule;
        const char *by =
            s->has_by ? bfl_arena_printf(p->arena, "By %s: ", bfl_say_day(p->arena, p->a->record, s->by_day)) : "";
        enum { INDENT = 24 };
        bfl_paper_paragraph(
            &p->paper, BFL_FACE_STRONG, INDENT, bfl_arena_printf(p->arena, "%zu.", i + 1),
            bfl_arena_printf(p->arena, "%s%s%s", by, s->action, useful ? " (the most useful next test)" : ""));
        if (s->why && s->why[0]) bfl_paper_paragraph(&p->paper, BFL_FACE_TEXT, INDENT, "", s->why);
        small(p, INDENT, s->changes);
        small(p, INDENT, origin(p, s->rule, s->events, s->event_count));
    }
}

typedef BFL_LIST(const char *) cell_list;

static void add(print *p, cell_list *cells, const char *z) {
    const char *shown = z && z[0] ? z : "–";
    *BFL_PUSH(p->arena, cells) = shown;
}

static void evidence(print *p) {
    static const char *const names[] = {"for flare", "for progression", "for something else", "no direction"};
    static const bfl_direction order[] = {BFL_FOR_FLARE, BFL_FOR_PROGRESSION, BFL_FOR_OTHER, BFL_NEUTRAL};
    const bfl_bone *bone = &p->a->verdict->now;
    if (bone->evidence_count == 0) return;
    cell_list cells = {0};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < bone->evidence_count; i++) {
            const bfl_evidence *e = &bone->evidence[i];
            if (e->direction != order[k]) continue;
            add(p, &cells, names[e->direction]);
            const char *rows = bfl_say_events(p->arena, p->a->record, e->events, e->event_count);
            const char *title = e->rule ? e->rule->title : "";
            add(p, &cells,
                bfl_arena_printf(p->arena, "%s. %s%s%s%s", e->finding, title, rows[0] ? " (" : "", rows,
                                 rows[0] ? ")" : ""));
            add(p, &cells, bfl_arena_printf(p->arena, "%s%s", e->veto ? "veto, " : "", bfl_say_weight(p->arena, e)));
            add(p, &cells, sources(p, e->rule));
        }
    bfl_paper_heading(&p->paper, "Why: evidence for and against", 0);
    static const bfl_paper_column columns[] = {
        {"Speaks", 15}, {"Finding in this record", 45}, {"Weight (likelihood ratio)", 17}, {"Known from", 25}};
    bfl_paper_table(&p->paper, columns, 4, cells.items, cells.count / 4);
}

/* ---- criteria ---- */

static void conflicts(print *p, const bfl_criteria *c) {
    for (size_t i = 0; i < c->conflict_count; i++) {
        const bfl_reason *r = &c->conflicts[i];
        bfl_paper_paragraph(&p->paper, BFL_FACE_TEXT, 0, "", r->finding);
        small(p, 0, origin(p, r->rule, r->events, r->event_count));
    }
}

static void further(print *p, const bfl_criteria *c) {
    BFL_LIST(bfl_paper_column) columns = {0};
    cell_list cells = {0};
    *BFL_PUSH(p->arena, &columns) = (bfl_paper_column){"Visit", 2};
    for (size_t k = 0; k < c->criterion_count; k++)
        if (bfl_criterion_is_further(&c->criteria[k]))
            *BFL_PUSH(p->arena, &columns) = (bfl_paper_column){c->criteria[k].name, 2};
    if (columns.count == 1) return;
    size_t rows = 0;
    for (size_t i = 0; i < c->visit_count; i++) {
        if (c->visits[i].baseline) continue;
        rows++;
        add(p, &cells, bfl_say_date(p->arena, p->a->record, c->visits[i].day));
        for (size_t k = 0; k < c->criterion_count; k++)
            if (bfl_criterion_is_further(&c->criteria[k]))
                add(p, &cells, bfl_criterion_word(&c->criteria[k].visits[i]));
    }
    bfl_paper_table(&p->paper, columns.items, columns.count, cells.items, rows);
}

static void criteria(print *p) {
    const bfl_criteria *c = p->a->criteria;
    if (c->visit_count == 0) return;
    bfl_paper_heading(&p->paper, "Criteria, side by side", 0);
    conflicts(p, c);
    bfl_paper_space(&p->paper, 6);
    cell_list cells = {0};
    for (size_t i = 0; i < c->visit_count; i++) {
        const bfl_recist_visit *v = &c->visits[i];
        add(p, &cells, bfl_say_date(p->arena, p->a->record, v->day));
        add(p, &cells, bfl_say_maybe(p->arena, v->sum_mm));
        add(p, &cells, v->baseline ? "baseline" : bfl_say_change(p->arena, v->change_percent));
        add(p, &cells, bfl_response_word(v->target));
        add(p, &cells, bfl_response_word(v->nontarget));
        add(p, &cells, bfl_new_lesions_word(v->new_lesions));
        add(p, &cells, bfl_response_word(v->overall));
        add(p, &cells, bfl_response_word(v->overall_flare_note));
        add(p, &cells, bfl_response_word(v->soft_tissue));
        add(p, &cells, bfl_response_word(bfl_response_of(c, "mda2004", i)));
    }
    static const bfl_paper_column columns[] = {
        {"Visit", 12}, {"Sum, mm", 9},     {"From base", 11},       {"Target", 9},       {"Non-target", 13},
        {"New", 13},   {"RECIST 1.1", 11}, {"With flare note", 12}, {"Soft tissue", 10}, {"MDA bone", 10}};
    bfl_paper_table(&p->paper, columns, 10, cells.items, c->visit_count);
    further(p, c);
    const bfl_best_responses *best = p->a->best;
    small(p, 0,
          bfl_arena_printf(p->arena,
                           "Best overall response %s (confirmed: %s; under the flare note: %s; soft tissue: %s)",
                           bfl_response_word(best->overall), bfl_response_word(best->confirmed),
                           bfl_response_word(best->flare_note), bfl_response_word(best->soft_tissue)));
}

/* ---- markers, problems, references ---- */

static void markers(print *p) {
    const bfl_markers *all = p->a->markers;
    cell_list cells = {0};
    for (size_t i = 0; i < all->course_count; i++) {
        const bfl_marker *m = &all->courses[i];
        if (m->point_count == 0 || !bfl_marker_is_telling(m)) continue;
        const bfl_marker_point *first = &m->points[m->baseline_index], *last = &m->points[m->point_count - 1];
        add(p, &cells, m->analyte->name);
        add(p, &cells, first == last ? "" : bfl_say_value(p->arena, p->a->record, m, first));
        add(p, &cells, bfl_say_value(p->arena, p->a->record, m, last));
        add(p, &cells, bfl_say_date(p->arena, p->a->record, last->day));
        add(p, &cells, bfl_say_maybe(p->arena, m->last_x_uln));
        add(p, &cells, bfl_say_change(p->arena, m->change_percent));
        bool unknown = m->shape == BFL_SHAPE_UNKNOWN;
        add(p, &cells, unknown ? m->said : bfl_say_spaced(p->arena, bfl_shape_word(m->shape)));
    }
    if (cells.count == 0) return;
    bfl_paper_heading(&p->paper, "Markers", 0);
    static const bfl_paper_column columns[] = {{"Analyte", 24},           {"Baseline", 13}, {"Last", 13},  {"On", 13},
                                               {"Times upper limit", 11}, {"Change", 11},   {"Course", 15}};
    bfl_paper_table(&p->paper, columns, 7, cells.items, cells.count / 7);
}

static void problems(print *p) {
    static const char *const severities[] = {"note", "warning", "cannot be used"};
    bfl_issue_groups groups = bfl_issue_groups_of(p->arena, p->a->issues, p->a->issue_count);
    if (groups.count == 0) return;
    cell_list cells = {0};
    for (size_t i = 0; i < groups.count; i++) {
        const bfl_issue *issue = groups.items[i].first;
        const char *column = issue->column ? issue->column : "";
        add(p, &cells, severities[issue->severity]);
        add(p, &cells, bfl_arena_printf(p->arena, "%s %s", groups.items[i].where, column));
        add(p, &cells, groups.items[i].found);
        add(p, &cells, issue->expected);
        add(p, &cells, issue->action);
    }
    bfl_paper_heading(&p->paper, "Problems in the data", 0);
    static const bfl_paper_column columns[] = {
        {"Kind", 12}, {"Where", 22}, {"Found", 22}, {"Expected", 24}, {"What to do", 26}};
    bfl_paper_table(&p->paper, columns, 5, cells.items, groups.count);
}

static void references(print *p) {
    if (p->page.cited.count == 0) return;
    bfl_paper_heading(&p->paper, "References", 0);
    for (size_t i = 0; i < p->page.cited.count; i++) {
        const bfl_citation *citation = p->page.cited.items[i];
        const char *url = citation->url ? citation->url : "";
        small(p, 0,
              bfl_arena_printf(p->arena, "[%zu] %s%s%s (read: %s)", i + 1, citation->text, url[0] ? " " : "", url,
                               citation->seen));
    }
}

static void about_itself(print *p) {
    const bfl_report_options *options = p->page.options;
    const bfl_rulebook *rulebook = p->a->rulebook;
    bfl_paper_heading(&p->paper, "About this report", 0);
    text(p, bfl_arena_printf(p->arena, "%s%s%s.", bfl_say_review(rulebook, options->review),
                             options->reviewer[0] ? ", " : "", options->reviewer));
    text(p, bfl_say_disclaimer(rulebook, options->audience));
    small(p, 0,
          bfl_arena_printf(p->arena, "boneflare %s, rulebook %s, SHA-256 %s", bfl_version(),
                           bfl_rulebook_version(rulebook), bfl_rulebook_sha256(rulebook)));
}

/* ---- for the patient ---- */

static void plain_part(print *p, const bfl_plain_part *part) {
    enum { INDENT = 20 };
    bfl_paper_heading(&p->paper, part->heading, 0);
    for (size_t i = 0; i < part->paragraphs.count; i++) text(p, part->paragraphs.items[i]);
    for (size_t i = 0; i < part->points.count; i++)
        bfl_paper_paragraph(&p->paper, BFL_FACE_TEXT, INDENT, "•", part->points.items[i]);
}

static void plain_words(print *p) {
    bfl_plain_parts parts = bfl_plain_parts_of(p->arena, p->a);
    size_t first = parts.count && parts.items[0].urgent ? 1 : 0;
    if (first) plain_part(p, &parts.items[0]);
    verdict(p);
    for (size_t i = first; i < parts.count; i++) {
        if (strcmp(parts.items[i].name, "call") == 0) timeline(p);
        plain_part(p, &parts.items[i]);
    }
}

/* ---- the whole ---- */

static void clinical(print *p) {
    alarms(p);
    verdict(p);
    timeline(p);
    next(p);
    evidence(p);
    criteria(p);
    markers(p);
    problems(p);
}

const char **bfl_print_pages(bfl_arena *arena, const bfl_assessment *const *assessments, size_t count,
                             const bfl_report_options *options) {
    print p = {.paper = {.arena = arena},
               .arena = arena,
               .page = {.arena = arena, .options = options, .rulebook = assessments[0]->rulebook},
               .plain = options->audience == BFL_FOR_PATIENT};
    for (size_t i = 0; i < count; i++) {
        p.a = p.page.a = assessments[i];
        p.page.patient = i + 1;
        head(&p);
        if (p.plain)
            plain_words(&p);
        else
            clinical(&p);
    }
    references(&p);
    about_itself(&p);
    return bfl_paper_pages(&p.paper, print_css, bfl_say_disclaimer(p.page.rulebook, options->audience));
}
