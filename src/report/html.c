/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML document: head, index of patients, one article a patient, references, foot. It asks nothing of the network and
 * runs no script; the style sheet (page.css) is inside.
 */
#include "report/page.h"
#include "report/page_css.h" /* generated from page.css */

#include <string.h>

/* ---- pieces of markup ---- */

void bfl_page_raw(bfl_page *page, const char *markup) { bfl_buf_add(page->out, markup); }

void bfl_page_text(bfl_page *page, const char *z) { bfl_html_text(page->out, z); }

void bfl_page_element(bfl_page *page, const char *element, const char *class_name, const char *z) {
    bfl_buf_addf(page->out, "<%s", element);
    if (class_name[0]) bfl_buf_addf(page->out, " class=\"%s\"", class_name);
    bfl_page_raw(page, ">");
    bfl_page_text(page, z);
    bfl_buf_addf(page->out, "</%s>", element);
}

void bfl_page_section(bfl_page *page, const char *name, const char *class_name, const char *title) {
    bfl_buf_addf(page->out, "<section class=\"%s\" aria-labelledby=\"p%zu-%s\"><h3 id=\"p%zu-%s\">", class_name,
                 page->patient, name, page->patient, name);
    bfl_page_text(page, title);
    bfl_page_raw(page, "</h3>\n");
}

void bfl_page_end_section(bfl_page *page) { bfl_page_raw(page, "</section>\n"); }

void bfl_page_table(bfl_page *page, const char *class_name, const char *caption, const char *const *heads) {
    bfl_page_raw(page, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    bfl_page_text(page, caption);
    bfl_buf_addf(page->out, "\"><table class=\"%s\"><caption>", class_name);
    bfl_page_text(page, caption);
    bfl_page_raw(page, "</caption>\n<thead><tr>");
    for (; *heads; heads++) {
        bfl_page_raw(page, "<th scope=\"col\">");
        bfl_page_text(page, *heads);
        bfl_page_raw(page, "</th>");
    }
    bfl_page_raw(page, "</tr></thead>\n<tbody>\n");
}

void bfl_page_end_table(bfl_page *page) { bfl_page_raw(page, "</tbody></table></div>\n"); }

void bfl_page_cell(bfl_page *page, const char *class_name, const char *z) {
    bool nothing = !z || !z[0] || (z[0] == '-' && z[1] == '\0');
    if (!nothing) {
        bfl_page_element(page, "td", class_name, z);
        return;
    }
    bfl_buf_addf(page->out, "<td%s%s%s><span class=\"quiet\">–</span></td>", class_name[0] ? " class=\"" : "",
                 class_name, class_name[0] ? "\"" : "");
}

static void response_as(bfl_page *page, bfl_response response, const char *word) {
    static const char *const meanings[] = {"",
                                           "complete response",
                                           "partial response",
                                           "stable disease",
                                           "neither complete response nor progression",
                                           "progressive disease",
                                           "not evaluable",
                                           "progression not yet confirmed"};
    static const char *const classes[] = {"none", "cr", "pr", "sd", "sd", "pd", "ne", "pdu"};
    if (response == BFL_RESPONSE_NONE) {
        bfl_page_raw(page, "<span class=\"quiet\">–</span>");
        return;
    }
    bfl_buf_addf(page->out, "<abbr class=\"r %s\" title=\"%s\">", classes[response], meanings[response]);
    bfl_page_text(page, word);
    bfl_page_raw(page, "</abbr>");
}

void bfl_page_response(bfl_page *page, bfl_response response) {
    response_as(page, response, bfl_response_word(response));
}

void bfl_page_reading(bfl_page *page, const bfl_criterion_visit *visit) {
    response_as(page, visit ? visit->response : BFL_RESPONSE_NONE, visit ? bfl_criterion_word(visit) : "-");
}

/* ---- sources ---- */

size_t bfl_page_reference(bfl_page *page, const bfl_citation *citation) {
    for (size_t i = 0; i < page->cited.count; i++)
        if (page->cited.items[i] == citation) return i + 1;
    *BFL_PUSH(page->arena, &page->cited) = citation;
    return page->cited.count;
}

/* Only addresses of the web become links: a citation is data, and data may hold anything. */
static bool is_web_address(const char *url) {
    return url && (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0);
}

static void source(bfl_page *page, const char *key) {
    const bfl_citation *citation = bfl_citation_find(key);
    const char *name = bfl_say_source(page->arena, key);
    if (!citation) {
        bfl_page_text(page, name);
        return;
    }
    size_t number = bfl_page_reference(page, citation);
    if (is_web_address(citation->url)) {
        bfl_page_raw(page, "<a href=\"");
        bfl_page_text(page, citation->url);
        bfl_page_raw(page, "\" rel=\"noreferrer\" title=\"");
        bfl_page_text(page, citation->text);
        bfl_page_raw(page, "\">");
        bfl_page_text(page, name);
        bfl_page_raw(page, "</a>");
    } else {
        bfl_page_text(page, name);
    }
    bfl_buf_addf(page->out, "&nbsp;<a class=\"n\" href=\"#ref-%zu\" aria-label=\"reference %zu\">[%zu]</a>", number,
                 number, number);
}

void bfl_page_sources(bfl_page *page, const bfl_rule *rule) {
    if (!rule) return;
    bfl_buf_addf(page->out, "<span class=\"sources\"><span class=\"known %s\">%s</span>", bfl_known_word(rule->known),
                 rule->known == BFL_KNOWN_EXPERT ? "assumption" : bfl_known_word(rule->known));
    for (size_t i = 0; i < rule->source_count; i++) {
        bfl_page_raw(page, i ? ", " : " ");
        source(page, rule->sources[i]);
    }
    bfl_page_raw(page, "</span>");
}

void bfl_page_events(bfl_page *page, const bfl_event_ref *events, size_t count) {
    if (count == 0) return;
    bfl_page_raw(page, " <span class=\"rows\">");
    bfl_page_text(page, bfl_say_events(page->arena, page->a->record, events, count));
    bfl_page_raw(page, "</span>");
}

void bfl_page_reasons(bfl_page *page, const bfl_reason *reasons, size_t count) {
    if (count == 0) return;
    bfl_page_raw(page, "<ul class=\"reasons\">");
    for (size_t i = 0; i < count; i++) {
        bfl_page_raw(page, "<li>");
        bfl_page_text(page, reasons[i].finding);
        bfl_page_raw(page, " ");
        bfl_page_sources(page, reasons[i].rule);
        bfl_page_events(page, reasons[i].events, reasons[i].event_count);
        bfl_page_raw(page, "</li>");
    }
    bfl_page_raw(page, "</ul>\n");
}

const char *bfl_state_class(bfl_bone_state state) {
    switch (state) {
    case BFL_BONE_NONE: return "none";
    case BFL_BONE_FLARE_SUSPECTED:
    case BFL_BONE_FLARE_CONFIRMED: return "flare";
    case BFL_BONE_PROGRESSION: return "progression";
    case BFL_BONE_UNDETERMINED: return "undetermined";
    }
    return "none";
}

/* ---- the document ---- */

void bfl_page_head(bfl_page *page, const char *title) {
    bool plain = page->options->audience == BFL_FOR_PATIENT;
    bfl_page_raw(
        page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'");
    bfl_page_raw(page, page->pictures ? "; img-src data:\">\n<title>" : "\">\n<title>");
    bfl_page_text(page, title);
    bfl_page_raw(page, "</title>\n<style>\n");
    for (size_t i = 0; page_css[i]; i++) bfl_page_raw(page, page_css[i]);
    for (size_t i = 0; page->style && page->style[i]; i++) bfl_page_raw(page, page->style[i]);
    bfl_buf_addf(page->out,
                 "</style>\n</head>\n<body class=\"%s\">\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n",
                 plain ? "plain" : "clinical");
}

static void review(bfl_page *page) {
    bfl_buf_addf(page->out, "<p class=\"review %s\"><span class=\"visually-hidden\">Review status: </span>",
                 bfl_review_word(page->options->review));
    bfl_page_text(page, bfl_say_review(page->rulebook, page->options->review));
    if (page->options->reviewer[0]) {
        bfl_page_raw(page, ", ");
        bfl_page_text(page, page->options->reviewer);
    }
    bfl_page_raw(page, "</p>");
}

static void banner(bfl_page *page) {
    bool plain = page->options->audience == BFL_FOR_PATIENT;
    bfl_page_raw(page, "<header class=\"banner\"><p class=\"brand\">boneflare</p><h1>");
    bfl_page_text(page, plain ? "What happened in the bones" : "Bone flare or progression");
    bfl_page_raw(page, "</h1>");
    review(page);
    bfl_page_raw(page, "</header>\n");
}

static void index_row(bfl_page *page, const bfl_assessment *a, size_t number) {
    const bfl_bone *bone = &a->verdict->now;
    bfl_buf_addf(page->out, "<tr><th scope=\"row\"><a href=\"#p%zu\">", number);
    bfl_page_text(page, a->record->patient.id);
    bfl_page_raw(page, "</a></th>");
    bfl_page_cell(page, "", a->as_of == INT32_MIN ? "–" : bfl_say_day(page->arena, a->record, a->as_of));
    bfl_buf_addf(page->out, "<td><span class=\"chip %s\">", bfl_state_class(bone->state));
    bfl_page_text(page, bfl_say_state(page->rulebook, bone->state, page->options->audience));
    bfl_page_raw(page, "</span></td>");
    bool plain = page->options->audience == BFL_FOR_PATIENT;
    const char *chance =
        plain ? bfl_say_chance(page->arena, bone->p_flare) : bfl_say_percent(page->arena, bone->p_flare);
    bfl_page_cell(page, "num", bone->question ? chance : "–");
    size_t urgent = 0;
    for (size_t i = 0; i < a->verdict->alarm_count; i++) urgent += a->verdict->alarms[i].urgent;
    bfl_page_cell(page, urgent ? "num urgent" : "num",
                  bfl_arena_printf(page->arena, "%zu%s", a->verdict->alarm_count, urgent ? " (urgent)" : ""));
    bfl_page_cell(page, "num", bfl_arena_printf(page->arena, "%zu", a->issue_count));
    bfl_page_raw(page, "</tr>\n");
}

static void patient_index(bfl_page *page, const bfl_assessment *const *assessments, size_t count) {
    bfl_page_raw(page, "<nav aria-label=\"Patients\">");
    bfl_page_table(page, "index", "Patients in this report",
                   (const char *[]){"Patient", "As of", "Bone", "Healing", "Alarms", "Data problems", NULL});
    for (size_t i = 0; i < count; i++) index_row(page, assessments[i], i + 1);
    bfl_page_end_table(page);
    bfl_page_raw(page, "</nav>\n");
}

/* "F, 66 years, lung, adenocarcinoma, stage IV" */
static void about(bfl_page *page) {
    const bfl_patient *patient = &page->a->record->patient;
    const char *age = patient->age_years.present ? bfl_say_maybe(page->arena, patient->age_years) : NULL;
    const char *sex = patient->sex && strcmp(patient->sex, "F") == 0   ? "woman"
                      : patient->sex && strcmp(patient->sex, "M") == 0 ? "man"
                                                                       : patient->sex;
    const char *parts[] = {
        sex, age ? bfl_arena_printf(page->arena, "%s years", age) : NULL, patient->tumour, patient->histology,
        patient->stage ? bfl_arena_printf(page->arena, "%s%s", patient->stage[0] ? "stage " : "", patient->stage)
                       : NULL};
    bfl_buf line = {.arena = page->arena};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] && parts[i][0]) bfl_buf_addf(&line, "%s%s", line.size ? ", " : "", parts[i]);
    if (line.size) bfl_page_element(page, "p", "about", bfl_buf_z(&line));
}

static void article(bfl_page *page) {
    const bfl_assessment *a = page->a;
    bool plain = page->options->audience == BFL_FOR_PATIENT;
    bfl_buf_addf(
        page->out,
        "<article id=\"p%zu\" aria-labelledby=\"p%zu-name\">\n<header class=\"patient\"><h2 id=\"p%zu-name\">%s ",
        page->patient, page->patient, page->patient, plain ? "For" : "Patient");
    bfl_page_text(page, a->record->patient.id);
    bfl_page_raw(page, "</h2>");
    if (!plain) about(page);
    if (a->as_of != INT32_MIN) {
        bfl_page_raw(page, "<p class=\"asof\">As known on <strong>");
        bfl_page_text(page, plain ? bfl_say_long_date(page->arena, a->record, a->as_of)
                                  : bfl_say_day(page->arena, a->record, a->as_of));
        bfl_page_raw(page, "</strong></p>");
    }
    bfl_page_raw(page, "</header>\n");
    if (plain) {
        bfl_page_plain(page);
    } else {
        bfl_page_alarms(page);
        bfl_page_verdict(page);
        bfl_page_timeline(page);
        bfl_page_next(page);
        bfl_page_evidence(page);
        bfl_page_criteria(page);
        bfl_page_lesions(page);
        bfl_page_markers(page);
        bfl_page_causes(page);
        bfl_page_grades(page);
        bfl_page_pathway(page);
        bfl_page_issues(page);
    }
    bfl_page_raw(page, "</article>\n");
}

static void reference(bfl_page *page, size_t number, const bfl_citation *citation) {
    bfl_buf_addf(page->out, "<li id=\"ref-%zu\">", number);
    bfl_page_text(page, citation->text);
    if (is_web_address(citation->url)) {
        bfl_page_raw(page, " <a rel=\"noreferrer\" href=\"");
        bfl_page_text(page, citation->url);
        bfl_page_raw(page, "\">");
        bfl_page_text(page, citation->url);
        bfl_page_raw(page, "</a>");
    }
    bfl_page_raw(page, " <span class=\"seen\">read: ");
    bfl_page_text(page, citation->seen);
    bfl_page_raw(page, "</span></li>\n");
}

static void references(bfl_page *page) {
    if (page->cited.count == 0) return;
    bfl_page_raw(
        page,
        "<section class=\"references\" aria-labelledby=\"references\"><h2 id=\"references\">References</h2>\n"
        "<p class=\"hint\">Rules are <em>published</em> (a paper with its numbers), <em>standard</em> (a criteria "
        "document or a label), an <em>assumption</em> of the project, or <em>recalled</em> (the source was not "
        "opened). \"Read\" says how far the source was read.</p>\n<ol>\n");
    for (size_t i = 0; i < page->cited.count; i++) reference(page, i + 1, page->cited.items[i]);
    bfl_page_raw(page, "</ol></section>\n");
}

void bfl_page_foot(bfl_page *page) {
    bfl_page_raw(page, "<footer><p class=\"disclaimer\">");
    bfl_page_text(page, bfl_say_disclaimer(page->rulebook, page->options->audience));
    bfl_page_raw(page, "</p>\n<p class=\"versions\">boneflare ");
    bfl_page_text(page, bfl_version());
    bfl_page_raw(page, ", rulebook ");
    bfl_page_text(page, bfl_rulebook_version(page->rulebook));
    bfl_page_raw(page, ", SHA-256 <code>");
    bfl_page_text(page, bfl_rulebook_sha256(page->rulebook));
    bfl_page_raw(page, "</code></p></footer>\n</body>\n</html>\n");
}

void bfl_html_write(bfl_buf *out, const bfl_assessment *const *assessments, size_t count,
                    const bfl_report_options *options) {
    bfl_page page = {.out = out, .arena = out->arena, .options = options, .rulebook = assessments[0]->rulebook};
    const char *title =
        count == 1 ? bfl_arena_printf(page.arena, "%s: bone flare or progression", assessments[0]->record->patient.id)
                   : "Bone flare or progression";
    bfl_page_head(&page, title);
    banner(&page);
    if (count > 1) patient_index(&page, assessments, count);
    bfl_page_raw(&page, "<main id=\"main\">\n");
    for (size_t i = 0; i < count; i++) {
        page.a = assessments[i];
        page.patient = i + 1;
        article(&page);
    }
    references(&page);
    bfl_page_raw(&page, "</main>\n");
    bfl_page_foot(&page);
}
