/* SPDX-License-Identifier: Apache-2.0 */
/* plain: the facts of an assessment in the patient's words, once for text and HTML. */
#ifndef BFL_REPORT_PLAIN_H
#define BFL_REPORT_PLAIN_H

#include "report/report.h"

/* A heading with paragraphs, then points. */
typedef struct bfl_plain_part {
    const char *name;    /* for ids: "sure" */
    const char *heading; /* "How sure is this?" */
    bool urgent;
    BFL_LIST(const char *) paragraphs;
    BFL_LIST(const char *) points;
} bfl_plain_part;

typedef BFL_LIST(bfl_plain_part) bfl_plain_parts;

/* Every part that has something to say, in the order of reading. */
bfl_plain_parts bfl_plain_parts_of(bfl_arena *arena, const bfl_assessment *assessment);

#endif
