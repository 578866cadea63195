/* SPDX-License-Identifier: Apache-2.0 */
/* A study as SDTM: subject by subject into datasets, then each dataset into a file. */
#include "format/sdtm/out.h"

#include <string.h>

/* ---- what SDTM has no place for here ---- */

static void lose(const out *o, bfl_source source, const char *patient, const char *found, const char *why) {
    const bfl_place place = {patient, source, ""};
    bfl_writing_lose(o->writing, BFL_LOSS_NO_PLACE, place, found, why);
}

static void lose_molecular(const out *o) {
    const bfl_record *r = o->record;
    for (size_t i = 0; i < r->molecular_count; i++) {
        const bfl_molecular *m = &r->moleculars[i];
        lose(o, m->source, r->patient.id, bfl_arena_printf(o->arena, "%s %s %s", m->gene, m->variant, m->result),
             "a dataset for findings in genes, which is not written");
    }
    for (size_t i = 0; i < r->pathology_count; i++) {
        const bfl_pathology *p = &r->pathologies[i];
        lose(o, p->source, r->patient.id, bfl_arena_printf(o->arena, "%s: %s", p->site, p->result),
             "a dataset for microscopic findings, which is not written");
    }
}

static void lose_study_notes(const out *o) {
    const bfl_study *study = o->writing->study;
    for (size_t i = 0; i < study->note_count; i++) {
        const bfl_note *n = &study->notes[i];
        lose(o, n->source, "", bfl_arena_printf(o->arena, "%s: %s", n->topic, n->value),
             "a subject: comments are about one");
    }
}

/* ---- datasets ---- */

static void put_subject(out *o, const bfl_record *record, const bfl_as_written *as) {
    o->record = record;
    o->as = as;
    o->start = BFL_NO_DATE;
    memset(o->seq, 0, sizeof o->seq);
    bfl_sdtm_out_subject(o);
    bfl_sdtm_out_therapies(o);
    bfl_sdtm_out_lesions(o);
    bfl_sdtm_out_labs(o);
    bfl_sdtm_out_notes(o);
    lose_molecular(o);
}

static void put_file(out *o, const out_dataset *d, out_encoding encoding) {
    static const char *const endings[] = {"csv", "xpt", "json", "ndjson"};
    if (!d->rows.count) return;
    bfl_text bytes = {0};
    switch (encoding) {
    case OUT_CSV: bytes = bfl_sdtm_out_csv(o, d); break;
    case OUT_XPT: bytes = bfl_sdtm_out_xpt(o, d); break;
    case OUT_JSON: bytes = bfl_sdtm_out_json(o, d, false); break;
    case OUT_NDJSON: bytes = bfl_sdtm_out_json(o, d, true); break;
    }
    const char *lower = bfl_text_lower(o->arena, bfl_text_of(d->name));
    bfl_writing_file(o->writing, bfl_arena_printf(o->arena, "%s.%s", lower, endings[encoding]), d->rows.count, bytes);
}

static void compose(bfl_writing *w, out_encoding encoding) {
    out *o = BFL_NEW(w->arena, out);
    bfl_sdtm_out_begin(o, w);
    for (size_t i = 0; i < w->study->record_count; i++) put_subject(o, w->study->records[i], w->study->written[i]);
    lose_study_notes(o);
    for (int i = 0; i < OUT_ID_COUNT; i++) {
        put_file(o, &o->datasets[i], encoding);
        put_file(o, &o->supplements[i], encoding);
    }
}

void bfl_sdtm_compose_csv(bfl_writing *w) { compose(w, OUT_CSV); }

void bfl_sdtm_compose_xpt(bfl_writing *w) { compose(w, OUT_XPT); }

void bfl_sdtm_compose_json(bfl_writing *w) { compose(w, OUT_JSON); }

void bfl_sdtm_compose_ndjson(bfl_writing *w) { compose(w, OUT_NDJSON); }
