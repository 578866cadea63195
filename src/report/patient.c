/* SPDX-License-Identifier: Apache-2.0 */
/* The page for the patient, as text and as HTML, from the parts of plain.c. */
#include "report/page.h"
#include "report/plain.h"
#include "figure/figure.h"
#include "report/terminal.h"

#include <math.h>
#include <string.h>

/* ---- text ---- */

static void text_part(bfl_term *term, const bfl_plain_part *part) {
    bfl_arena *arena = term->out->arena;
    bfl_buf_add(term->out, "\n");
    bfl_term_paragraph(term, part->urgent ? BFL_STYLE_ALARM : BFL_STYLE_BOLD, "", bfl_plain_text(arena, part->heading));
    for (size_t i = 0; i < part->paragraphs.count; i++)
        bfl_term_paragraph(term, BFL_STYLE_PLAIN, "  ", bfl_plain_text(arena, part->paragraphs.items[i]));
    for (size_t i = 0; i < part->points.count; i++)
        bfl_term_paragraph(term, BFL_STYLE_PLAIN, "  • ", bfl_plain_text(arena, part->points.items[i]));
}

void bfl_text_write_patient(bfl_buf *out, const bfl_assessment *a, const bfl_report_options *options) {
    bfl_term term = {out, options->columns, options->colour};
    bfl_arena *arena = out->arena;
    bfl_plain_parts parts = bfl_plain_parts_of(arena, a);
    const bfl_bone *bone = &a->verdict->now;
    const char *date =
        a->as_of == INT32_MIN ? "" : bfl_arena_printf(arena, ", %s", bfl_say_long_date(arena, a->record, a->as_of));
    bfl_term_paragraph(&term, BFL_STYLE_DIM, "",
                       bfl_plain_text(arena, bfl_arena_printf(arena, "For %s%s", a->record->patient.id, date)));
    size_t first = parts.count && parts.items[0].urgent ? 1 : 0;
    if (first) text_part(&term, &parts.items[0]);
    bfl_buf_add(out, "\n");
    bfl_term_paragraph(&term, BFL_STYLE_BOLD, "", bfl_say_state(a->rulebook, bone->state, BFL_FOR_PATIENT));
    bfl_term_paragraph(&term, BFL_STYLE_PLAIN, "  ", bfl_say_meaning(a->rulebook, bone->state, BFL_FOR_PATIENT));
    for (size_t i = first; i < parts.count; i++) text_part(&term, &parts.items[i]);
    bfl_buf_add(out, "\n");
    const char *version = bfl_arena_printf(arena, "%s%s%s. boneflare %s, rulebook %s, sha256 %s",
                                           bfl_say_review(a->rulebook, options->review),
                                           options->reviewer[0] ? ", " : "", options->reviewer, bfl_version(),
                                           bfl_rulebook_version(a->rulebook), bfl_rulebook_sha256(a->rulebook));
    bfl_term_paragraph(&term, BFL_STYLE_DIM, "", bfl_say_disclaimer(a->rulebook, BFL_FOR_PATIENT));
    bfl_term_paragraph(&term, BFL_STYLE_DIM, "", bfl_plain_text(arena, version));
}

/* ---- HTML ---- */

enum { PEOPLE = 10, STEP = 46, RADIUS = 16, PEOPLE_HEIGHT = 44 };

/* Ten circles, as many filled as the chance in ten: a picture of "about 8 in 10". */
static void ten(bfl_page *page, const bfl_bone *bone) {
    long healing = lround(bone->p_flare * PEOPLE), growing = lround(bone->p_progression * PEOPLE);
    if (healing + growing > PEOPLE) growing = PEOPLE - healing;
    bfl_buf_addf(
        page->out,
        "<svg class=\"ten\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"p%zu-ten\"><title id=\"p%zu-ten\">",
        PEOPLE * STEP, PEOPLE_HEIGHT, page->patient, page->patient);
    bfl_page_text(page,
                  bfl_arena_printf(page->arena, "Healing: %s. Growth: %s.", bfl_say_chance(page->arena, bone->p_flare),
                                   bfl_say_chance(page->arena, bone->p_progression)));
    bfl_page_raw(page, "</title>");
    for (long i = 0; i < PEOPLE; i++) {
        const char *class_name = i < healing ? "flare" : i < healing + growing ? "progression" : "other";
        double x = (double)i * STEP + STEP / 2.0, y = PEOPLE_HEIGHT / 2.0;
        bfl_svg_mark(page->out, class_name, BFL_MARK_DOT, x, y, RADIUS, NULL);
        const char *sign = i < healing ? "✓" : i < healing + growing ? "↑" : "?";
        bfl_svg_text(page->out, bfl_arena_printf(page->arena, "in-%s", class_name), BFL_ANCHOR_MIDDLE, x, y + 6, sign);
    }
    bfl_page_raw(page, "</svg>\n<p class=\"legend\"><span><span class=\"key flare\"></span>healing (✓)</span>"
                       "<span><span class=\"key progression\"></span>growth (↑)</span>"
                       "<span><span class=\"key other\"></span>something else (?)</span></p>\n");
}

static void html_part(bfl_page *page, const bfl_plain_part *part, const bfl_bone *bone) {
    bfl_page_section(page, part->name, part->urgent ? "part urgent" : "part", part->heading);
    if (strcmp(part->name, "sure") == 0) ten(page, bone);
    for (size_t i = 0; i < part->paragraphs.count; i++) bfl_page_element(page, "p", "", part->paragraphs.items[i]);
    if (part->points.count) {
        bfl_page_raw(page, "<ul>");
        for (size_t i = 0; i < part->points.count; i++) bfl_page_element(page, "li", "", part->points.items[i]);
        bfl_page_raw(page, "</ul>\n");
    }
    bfl_page_end_section(page);
}

/* Words the page, or the doctors, may use. */
static void glossary(bfl_page *page) {
    const bfl_rule *rule = bfl_rulebook_find(page->rulebook, "workup.words.term");
    if (!rule || rule->parameter_count == 0) return;
    bfl_page_section(page, "words", "part words", "Words you may hear");
    bfl_page_raw(page, "<ul>");
    for (size_t i = 0; i < rule->parameter_count; i++)
        if (!rule->parameters[i].numeric) bfl_page_element(page, "li", "", rule->parameters[i].text);
    bfl_page_raw(page, "</ul>\n");
    bfl_page_end_section(page);
}

void bfl_page_plain(bfl_page *page) {
    const bfl_bone *bone = &page->a->verdict->now;
    bfl_plain_parts parts = bfl_plain_parts_of(page->arena, page->a);
    size_t first = parts.count && parts.items[0].urgent ? 1 : 0;
    if (first) html_part(page, &parts.items[0], bone);
    bfl_page_section(page, "verdict", bfl_arena_printf(page->arena, "verdict %s", bfl_state_class(bone->state)),
                     bfl_say_state(page->rulebook, bone->state, BFL_FOR_PATIENT));
    bfl_page_element(page, "p", "meaning", bfl_say_meaning(page->rulebook, bone->state, BFL_FOR_PATIENT));
    bfl_page_end_section(page);
    for (size_t i = first; i < parts.count; i++) {
        if (strcmp(parts.items[i].name, "call") == 0) bfl_page_timeline(page);
        html_part(page, &parts.items[i], bone);
    }
    glossary(page);
}
