/* SPDX-License-Identifier: Apache-2.0 */
/* page: what the parts of the HTML page share. Raw markup goes through bfl_page_raw(), everything foreign is escaped. */
#ifndef BFL_REPORT_PAGE_H
#define BFL_REPORT_PAGE_H

#include "report/report.h"

/* The page being written, and the patient it is at. */
typedef struct bfl_page {
    bfl_buf *out;
    bfl_arena *arena;
    const bfl_report_options *options;
    const bfl_rulebook *rulebook;
    const bfl_assessment *a;
    size_t patient;                       /* 1, 2, ... : ids in the document begin with p1-, p2-, ... */
    BFL_LIST(const bfl_citation *) cited; /* in the order of their numbers */
    BFL_LIST(const bfl_rule *) recalled;  /* rules shown whose source was not opened */
    bool pictures;                        /* the page holds pictures */
    const char *const *style;             /* more style, ended by NULL; NULL for none */
} bfl_page;

/* ---- html.c: pieces of markup ---- */

void bfl_page_raw(bfl_page *page, const char *markup);
/* Foreign text, escaped. */
void bfl_page_text(bfl_page *page, const char *z);
/* <element class="...">text</element>; class_name may be "". */
void bfl_page_element(bfl_page *page, const char *element, const char *class_name, const char *z);
/* <section ...><h3>title</h3>; ended by bfl_page_end_section(). `name` makes the id. */
void bfl_page_section(bfl_page *page, const char *name, const char *class_name, const char *title);
void bfl_page_end_section(bfl_page *page);
/* A table that scrolls sideways on a narrow screen, with its caption; header cells from a NULL-terminated list. */
void bfl_page_table(bfl_page *page, const char *class_name, const char *caption, const char *const *heads);
void bfl_page_end_table(bfl_page *page);
void bfl_page_cell(bfl_page *page, const char *class_name, const char *z);
/* A response as a coloured word ("PD"), with what it stands for as its title. */
void bfl_page_response(bfl_page *page, bfl_response response);
/* The same in the criterion's own word; NULL is a dash. */
void bfl_page_reading(bfl_page *page, const bfl_criterion_visit *visit);
/* How the rule is known and its sources as links: "published: Shi 2021 [3]". */
void bfl_page_sources(bfl_page *page, const bfl_rule *rule);
/* The number of a citation in the list of references; given when it is first named. */
size_t bfl_page_reference(bfl_page *page, const bfl_citation *citation);
/* The rows a statement rests on, as small type. */
void bfl_page_events(bfl_page *page, const bfl_event_ref *events, size_t count);
/* A list of reasons, each with its sources and rows. */
void bfl_page_reasons(bfl_page *page, const bfl_reason *reasons, size_t count);

/* The document up to its banner, and its foot. */
void bfl_page_head(bfl_page *page, const char *title);
void bfl_page_foot(bfl_page *page);
/* Issues, those alike in one row (steps.c). */
void bfl_page_issue_table(bfl_page *page, const char *caption, const bfl_issue *issues, size_t count);

/* ---- parts of a patient's article, in the order they are shown ---- */

void bfl_page_alarms(bfl_page *page);    /* verdict.c */
void bfl_page_verdict(bfl_page *page);   /* verdict.c */
void bfl_page_timeline(bfl_page *page);  /* timeline.c */
void bfl_page_next(bfl_page *page);      /* steps.c */
void bfl_page_evidence(bfl_page *page);  /* verdict.c */
void bfl_page_waterfall(bfl_page *page); /* explain_json.c */
void bfl_page_criteria(bfl_page *page);  /* visits.c */
void bfl_page_lesions(bfl_page *page);   /* visits.c */
void bfl_page_markers(bfl_page *page);   /* serum.c */
void bfl_page_causes(bfl_page *page);    /* serum.c */
void bfl_page_grades(bfl_page *page);    /* serum.c */
void bfl_page_pathway(bfl_page *page);   /* steps.c */
void bfl_page_issues(bfl_page *page);    /* steps.c */
/* The article in plain words, instead of all of the above. */
void bfl_page_plain(bfl_page *page); /* patient.c */
/* The probability bar with its interval: used by both. */
void bfl_page_bar(bfl_page *page, const bfl_bone *bone);
/* Its elements alone, from (0, 0) to (BFL_BAR_WIDTH, BFL_BAR_HEIGHT), styled inside an element of class "bar". */
enum { BFL_BAR_WIDTH = 640, BFL_BAR_HEIGHT = 62 };
void bfl_page_bar_elements(bfl_page *page, const bfl_bone *bone);

/* "flare", "progression", "undetermined", "none": the class that colours a state. */
const char *bfl_state_class(bfl_bone_state state);

#endif
