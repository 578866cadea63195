/* SPDX-License-Identifier: Apache-2.0 */
/* A patient written down row by row, sealed and assessed. Days are days from the start of therapy. */
#ifndef BFL_TEST_MARKER_PATIENT_H
#define BFL_TEST_MARKER_PATIENT_H

#include "marker/marker.h"
#include "test.h"

typedef struct patient {
    bfl_arena *arena;
    bfl_builder *builder;
    bfl_rulebook *rulebook;
    const bfl_record *record;
    const bfl_markers *markers;
    void (*write)(struct patient *p);
} patient;

static inline bfl_date day(int n) { return (bfl_date){n, n, BFL_DATE_RELATIVE}; }

static inline bfl_maybe number(const char *text) {
    bfl_maybe value = {{0, 0}, false};
    if (text && *text && bfl_decimal_parse(bfl_text_of(text), &value.value, NULL) == BFL_OK) value.present = true;
    return value;
}

/* A value with its own range; "" = not printed. */
static inline bfl_lab *lab(patient *p, int on, const char *analyte, const char *value, const char *unit,
                           const char *low, const char *high) {
    bfl_lab *row = bfl_record_add_lab(p->builder, day(on));
    row->name = analyte;
    row->written = value;
    row->unit_text = unit;
    row->ref_low = number(low);
    row->ref_high = number(high);
    row->method = row->note = "";
    return row;
}

static inline void alp(patient *p, int on, const char *value) { (void)lab(p, on, "ALP", value, "U/L", "45", "125"); }

static inline void drug(patient *p, const char *name, int from) {
    bfl_therapy *row = bfl_record_add_therapy(p->builder, day(from), BFL_NO_DATE);
    row->drug = name;
}

static inline bfl_lesion *lesion(patient *p, int on, const char *id, bfl_organ organ, bfl_lesion_state state) {
    bfl_lesion *row = bfl_record_add_lesion(p->builder, day(on));
    row->id = row->site = id;
    row->organ = organ;
    row->modality = BFL_MODALITY_CT;
    row->state = state;
    return row;
}

static inline bfl_lesion *bone(patient *p, int on, unsigned changes) {
    bfl_lesion *row = lesion(p, on, "T4", BFL_ORGAN_BONE, BFL_LESION_PRESENT);
    row->changes = changes;
    return row;
}

static inline void clinical(patient *p, int on, const char *item, const char *value) {
    bfl_clinical *row = bfl_record_add_clinical(p->builder, day(on));
    row->item = item;
    row->value = value;
}

static inline bfl_status patient_body(bfl_arena *arena, void *context, bfl_error *err) {
    patient *p = context;
    (void)err;
    p->arena = arena;
    p->builder = bfl_record_begin(arena, "p");
    bfl_record_set_day0(p->builder, day(0));
    p->write(p);
    p->record = bfl_record_seal(arena, p->builder, NULL);
    p->markers = bfl_markers_assess(arena, p->record, p->rulebook);
    return BFL_OK;
}

/* Writes, seals and assesses. Forget it with patient_forget(). */
static inline patient patient_of(void (*write)(patient *p)) {
    patient p = {.write = write};
    CHECK(bfl_rulebook_open(BFL_TEXT(""), &p.rulebook, NULL) == BFL_OK);
    bfl_arena *arena = bfl_arena_new();
    CHECK(bfl_arena_run(arena, patient_body, &p, NULL) == BFL_OK);
    return p;
}

static inline void patient_forget(patient *p) {
    bfl_arena_free(p->arena);
    bfl_rulebook_free(p->rulebook);
}

static inline const bfl_marker *course(const patient *p, const char *analyte) {
    static const bfl_marker empty = {.said = "", .baseline_index = -1};
    const bfl_marker *found = bfl_markers_find(p->markers, analyte);
    return found ? found : &empty;
}

static inline const bfl_alp_cause *cause(const patient *p, const char *id) {
    static const bfl_alp_cause empty = {.id = "", .name = ""};
    for (size_t i = 0; i < p->markers->cause_count; i++)
        if (strcmp(p->markers->causes[i].id, id) == 0) return &p->markers->causes[i];
    return &empty;
}

static inline bool names(const bfl_reason *reasons, size_t count, const char *rule) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(reasons[i].rule->id, rule) == 0) return true;
    return false;
}

/* Does the course give this rule as a reason? */
static inline bool says(const bfl_marker *m, const char *rule) { return names(m->reasons, m->reason_count, rule); }
static inline bool speaks_for(const bfl_alp_cause *c, const char *rule) {
    return names(c->reasons_for, c->for_count, rule);
}
static inline bool speaks_against(const bfl_alp_cause *c, const char *rule) {
    return names(c->reasons_against, c->against_count, rule);
}

static inline bool has_issue(const patient *p, const char *code) {
    for (size_t i = 0; i < p->markers->issue_count; i++)
        if (strcmp(p->markers->issues[i].code, code) == 0) return true;
    return false;
}

#define CHECK_DAY(maybe, expected)              \
    do {                                        \
        CHECK((maybe).present);                 \
        CHECK_DECIMAL((maybe).value, expected); \
    } while (0)

#endif
