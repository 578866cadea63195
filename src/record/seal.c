/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing a record: the story of how loose rows become one checked timeline. */
#include "record/seal.h"

#include <string.h>

static void fill_texts(bfl_builder *b);
static bfl_record *freeze(bfl_arena *arena, bfl_builder *b, bfl_as_written *written);

const bfl_record *bfl_record_seal(bfl_arena *arena, bfl_builder *builder, const bfl_as_written **written) {
    const seal s = {arena, builder};
    fill_texts(builder);
    bfl_seal_drugs(&s);
    bfl_seal_timeline(&s);
    bfl_seal_patient(&s);
    bfl_seal_therapies(&s);
    bfl_seal_lesions(&s);
    bfl_seal_labs(&s);
    bfl_seal_clinicals(&s);
    bfl_seal_moleculars(&s);
    bfl_seal_pathologies(&s);
    bfl_seal_notes(&s);
    bfl_as_written *kept = BFL_NEW(arena, bfl_as_written);
    const bfl_record *record = freeze(arena, builder, kept);
    if (written) *written = kept;
    return record;
}

static void fill(const char **text) {
    if (!*text) *text = "";
}

static void fill_source(bfl_source *source) {
    fill(&source->file);
    fill(&source->stated);
}

static void fill_patient(bfl_patient *p) {
    const char **const texts[] = {&p->id,    &p->sex, &p->tumour, &p->histology, &p->smoking,
                                  &p->stage, &p->tnm, &p->label,  &p->note};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) fill(texts[i]);
    fill_source(&p->source);
}

static void fill_drug_and_image_texts(bfl_builder *b) {
    for (size_t i = 0; i < b->therapies.count; i++) {
        bfl_therapy *t = &b->therapies.items[i].row;
        const char **const texts[] = {&t->drug,           &t->class_id, &t->dose, &t->line,
                                      &t->reason_stopped, &t->site,     &t->note};
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) fill(texts[j]);
        fill_source(&t->source);
    }
    for (size_t i = 0; i < b->lesions.count; i++) {
        bfl_lesion *l = &b->lesions.items[i].row;
        fill(&l->id), fill(&l->site), fill(&l->note);
        fill_source(&l->source);
    }
}

static void fill_texts(bfl_builder *b) {
    fill_patient(&b->patient);
    fill_drug_and_image_texts(b);
    for (size_t i = 0; i < b->labs.count; i++) {
        bfl_lab *l = &b->labs.items[i].row;
        fill(&l->name), fill(&l->written), fill(&l->unit_text), fill(&l->method), fill(&l->note);
        fill_source(&l->source);
    }
    for (size_t i = 0; i < b->clinicals.count; i++) {
        bfl_clinical *c = &b->clinicals.items[i].row;
        fill(&c->item), fill(&c->value), fill(&c->unit), fill(&c->site), fill(&c->note);
        fill_source(&c->source);
    }
    for (size_t i = 0; i < b->moleculars.count; i++) {
        bfl_molecular *m = &b->moleculars.items[i].row;
        fill(&m->gene), fill(&m->variant), fill(&m->result), fill(&m->method), fill(&m->specimen), fill(&m->note);
        fill_source(&m->source);
    }
    for (size_t i = 0; i < b->pathologies.count; i++) {
        bfl_pathology *p = &b->pathologies.items[i].row;
        fill(&p->site), fill(&p->procedure), fill(&p->result), fill(&p->note);
        fill_source(&p->source);
    }
    for (size_t i = 0; i < b->notes.count; i++) {
        bfl_note *n = &b->notes.items[i];
        fill(&n->topic), fill(&n->value), fill(&n->text);
        fill_source(&n->source);
    }
}

/* Copies the rows of a list that were not dropped, with the dates they were written with. */
#define KEEP(list, type, dates)                                       \
    do {                                                              \
        type *rows = BFL_NEW_ARRAY(arena, b->list.count, type);       \
        bfl_date *as = BFL_NEW_ARRAY(arena, b->list.count, bfl_date); \
        size_t n = 0;                                                 \
        for (size_t i = 0; i < b->list.count; i++) {                  \
            if (b->list.items[i].dropped) continue;                   \
            as[n] = b->list.items[i].date;                            \
            rows[n++] = b->list.items[i].row;                         \
        }                                                             \
        r->list = rows;                                               \
        kept = n;                                                     \
        written->dates = as;                                          \
    } while (0)

static void keep_therapies(bfl_arena *arena, const bfl_builder *b, bfl_record *r, bfl_as_written *written) {
    bfl_therapy *rows = BFL_NEW_ARRAY(arena, b->therapies.count, bfl_therapy);
    bfl_date *starts = BFL_NEW_ARRAY(arena, b->therapies.count, bfl_date);
    bfl_date *stops = BFL_NEW_ARRAY(arena, b->therapies.count, bfl_date);
    for (size_t i = 0; i < b->therapies.count; i++) {
        if (b->therapies.items[i].dropped) continue;
        starts[r->therapy_count] = b->therapies.items[i].start;
        stops[r->therapy_count] = b->therapies.items[i].stop;
        rows[r->therapy_count++] = b->therapies.items[i].row;
    }
    r->therapies = rows;
    written->therapy_starts = starts;
    written->therapy_stops = stops;
}

static void keep_labs(bfl_arena *arena, const bfl_builder *b, bfl_record *r, bfl_as_written *written) {
    size_t n = b->labs.count;
    bfl_lab *rows = BFL_NEW_ARRAY(arena, n, bfl_lab);
    bfl_date *dates = BFL_NEW_ARRAY(arena, n, bfl_date);
    bfl_maybe *lows = BFL_NEW_ARRAY(arena, n, bfl_maybe), *highs = BFL_NEW_ARRAY(arena, n, bfl_maybe);
    for (size_t i = 0; i < n; i++) {
        const lab_row *l = &b->labs.items[i];
        rows[i] = l->row;
        dates[i] = l->date;
        lows[i] = l->low;
        highs[i] = l->high;
    }
    r->labs = rows;
    r->lab_count = n;
    written->labs = dates;
    written->lab_lows = lows;
    written->lab_highs = highs;
}

static void keep_events(bfl_arena *arena, const bfl_builder *b, bfl_record *r, bfl_as_written *written) {
    size_t kept;
    KEEP(lesions, bfl_lesion, lesions);
    r->lesion_count = kept;
    KEEP(clinicals, bfl_clinical, clinicals);
    r->clinical_count = kept;
    KEEP(moleculars, bfl_molecular, moleculars);
    r->molecular_count = kept;
    KEEP(pathologies, bfl_pathology, pathologies);
    r->pathology_count = kept;
}

static bfl_record *freeze(bfl_arena *arena, bfl_builder *b, bfl_as_written *written) {
    bfl_record *r = BFL_NEW(arena, bfl_record);
    r->patient = b->patient;
    r->has_calendar = b->anchor.calendar && b->anchor.date.precision == BFL_DATE_DAY;
    r->day0_civil = r->has_calendar ? b->anchor.date.first : 0;
    written->day0 = b->day0;
    keep_therapies(arena, b, r, written);
    keep_labs(arena, b, r, written);
    keep_events(arena, b, r, written);
    bfl_note *notes = BFL_NEW_ARRAY(arena, b->notes.count, bfl_note);
    if (b->notes.count) memcpy(notes, b->notes.items, b->notes.count * sizeof *notes);
    r->notes = notes;
    r->note_count = b->notes.count;
    bfl_issue_sort(b->scratch, &b->issues);
    bfl_issue *issues = BFL_NEW_ARRAY(arena, b->issues.count, bfl_issue);
    if (b->issues.count) memcpy(issues, b->issues.items, b->issues.count * sizeof *issues);
    r->issues = issues;
    r->issue_count = b->issues.count;
    r->last_day = bfl_record_last_day(r);
    return r;
}

void bfl_seal_issue(const seal *s, bfl_issue_code code, bfl_source source, const char *column, const char *found,
                    const char *expected) {
    bfl_place place = {s->b->patient.id, source, column};
    bfl_issue_add(s->b->scratch, &s->b->issues, code, place, found, expected);
}

bool bfl_seal_same(const char *a, const char *b) { return strcmp(a, b) == 0; }

bool bfl_seal_same_maybe(bfl_maybe a, bfl_maybe b) {
    return a.present == b.present && (!a.present || bfl_decimal_compare(a.value, b.value) == 0);
}

int bfl_seal_compare_when(bfl_when a, bfl_when b) {
    if (a.known != b.known) return a.known ? -1 : 1;
    if (a.day != b.day) return a.day < b.day ? -1 : 1;
    return (a.first > b.first) - (a.first < b.first);
}

int bfl_seal_compare_source(bfl_source a, bfl_source b) {
    int order = strcmp(a.file, b.file);
    return order ? order : (a.row > b.row) - (a.row < b.row);
}

void bfl_seal_duplicate(const seal *s, bfl_source earlier, bfl_source later) {
    bfl_seal_issue(s, BFL_CODE_ROW_DUPLICATE, later, "", bfl_arena_printf(s->arena, "the same as row %u", earlier.row),
                   "each fact once");
}
