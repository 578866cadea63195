/* SPDX-License-Identifier: Apache-2.0 */
/* Short ways to build a record in a test. */
#ifndef BFL_TEST_ROWS_H
#define BFL_TEST_ROWS_H

#include "test.h"

#include "record/record.h"

static bfl_arena *arena;
static bfl_builder *builder;
static uint32_t next_row;

static inline bfl_date on(const char *text) {
    bfl_date d = BFL_NO_DATE;
    if (text[0]) CHECK_INT(bfl_date_parse(bfl_text_of(text), &d, NULL), BFL_OK);
    return d;
}

static inline bfl_source at(const char *file) { return (bfl_source){file, ++next_row, ""}; }

static inline void begin(void) {
    arena = bfl_arena_new();
    next_row = 1;
    builder = bfl_record_begin(arena, "p1");
}

static inline void drug(const char *name, const char *start, const char *stop) {
    bfl_therapy *t = bfl_record_add_therapy(builder, on(start), on(stop));
    t->drug = name;
    t->source = at("therapy.csv");
}

static inline bfl_lesion *lesion(const char *id, const char *date, const char *longest_mm) {
    bfl_lesion *l = bfl_record_add_lesion(builder, on(date));
    l->id = id;
    l->site = id;
    l->modality = BFL_MODALITY_CT;
    l->longest_mm.present = bfl_decimal_parse(bfl_text_of(longest_mm), &l->longest_mm.value, NULL) == BFL_OK;
    l->source = at("lesions.csv");
    return l;
}

static inline bfl_lab *lab(const char *analyte, const char *date, const char *value, const char *unit) {
    bfl_lab *l = bfl_record_add_lab(builder, on(date));
    l->name = analyte;
    l->written = value;
    l->unit_text = unit;
    l->source = at("labs.csv");
    return l;
}

static inline bfl_maybe whole(int64_t n) { return bfl_some(bfl_decimal_of(n)); }

static inline bfl_note *note(const char *topic, const char *date, const char *value) {
    bfl_note *n = bfl_record_add_note(builder);
    n->topic = topic;
    n->date = on(date);
    n->value = value;
    n->source = at("notes.csv");
    return n;
}

static inline const bfl_record *seal_it(void) { return bfl_record_seal(arena, builder, NULL); }

static inline void end(void) { bfl_arena_free(arena); }

static inline int issues_with(const bfl_record *r, bfl_issue_code code) {
    int n = 0;
    for (size_t i = 0; i < r->issue_count; i++) n += strcmp(r->issues[i].code, bfl_issue_code_text(code)) == 0;
    return n;
}

static inline const bfl_issue *issue_with(const bfl_record *r, bfl_issue_code code) {
    for (size_t i = 0; i < r->issue_count; i++)
        if (strcmp(r->issues[i].code, bfl_issue_code_text(code)) == 0) return &r->issues[i];
    return NULL;
}

#endif
