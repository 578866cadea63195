/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: results -> text, JSON, HTML. Nothing is decided here: a report only says what the rooms below found.
 *
 *   report.c    the three public calls: options, arena, sink
 *   json.c      one object a patient (docs/json.md)
 *   text.c      a terminal page; terminal.c: columns, wrapping, tables
 *   html.c      a page: head, index, references; section.c, table.c: its parts; patient.c: the page in plain words
 *   print.c     the report on paper; paper.c: pages, paragraphs, tables
 *   timeline.c  the drawing over time
 *   ct_page.c   the page of two CT scans; ct_picture.c: its pictures
 *   fhir.c      a Bundle: the record and what was concluded from it (docs/fhir.md)
 *   words.c     how a state, a day, a chance, a source is said
 */
#ifndef BFL_REPORT_REPORT_H
#define BFL_REPORT_REPORT_H

#include "base/base.h"
#include "reason/reason.h"
#include <boneflare/report.h>

/* ---- words.c ---- */

/* "Bone flare suspected"; for the patient "The change in your bones is most likely healing." */
const char *bfl_say_state(const bfl_rulebook *rulebook, bfl_bone_state state, bfl_audience audience);
/* The sentence under the headline. */
const char *bfl_say_meaning(const bfl_rulebook *rulebook, bfl_bone_state state, bfl_audience audience);
/* How many facts could not be used, so that the answer rests on the rest; NULL when all could. */
const char *bfl_say_unused(bfl_arena *arena, const bfl_assessment *a);
const char *bfl_say_disclaimer(const bfl_rulebook *rulebook, bfl_audience audience);
const char *bfl_say_review(const bfl_rulebook *rulebook, bfl_review review);
/* "They have become clearly smaller."; "" for none. */
const char *bfl_say_response(const bfl_rulebook *rulebook, bfl_response response);
/* A cause of a raised ALP in the patient's words; its name when there is none. */
const char *bfl_say_cause(const bfl_rulebook *rulebook, const bfl_alp_cause *cause);
/* The rule's sentence in the patient's words: its own patient_text, else the rule "report.plain.<id>"; NULL when nobody has
 * written one. */
const char *bfl_say_plain(const bfl_rulebook *rulebook, const bfl_rule *rule);
/* "2019-04-04 (day 41)" or "day 41". */
const char *bfl_say_day(bfl_arena *arena, const bfl_record *record, int32_t day);
/* "2019-04-04" or "day 41". */
const char *bfl_say_date(bfl_arena *arena, const bfl_record *record, int32_t day);
/* The finding of an alarm, with its date unless the finding names it. */
const char *bfl_say_alarm(bfl_arena *arena, const bfl_record *record, const bfl_alarm *alarm);
/* "4 April 2019" or "day 41 of treatment". */
const char *bfl_say_long_date(bfl_arena *arena, const bfl_record *record, int32_t day);
/* "83 %"; never "0 %" or "100 %" for something short of it ("<1 %", ">99 %"). */
const char *bfl_say_percent(bfl_arena *arena, double p);
/* "about 8 in 10", "fewer than 1 in 20". */
const char *bfl_say_chance(bfl_arena *arena, double p);
/* "x3.2 for flare", "x2.0 for progression", "neutral": the likelihood ratio, larger side first. */
const char *bfl_say_weight(bfl_arena *arena, const bfl_evidence *evidence);
/* "chao2009" -> "Chao 2009". */
const char *bfl_say_source(bfl_arena *arena, const char *key);
/* "labs.csv:12". */
const char *bfl_say_event(bfl_arena *arena, const bfl_record *record, bfl_event_ref ref);
/* "labs.csv:12, lesions.csv:4": every row of a statement. */
const char *bfl_say_events(bfl_arena *arena, const bfl_record *record, const bfl_event_ref *events, size_t count);
/* "FDG PET"; "imaging" when the modality is not stated. */
const char *bfl_say_modality(bfl_modality modality);
/* "flare_suspected" -> "flare suspected": a word of a table, for reading. */
const char *bfl_say_spaced(bfl_arena *arena, const char *word);
/* "-60.5 %" / "+12 %" / "-" when missing. */
const char *bfl_say_change(bfl_arena *arena, bfl_maybe percent);
/* "12", or "-" when missing. */
const char *bfl_say_maybe(bfl_arena *arena, bfl_maybe value);
/* "952 U/L", "<0.5 ng/mL": as written when the whole course was reported in one unit, else in the analyte's usual unit. */
const char *bfl_say_value(bfl_arena *arena, const bfl_record *record, const bfl_marker *marker,
                          const bfl_marker_point *point);
/* The response of a criterion at a visit; NONE when the registry has no such criterion. */
bfl_response bfl_response_of(const bfl_criteria *criteria, const char *criterion, size_t visit);
/* A criterion beside RECIST, its readings and MDA, which have places of their own, that says something at some visit. */
bool bfl_criterion_is_further(const bfl_criterion_result *criterion);
/* Short word of a review status: "draft", "submitted", "under_review", "approved". */
const char *bfl_review_word(bfl_review review);

/* ---- form.c: the compared shapes of a course ---- */

/* Is the course worth a comparison of its shapes (telling, three values at least)? Then it is made. */
bool bfl_form_shown(bfl_arena *arena, const bfl_assessment *assessment, const bfl_marker *marker, bfl_form_fit *out);
/* "rise then fall 84 %"; with the next likeliest when none is probable enough to be named alone. */
const char *bfl_say_form(bfl_arena *arena, const bfl_form_fit *fit);
/* A positive number with three digits that count: "0.00412", "98.3", "1412". */
const char *bfl_say_digits(bfl_arena *arena, double value);
/* "98 (70 to 140) U/L": the next value in the unit it is reported in. */
const char *bfl_say_next(bfl_arena *arena, const bfl_record *record, const bfl_marker *marker, const bfl_form_fit *fit);
/* "below 60 or above 160": what would make another shape likelier; "-". */
const char *bfl_say_contradiction(bfl_arena *arena, const bfl_record *record, const bfl_marker *marker,
                                  const bfl_form_fit *fit);
/* A sentence when the liver explains a raised ALP and nothing shows bone; "" otherwise. */
const char *bfl_say_liver_explains(bfl_arena *arena, const bfl_markers *markers);

/* ---- select.c: what a page shows in full ---- */

/* Own markers, courses, values outside their range, ALP and its parts; the others are only named. */
bool bfl_marker_is_telling(const bfl_marker *marker);

/* Issues that differ only in their row and in what was found. */
typedef struct bfl_issue_group {
    const bfl_issue *first;
    const char *where; /* "labs.csv:6-24, 30" */
    const char *found; /* all that was found, each once */
} bfl_issue_group;
typedef BFL_LIST(bfl_issue_group) bfl_issue_groups;
bfl_issue_groups bfl_issue_groups_of(bfl_arena *arena, const bfl_issue *issues, size_t count);

/* ---- the reports; each writes all of itself to out, inside bfl_arena_run() ---- */

void bfl_json_write(bfl_buf *out, const bfl_assessment *assessment, const bfl_report_options *options);
void bfl_explain_write(bfl_buf *out, const bfl_assessment *assessment, const bfl_report_options *options);
void bfl_explain_json_write(bfl_buf *out, const bfl_assessment *assessment);
void bfl_text_write(bfl_buf *out, const bfl_assessment *assessment, const bfl_report_options *options);
void bfl_text_write_patient(bfl_buf *out, const bfl_assessment *assessment, const bfl_report_options *options);
void bfl_fhir_report_write(bfl_buf *out, const bfl_assessment *assessment, const bfl_report_options *options,
                           const bfl_fhir_options *fhir);
void bfl_html_write(bfl_buf *out, const bfl_assessment *const *assessments, size_t count,
                    const bfl_report_options *options);
/* print.c: the pages as SVG documents, NULL last. */
const char **bfl_print_pages(bfl_arena *arena, const bfl_assessment *const *assessments, size_t count,
                             const bfl_report_options *options);
/* ct_page.c; `rows` may be NULL: then the scans' own dates are shown. */
void bfl_ct_page(bfl_buf *out, const bfl_ct *ct, const bfl_ct_rows *rows);

#endif
