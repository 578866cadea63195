/* SPDX-License-Identifier: Apache-2.0 */
#include "record/record.h"

#include <string.h>

typedef struct code_row {
    const char *code;
    bfl_severity severity;
    const char *action;
} code_row;

#define CODE_ROW(name, code, severity, action) {code, BFL_ISSUE_##severity, action},
static const code_row codes[] = {BFL_ISSUES(CODE_ROW)};

const char *bfl_issue_code_text(bfl_issue_code code) { return codes[code].code; }

void bfl_issue_add(bfl_arena *arena, bfl_issue_list *list, bfl_issue_code code, bfl_place place, const char *found,
                   const char *expected) {
    const code_row *row = &codes[code];
    bfl_issue *issue = BFL_PUSH(arena, list);
    *issue = (bfl_issue){row->severity,
                         row->code,
                         place.patient ? place.patient : "",
                         place.source,
                         place.column ? place.column : "",
                         found ? found : "",
                         expected ? expected : "",
                         row->action};
    if (!issue->source.file) issue->source.file = "";
    if (!issue->source.stated) issue->source.stated = "";
}

static int compare_issues(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_issue *x = a, *y = b;
    int order = strcmp(x->source.file, y->source.file);
    if (order == 0) order = (x->source.row > y->source.row) - (x->source.row < y->source.row);
    if (order == 0) order = strcmp(x->column, y->column);
    return order ? order : strcmp(x->code, y->code);
}

void bfl_issue_sort(bfl_arena *arena, bfl_issue_list *list) {
    bfl_sort(arena, list->items, list->count, sizeof *list->items, compare_issues, NULL);
}

enum { SHOWN_BYTES = 60 };

const char *bfl_issue_quote(bfl_arena *arena, bfl_text text) {
    bfl_buf buf = {.arena = arena};
    size_t i = 0;
    while (i < text.size && buf.size < SHOWN_BYTES) {
        size_t bad = text.size - i;
        (void)bfl_utf8_valid((bfl_text){text.data + i, text.size - i}, &bad);
        for (size_t end = i + bad; i < end; i++) {
            unsigned char c = (unsigned char)text.data[i];
            bool starts = (c & 0xC0) != 0x80; /* never cut inside a UTF-8 sequence */
            if (starts && buf.size >= SHOWN_BYTES) break;
            if (c < ' ' || c == 0x7F)
                bfl_buf_addf(&buf, "\\x%02X", c);
            else
                bfl_buf_add_text(&buf, (bfl_text){text.data + i, 1});
        }
        if (i < text.size && buf.size < SHOWN_BYTES) bfl_buf_addf(&buf, "\\x%02X", (unsigned char)text.data[i++]);
    }
    if (i < text.size) bfl_buf_add(&buf, "...");
    return bfl_buf_z(&buf);
}
