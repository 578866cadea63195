/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A patient in a few lines, for tests of the criteria. A lesion is
 *     day id[@site] organ role matrix modality state mm change [slice_mm [count [suv_max]]]
 * with '-' for what is not stated; mm is the short axis of a node, the soft-tissue part in bone, else the longest diameter.
 * A laboratory value is
 *     day analyte value unit ref_low ref_high
 */
#ifndef BFL_TEST_TIMELINE_H
#define BFL_TEST_TIMELINE_H

#include "test.h"

#include "criteria/criteria.h"

typedef struct timeline {
    const char *lesions, *labs, *notes; /* lines separated by '\n'; notes: day topic value */
    const char *clinicals;              /* day item value */
    const char *overlay;                /* of the rulebook; NULL: none */
    bfl_arena *arena;
    const bfl_rulebook *rulebook;
    const bfl_record *record;
    const bfl_criteria *criteria;
    void (*check)(const struct timeline *t);
} timeline;

static inline bfl_text word(bfl_text *line) {
    bfl_text w = bfl_text_split(line, ' ');
    return w.size == 1 && *w.data == '-' ? BFL_TEXT("") : w;
}

static inline bfl_date day_of(bfl_text w) {
    char z[16];
    bfl_date date = {0, 0, BFL_DATE_NONE};
    (void)snprintf(z, sizeof z, "d%.*s", (int)w.size, w.data);
    CHECK(bfl_date_parse(bfl_text_of(z), &date, NULL) == BFL_OK);
    return date;
}

static inline bfl_maybe number(bfl_text w) {
    bfl_maybe value = {.present = w.size > 0};
    if (value.present) CHECK(bfl_decimal_parse(w, &value.value, NULL) == BFL_OK);
    return value;
}

static inline void read_changes(bfl_text w, unsigned *changes) {
    while (w.size > 0) {
        bfl_change change = BFL_CHANGE_NONE;
        CHECK(bfl_change_parse(bfl_text_split(&w, ';'), &change));
        *changes |= (unsigned)change;
    }
}

static inline void add_lesion(bfl_arena *arena, bfl_builder *builder, bfl_text line) {
    bfl_lesion *row = bfl_record_add_lesion(builder, day_of(word(&line)));
    bfl_text name = word(&line), id = bfl_text_split(&name, '@');
    row->id = bfl_arena_text(arena, id);
    row->site = bfl_arena_text(arena, name.size ? name : id);
    CHECK(bfl_organ_parse(word(&line), &row->organ));
    CHECK(bfl_role_parse(word(&line), &row->role));
    CHECK(bfl_matrix_parse(word(&line), &row->matrix));
    CHECK(bfl_modality_parse(word(&line), &row->modality));
    CHECK(bfl_lesion_state_parse(word(&line), &row->state));
    bfl_maybe mm = number(word(&line));
    if (row->organ == BFL_ORGAN_NODE)
        row->short_mm = mm;
    else if (row->organ == BFL_ORGAN_BONE)
        row->soft_tissue_mm = mm;
    else
        row->longest_mm = mm;
    read_changes(word(&line), &row->changes);
    row->slice_mm = number(word(&line));
    row->count = number(word(&line));
    row->suv_max = number(word(&line));
}

static inline void add_lab(bfl_arena *arena, bfl_builder *builder, bfl_text line) {
    bfl_lab *row = bfl_record_add_lab(builder, day_of(word(&line)));
    row->name = bfl_arena_text(arena, word(&line));
    row->written = bfl_arena_text(arena, word(&line));
    row->unit_text = bfl_arena_text(arena, word(&line));
    row->ref_low = number(word(&line));
    row->ref_high = number(word(&line));
}

static inline void add_note(bfl_arena *arena, bfl_builder *builder, bfl_text line) {
    bfl_note *row = bfl_record_add_note(builder);
    row->date = day_of(word(&line));
    row->topic = bfl_arena_text(arena, word(&line));
    row->value = bfl_arena_text(arena, line);
}

static inline void add_clinical(bfl_arena *arena, bfl_builder *builder, bfl_text line) {
    bfl_clinical *row = bfl_record_add_clinical(builder, day_of(word(&line)));
    row->item = bfl_arena_text(arena, word(&line));
    row->value = bfl_arena_text(arena, line);
}

static inline void each_line(bfl_arena *arena, bfl_builder *builder, const char *lines,
                             void (*add)(bfl_arena *, bfl_builder *, bfl_text)) {
    bfl_text rest = bfl_text_of(lines);
    while (rest.size > 0) {
        bfl_text line = bfl_text_split(&rest, '\n');
        if (line.size > 0) add(arena, builder, line);
    }
}

static inline bfl_status run_timeline(bfl_arena *arena, void *context, bfl_error *err) {
    timeline *t = context;
    (void)err;
    bfl_builder *builder = bfl_record_begin(arena, "p1");
    bfl_therapy *therapy = bfl_record_add_therapy(builder, day_of(BFL_TEXT("0")), BFL_NO_DATE);
    therapy->drug = "gefitinib";
    therapy->intent = BFL_INTENT_ANTICANCER;
    each_line(arena, builder, t->lesions, add_lesion);
    each_line(arena, builder, t->labs, add_lab);
    each_line(arena, builder, t->notes, add_note);
    each_line(arena, builder, t->clinicals, add_clinical);
    t->arena = arena;
    t->record = bfl_record_seal(arena, builder, NULL);
    t->criteria = bfl_criteria_assess(arena, t->record, t->rulebook);
    t->check(t);
    return BFL_OK;
}

/* Builds the patient, assesses it and hands it to `check`. */
static inline void with_timeline(timeline t) {
    bfl_rulebook *rulebook = NULL;
    bfl_arena *arena = bfl_arena_new();
    CHECK(bfl_rulebook_open(bfl_text_of(t.overlay), &rulebook, NULL) == BFL_OK);
    t.rulebook = rulebook;
    CHECK(bfl_arena_run(arena, run_timeline, &t, NULL) == BFL_OK);
    bfl_arena_free(arena);
    bfl_rulebook_free(rulebook);
}

static inline bool has_issue(const timeline *t, const char *code) {
    for (size_t i = 0; i < t->criteria->issue_count; i++)
        if (strcmp(t->criteria->issues[i].code, code) == 0) return true;
    return false;
}

static inline bool has_rule(const bfl_reason *reasons, size_t count, const char *id) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(reasons[i].rule->id, id) == 0) return true;
    return false;
}

static inline const bfl_criterion_visit *visit_of(const timeline *t, const char *id, size_t visit) {
    for (size_t k = 0; k < t->criteria->criterion_count; k++)
        if (strcmp(t->criteria->criteria[k].id, id) == 0) return &t->criteria->criteria[k].visits[visit];
    CHECK(false);
    return NULL;
}

/* The visits as words, "target/non-target/new/overall/flare note/soft tissue/mda", the baseline left out, joined by "; ". */
static inline const char *summary(const timeline *t) {
    bfl_buf text = {.arena = t->arena};
    for (size_t i = 1; i < t->criteria->visit_count; i++) {
        const bfl_recist_visit *v = &t->criteria->visits[i];
        bfl_buf_addf(&text, "%s%s/%s/%s/%s/%s/%s/%s", i > 1 ? "; " : "", bfl_response_word(v->target),
                     v->nontarget == BFL_RESPONSE_NON_CR_NON_PD ? "non" : bfl_response_word(v->nontarget),
                     bfl_new_lesions_word(v->new_lesions), bfl_response_word(v->overall),
                     bfl_response_word(v->overall_flare_note), bfl_response_word(v->soft_tissue),
                     bfl_response_word(visit_of(t, "mda2004", i)->response));
    }
    return bfl_buf_z(&text);
}

#endif
