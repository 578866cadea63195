/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal page: urgent alarms, the verdict, why, what next, other alarms, the criteria side by side, markers, problems. */
#include "report/report.h"
#include "report/terminal.h"

#include <math.h>
#include <string.h>

typedef struct page {
    bfl_term term;
    bfl_arena *arena;
    const bfl_assessment *a;
    const bfl_report_options *options;
} page;

static const char *clean(const page *p, const char *z) { return bfl_plain_text(p->arena, z); }

static void paragraph(page *p, bfl_style style, const char *lead, const char *z) {
    bfl_term_paragraph(&p->term, style, lead, clean(p, z));
}

static void line(page *p, const char *z) { paragraph(p, BFL_STYLE_PLAIN, "  ", z); }

static void cell(page *p, bfl_term_table *table, const char *z) { bfl_term_cell(&p->term, table, clean(p, z)); }

static void cells(page *p, bfl_term_table *table, const char *const *words) {
    for (size_t i = 0; i < table->column_count; i++) cell(p, table, words[i]);
}

/* "Recist 2009, Shi 2021 | lesions.csv:4": where a statement comes from. */
static const char *origin(const page *p, const bfl_rule *rule, const bfl_event_ref *events, size_t count) {
    bfl_buf out = {.arena = p->arena};
    if (rule) bfl_buf_add(&out, rule->title);
    for (size_t i = 0; rule && i < rule->source_count; i++)
        bfl_buf_addf(&out, "%s%s", i ? ", " : " [", bfl_say_source(p->arena, rule->sources[i]));
    if (rule && rule->source_count) bfl_buf_add(&out, "]");
    if (rule && rule->known != BFL_KNOWN_PUBLISHED && rule->known != BFL_KNOWN_STANDARD)
        bfl_buf_addf(&out, " (%s)", bfl_known_word(rule->known));
    if (count) bfl_buf_addf(&out, " %s", bfl_say_events(p->arena, p->a->record, events, count));
    return bfl_buf_z(&out);
}

static void reason(page *p, const char *lead, const bfl_reason *r) {
    paragraph(p, BFL_STYLE_PLAIN, lead, r->finding);
    const char *where = origin(p, r->rule, r->events, r->event_count);
    if (where[0]) paragraph(p, BFL_STYLE_DIM, "      ", where);
}

/* ---- head and verdict ---- */

static const char *who(const page *p) {
    const bfl_patient *patient = &p->a->record->patient;
    bfl_buf out = {.arena = p->arena};
    const char *parts[] = {patient->sex, patient->tumour, patient->histology, patient->stage};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] && parts[i][0]) bfl_buf_addf(&out, "%s%s", out.size ? ", " : "", parts[i]);
    return bfl_buf_z(&out);
}

static void head(page *p) {
    const bfl_assessment *a = p->a;
    bfl_buf out = {.arena = p->arena};
    bfl_buf_addf(&out, "Patient %s", a->record->patient.id);
    if (a->as_of != INT32_MIN) bfl_buf_addf(&out, ", as of %s", bfl_say_day(p->arena, a->record, a->as_of));
    const char *about = who(p);
    if (about[0]) bfl_buf_addf(&out, ": %s", about);
    paragraph(p, BFL_STYLE_DIM, "", bfl_buf_z(&out));
}

static void alarms(page *p, bool urgent) {
    const bfl_verdict *verdict = p->a->verdict;
    bool any = false;
    for (size_t i = 0; i < verdict->alarm_count; i++) {
        const bfl_alarm *alarm = &verdict->alarms[i];
        if (alarm->urgent != urgent) continue;
        if (!any && !urgent) bfl_term_heading(&p->term, "ALARMS");
        if (!any && urgent) bfl_buf_add(p->term.out, "\n");
        any = true;
        const char *text = bfl_say_alarm(p->arena, p->a->record, alarm);
        if (urgent)
            bfl_term_hanging(&p->term, BFL_STYLE_ALARM, " URGENT ", BFL_STYLE_BOLD, clean(p, text));
        else
            paragraph(p, BFL_STYLE_PLAIN, "  ! ", text);
        paragraph(p, BFL_STYLE_DIM, "    ", origin(p, alarm->rule, alarm->events, alarm->event_count));
    }
}

static void repeat(bfl_buf *out, const char *glyph, long count) {
    for (long i = 0; i < count; i++) bfl_buf_add(out, glyph);
}

/* Cells of a bar of `width` that reach probability p. */
static long reach(double p, int width) { return lround(p * width); }

/* "████████░░▒" and below it the interval of p_flare, on the same scale. */
static void bar(page *p, const bfl_bone *bone) {
    enum { NARROW = 60, WIDE_BAR = 50, NARROW_BAR = 30 };
    int width = p->term.columns < NARROW ? NARROW_BAR : WIDE_BAR;
    long flare = reach(bone->p_flare, width), worse = reach(bone->p_flare + bone->p_progression, width) - flare;
    bfl_buf a = {.arena = p->arena}, b = {.arena = p->arena}, c = {.arena = p->arena};
    repeat(&a, "█", flare);
    repeat(&b, "▒", worse);
    repeat(&c, "░", width - flare - worse);
    bfl_buf_add(p->term.out, "  ");
    bfl_term_put(&p->term, BFL_STYLE_FLARE, bfl_buf_z(&a));
    bfl_term_put(&p->term, BFL_STYLE_PROGRESSION, bfl_buf_z(&b));
    bfl_term_put(&p->term, BFL_STYLE_DIM, bfl_buf_z(&c));
    bfl_buf whisker = {.arena = p->arena};
    long low = reach(bone->low, width - 1), high = reach(bone->high, width - 1), at = reach(bone->p_flare, width - 1);
    for (long i = 0; i <= high; i++)
        bfl_buf_add(&whisker, i == at ? "●" : i < low ? " " : i == low ? "├" : i == high ? "┤" : "─");
    bfl_buf_addf(p->term.out, "\n  %s\n", bfl_buf_z(&whisker));
}

static void probability(page *p, const bfl_bone *bone) {
    bfl_arena *arena = p->arena;
    bfl_buf_add(p->term.out, "\n");
    bar(p, bone);
    const char *numbers = bfl_arena_printf(
        arena, "█ flare %s (95 %% interval %s to %s)   ▒ progression %s   ░ other %s",
        bfl_say_percent(arena, bone->p_flare), bfl_say_percent(arena, bone->low), bfl_say_percent(arena, bone->high),
        bfl_say_percent(arena, bone->p_progression), bfl_say_percent(arena, bone->p_other));
    line(p, numbers);
    if (!bone->prior_rule) return;
    line(p, bfl_arena_printf(arena, "Before any finding: flare %s. %s", bfl_say_percent(arena, bone->prior_p_flare),
                             origin(p, bone->prior_rule, NULL, 0)));
}

static bfl_style state_style(bfl_bone_state state) {
    if (state == BFL_BONE_PROGRESSION) return BFL_STYLE_PROGRESSION;
    bool flare = state == BFL_BONE_FLARE_SUSPECTED || state == BFL_BONE_FLARE_CONFIRMED;
    return flare ? BFL_STYLE_FLARE : BFL_STYLE_BOLD;
}

static void verdict(page *p) {
    const bfl_bone *bone = &p->a->verdict->now;
    bfl_buf_add(p->term.out, "\n");
    paragraph(p, state_style(bone->state), "", bfl_say_state(p->a->rulebook, bone->state, BFL_FOR_CLINICIAN));
    line(p, bfl_say_meaning(p->a->rulebook, bone->state, BFL_FOR_CLINICIAN));
    if (bone->because && bone->because[0]) line(p, bone->because);
    const char *unused = bfl_say_unused(p->arena, p->a);
    if (unused) line(p, unused);
    if (bone->question) probability(p, bone);
}

/* ---- why ---- */

static bool evidence_block(page *p, const char *title, bfl_direction direction) {
    const bfl_bone *bone = &p->a->verdict->now;
    bool any = false;
    for (size_t i = 0; i < bone->evidence_count; i++) {
        const bfl_evidence *e = &bone->evidence[i];
        if (e->direction != direction) continue;
        if (!any) line(p, title);
        any = true;
        bfl_reason as_reason = {e->rule, e->finding, e->events, e->event_count};
        bool weighs = direction == BFL_FOR_FLARE || direction == BFL_FOR_PROGRESSION || e->veto;
        const char *weight = bfl_say_weight(p->arena, e);
        const char *finding = weighs ? bfl_arena_printf(p->arena, "%s (%s)", e->finding, weight) : e->finding;
        as_reason.finding = finding;
        reason(p, "    ", &as_reason);
    }
    return any;
}

static void why(page *p) {
    if (p->a->verdict->now.evidence_count == 0) return;
    bfl_term_heading(&p->term, "WHY");
    (void)evidence_block(p, "For flare (healing):", BFL_FOR_FLARE);
    (void)evidence_block(p, "For progression:", BFL_FOR_PROGRESSION);
    (void)evidence_block(p, "For something else:", BFL_FOR_OTHER);
    (void)evidence_block(p, "Noted, without weight:", BFL_NEUTRAL);
}

static void history(page *p) {
    const bfl_verdict *verdict = p->a->verdict;
    if (verdict->history_count < 2) return;
    bfl_term_heading(&p->term, "THE VERDICT OVER TIME");
    bfl_term_table table = {.column_count = 4};
    cells(p, &table, (const char *[]){"as known on", "state", "flare", "95 % interval"});
    for (size_t i = 0; i < verdict->history_count; i++) {
        const bfl_bone *b = &verdict->history[i];
        const char *range = bfl_arena_printf(p->arena, "%s to %s", bfl_say_percent(p->arena, b->low),
                                             bfl_say_percent(p->arena, b->high));
        cell(p, &table, bfl_say_day(p->arena, p->a->record, b->day));
        cell(p, &table, bfl_say_spaced(p->arena, bfl_bone_state_word(b->state)));
        cell(p, &table, b->question ? bfl_say_percent(p->arena, b->p_flare) : "-");
        cell(p, &table, b->question ? range : "-");
    }
    bfl_term_table_write(&p->term, &table);
}

/* ---- criteria ---- */

/* The further criteria of the registry that say something, in a table of their own: a second table reads better than lines
 * that wrap. */
static void further_criteria(page *p, const bfl_criteria *c) {
    bfl_term_table table = {.column_count = 1};
    for (size_t k = 0; k < c->criterion_count; k++) table.column_count += bfl_criterion_is_further(&c->criteria[k]);
    if (table.column_count == 1) return;
    cell(p, &table, "visit");
    for (size_t k = 0; k < c->criterion_count; k++)
        if (bfl_criterion_is_further(&c->criteria[k])) cell(p, &table, c->criteria[k].name);
    for (size_t i = 0; i < c->visit_count; i++) {
        if (c->visits[i].baseline) continue;
        cell(p, &table, bfl_say_date(p->arena, p->a->record, c->visits[i].day));
        for (size_t k = 0; k < c->criterion_count; k++)
            if (bfl_criterion_is_further(&c->criteria[k]))
                cell(p, &table, bfl_criterion_word(&c->criteria[k].visits[i]));
    }
    bfl_term_table_write(&p->term, &table);
}

static void criteria(page *p) {
    const bfl_criteria *c = p->a->criteria;
    if (c->visit_count == 0) return;
    bfl_term_heading(&p->term, "CRITERIA, SIDE BY SIDE");
    for (size_t i = 0; i < c->conflict_count; i++) reason(p, "  ! ", &c->conflicts[i]);
    bfl_term_table table = {.column_count = 10};
    cells(p, &table,
          (const char *[]){"visit", "sum mm", "from base", "target", "non-target", "new", "RECIST", "flare note",
                           "soft tissue", "MDA"});
    for (size_t i = 0; i < c->visit_count; i++) {
        const bfl_recist_visit *v = &c->visits[i];
        cell(p, &table, bfl_say_date(p->arena, p->a->record, v->day));
        cell(p, &table, bfl_say_maybe(p->arena, v->sum_mm));
        cell(p, &table, v->baseline ? "baseline" : bfl_say_change(p->arena, v->change_percent));
        cell(p, &table, bfl_response_word(v->target));
        cell(p, &table, bfl_response_word(v->nontarget));
        cell(p, &table, bfl_new_lesions_word(v->new_lesions));
        cell(p, &table, bfl_response_word(v->overall));
        cell(p, &table, bfl_response_word(v->overall_flare_note));
        cell(p, &table, bfl_response_word(v->soft_tissue));
        cell(p, &table, bfl_response_word(bfl_response_of(c, "mda2004", i)));
    }
    bfl_term_table_write(&p->term, &table);
    further_criteria(p, c);
    const bfl_best_responses *best = p->a->best;
    line(p, bfl_arena_printf(p->arena,
                             "Best overall response %s (confirmed: %s; under the flare note: %s; soft tissue: %s)",
                             bfl_response_word(best->overall), bfl_response_word(best->confirmed),
                             bfl_response_word(best->flare_note), bfl_response_word(best->soft_tissue)));
}

/* ---- markers, grades, causes ---- */

/* "952 U/L, d13" */
static const char *dated_value(page *p, const bfl_marker *m, const bfl_marker_point *point) {
    if (!point) return "-";
    return bfl_arena_printf(p->arena, "%s, d%d", bfl_say_value(p->arena, p->a->record, m, point), (int)point->day);
}

static void marker_row(page *p, bfl_term_table *table, const bfl_marker *m) {
    const bfl_marker_point *first = m->point_count ? &m->points[m->baseline_index] : NULL;
    const bfl_marker_point *last = m->point_count ? &m->points[m->point_count - 1] : NULL;
    const char *course = m->shape == BFL_SHAPE_UNKNOWN ? "-" : bfl_say_spaced(p->arena, bfl_shape_word(m->shape));
    if (m->shape == BFL_SHAPE_UNKNOWN && m->said && m->said[0]) course = m->said;
    cell(p, table, bfl_arena_printf(p->arena, "%s%s", m->analyte->id, m->own ? " (own)" : ""));
    cell(p, table, first == last ? "" : dated_value(p, m, first));
    cell(p, table, dated_value(p, m, last));
    cell(p, table, bfl_say_maybe(p->arena, m->last_x_uln));
    cell(p, table, bfl_say_change(p->arena, m->change_percent));
    cell(p, table, m->beyond_noise == BFL_NOISE_UNKNOWN ? "-" : bfl_noise_word(m->beyond_noise));
    cell(p, table, course);
}

/* The shape of each course, and what the next value would say. */
static void forms(page *p) {
    const bfl_markers *all = p->a->markers;
    bfl_term_table table = {.column_count = 5};
    size_t shown = 0;
    for (size_t i = 0; i < all->course_count; i++) {
        bfl_form_fit fit;
        if (!bfl_form_shown(p->arena, p->a, &all->courses[i], &fit)) continue;
        if (shown++ == 0) cells(p, &table, (const char *[]){"analyte", "shape", "next value", "on", "against it"});
        cell(p, &table, all->courses[i].analyte->id);
        cell(p, &table, bfl_say_form(p->arena, &fit));
        cell(p, &table, bfl_say_next(p->arena, p->a->record, &all->courses[i], &fit));
        cell(p, &table, bfl_say_date(p->arena, p->a->record, fit.next_day));
        cell(p, &table, bfl_say_contradiction(p->arena, p->a->record, &all->courses[i], &fit));
    }
    if (!shown) return;
    line(p, "Likeliest shape of each course, the next value it lets expect (95 %), and what would speak against it:");
    bfl_term_table_write(&p->term, &table);
    const char *liver = bfl_say_liver_explains(p->arena, all);
    if (liver[0]) line(p, liver);
}

static void markers(page *p) {
    const bfl_markers *all = p->a->markers;
    if (all->course_count == 0) return;
    bfl_term_heading(&p->term, "MARKERS");
    bfl_term_table table = {.column_count = 7};
    bfl_buf others = {.arena = p->arena};
    cells(p, &table, (const char *[]){"analyte", "baseline", "last", "x ULN", "change", "noise", "course"});
    for (size_t i = 0; i < all->course_count; i++) {
        const bfl_marker *m = &all->courses[i];
        if (bfl_marker_is_telling(m))
            marker_row(p, &table, m);
        else if (m->point_count)
            bfl_buf_addf(&others, "%s%s %s", others.size ? ", " : "", m->analyte->id,
                         bfl_say_value(p->arena, p->a->record, m, &m->points[0]));
    }
    bfl_term_table_write(&p->term, &table);
    if (others.size) paragraph(p, BFL_STYLE_DIM, "  Also measured once: ", bfl_buf_z(&others));
    forms(p);
}

static void cause(page *p, const bfl_alp_cause *c) {
    const char *support = bfl_decimal_z(p->arena, c->support, 2);
    paragraph(p, c->present ? BFL_STYLE_BOLD : BFL_STYLE_PLAIN, c->present ? "  ● " : "  ○ ",
              bfl_arena_printf(p->arena, "%s, support %s%s", c->name, support, c->present ? "" : " (not shown)"));
    for (size_t k = 0; k < c->for_count; k++) paragraph(p, BFL_STYLE_PLAIN, "      + ", c->reasons_for[k].finding);
    for (size_t k = 0; k < c->against_count; k++)
        paragraph(p, BFL_STYLE_PLAIN, "      - ", c->reasons_against[k].finding);
}

static void causes(page *p) {
    const bfl_markers *all = p->a->markers;
    if (all->cause_count == 0) return;
    bfl_term_heading(&p->term, "CAUSES OF THE RAISED ALP (several may be true)");
    bfl_buf nothing = {.arena = p->arena};
    for (size_t i = 0; i < all->cause_count; i++) {
        const bfl_alp_cause *c = &all->causes[i];
        if (c->present || c->for_count)
            cause(p, c);
        else
            bfl_buf_addf(&nothing, "%s%s", nothing.size ? ", " : "", c->name);
    }
    if (nothing.size) paragraph(p, BFL_STYLE_DIM, "  Nothing speaks for: ", bfl_buf_z(&nothing));
}

static bool liver_injured(const bfl_criteria *c) {
    for (size_t i = 0; i < c->liver_count; i++)
        if (c->liver[i].entry || c->liver[i].hys_law) return true;
    return false;
}

static void grades(page *p) {
    const bfl_criteria *c = p->a->criteria;
    if (c->grade_count == 0 && !liver_injured(c)) return;
    bfl_term_heading(&p->term, "LABORATORY GRADES AND LIVER");
    for (size_t i = 0; i < c->grade_count; i++) {
        const bfl_grade *g = &c->grades[i];
        line(p, bfl_arena_printf(p->arena, "%s: %s, grade %d (%s)", bfl_say_date(p->arena, p->a->record, g->day),
                                 g->term, g->grade, g->reason.finding ? g->reason.finding : ""));
    }
    for (size_t i = 0; i < c->liver_count; i++) {
        const bfl_liver_day *l = &c->liver[i];
        if (!l->entry && !l->hys_law) continue;
        line(p, bfl_arena_printf(p->arena, "%s: liver injury, %s pattern, R %s, without the bone share %s%s",
                                 bfl_say_date(p->arena, p->a->record, l->day), bfl_liver_pattern_word(l->pattern),
                                 bfl_say_maybe(p->arena, l->r_value), bfl_say_maybe(p->arena, l->r_without_bone),
                                 l->hys_law ? "; Hy's law is met" : ""));
    }
}

/* ---- next, pathway, problems, foot ---- */

static void next(page *p) {
    const bfl_workup *w = p->a->workup;
    if (w->next_count == 0) return;
    bfl_term_heading(&p->term, "WHAT NEXT");
    for (size_t i = 0; i < w->next_count; i++) {
        const bfl_step *s = &w->next[i];
        bool useful = w->most_useful && w->most_useful->rule == s->rule;
        const char *by =
            s->has_by ? bfl_arena_printf(p->arena, "By %s: ", bfl_say_day(p->arena, p->a->record, s->by_day)) : "";
        paragraph(p, BFL_STYLE_BOLD, bfl_arena_printf(p->arena, " %2zu. ", i + 1),
                  bfl_arena_printf(p->arena, "%s%s", s->action, useful ? " (the most useful next test)" : ""));
        paragraph(p, BFL_STYLE_PLAIN, "     ", bfl_arena_printf(p->arena, "%s%s", by, s->why ? s->why : ""));
        if (s->changes && s->changes[0]) paragraph(p, BFL_STYLE_DIM, "     ", s->changes);
    }
}

static void pathway(page *p) {
    static const char *const marks[] = {"  ✓ ", "  → ", "  ○ ", "  · "};
    const bfl_workup *w = p->a->workup;
    if (w->pathway_count == 0) return;
    bfl_term_heading(&p->term, "PATHWAY OF A RAISED ALP (✓ done  → next  ○ later)");
    bfl_buf skipped = {.arena = p->arena};
    for (size_t i = 0; i < w->pathway_count; i++) {
        const bfl_step *s = &w->pathway[i];
        if (s->state == BFL_STEP_NOT_NEEDED) {
            bfl_buf_addf(&skipped, "%s%s", skipped.size ? "; " : "", s->rule ? s->rule->title : s->action);
            continue;
        }
        const char *why_so = s->why && s->why[0] ? bfl_arena_printf(p->arena, " (%s)", s->why) : "";
        paragraph(p, s->state == BFL_STEP_NEXT ? BFL_STYLE_BOLD : BFL_STYLE_PLAIN, marks[s->state],
                  bfl_arena_printf(p->arena, "%s%s", s->action, why_so));
    }
    if (skipped.size) paragraph(p, BFL_STYLE_DIM, "  Not needed: ", bfl_buf_z(&skipped));
}

static void problems(page *p) {
    static const char *const severities[] = {"note", "warning", "ERROR"};
    bfl_issue_groups groups = bfl_issue_groups_of(p->arena, p->a->issues, p->a->issue_count);
    if (groups.count == 0) return;
    bfl_term_heading(&p->term, "DATA PROBLEMS");
    for (size_t i = 0; i < groups.count; i++) {
        const bfl_issue *issue = groups.items[i].first;
        bfl_buf out = {.arena = p->arena};
        bfl_buf_add(&out, groups.items[i].where);
        if (issue->column && issue->column[0]) bfl_buf_addf(&out, "%s%s", out.size ? " " : "", issue->column);
        bfl_buf_addf(&out, "%s%s", out.size ? ": " : "", groups.items[i].found);
        if (issue->expected && issue->expected[0]) bfl_buf_addf(&out, "; expected %s", issue->expected);
        if (issue->action && issue->action[0]) bfl_buf_addf(&out, ". What to do: %s", issue->action);
        paragraph(p, BFL_STYLE_PLAIN, bfl_arena_printf(p->arena, "  %-8s", severities[issue->severity]),
                  bfl_buf_z(&out));
    }
}

static void foot(page *p) {
    const bfl_rulebook *rulebook = p->a->rulebook;
    bfl_buf_add(p->term.out, "\n");
    paragraph(p, BFL_STYLE_DIM, "",
              bfl_arena_printf(p->arena, "%s%s%s. boneflare %s, rulebook %s, sha256 %s",
                               bfl_say_review(rulebook, p->options->review), p->options->reviewer[0] ? ", " : "",
                               p->options->reviewer, bfl_version(), bfl_rulebook_version(rulebook),
                               bfl_rulebook_sha256(rulebook)));
    paragraph(p, BFL_STYLE_DIM, "", bfl_say_disclaimer(rulebook, p->options->audience));
}

void bfl_text_write(bfl_buf *out, const bfl_assessment *a, const bfl_report_options *options) {
    page p = {.term = {out, options->columns, options->colour}, .arena = out->arena, .a = a, .options = options};
    head(&p);
    alarms(&p, true);
    verdict(&p);
    why(&p);
    next(&p);
    alarms(&p, false);
    criteria(&p);
    history(&p);
    markers(&p);
    causes(&p);
    grades(&p);
    pathway(&p);
    problems(&p);
    foot(&p);
}
