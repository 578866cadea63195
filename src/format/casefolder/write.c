/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a case folder: empty tables, or a study with its dates and ranges as they were read. */
#include "format/casefolder/tables.h"
#include "format/csv.h"
#include "format/writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- cells ---- */

static void put_text(bfl_buf *buf, const char *text) {
    bfl_csv_write(buf, bfl_text_of(text));
    bfl_buf_add(buf, ",");
}

static void put_number(bfl_buf *buf, bfl_maybe value) {
    if (value.present) bfl_buf_decimal(buf, value.value, -1);
    bfl_buf_add(buf, ",");
}

static void put_date(bfl_buf *buf, bfl_date date) {
    char z[32];
    bfl_date_format(date, z, sizeof z);
    put_text(buf, z);
}

/* The last column of every table. */
static void put_source(bfl_buf *buf, bfl_source source) {
    bfl_csv_write(buf, bfl_text_of(source.stated));
    bfl_buf_add(buf, "\n");
}

static void put_header(bfl_buf *buf, const table *t) {
    for (size_t c = 0; c < t->column_count; c++) bfl_buf_addf(buf, "%s%s", c ? "," : "", t->columns[c]);
    bfl_buf_add(buf, "\n");
}

/* ---- rows, in the order of tables.h ---- */

static void put_patient(bfl_buf *buf, const bfl_record *r, const bfl_as_written *as) {
    const bfl_patient *p = &r->patient;
    put_text(buf, p->id);
    put_text(buf, p->sex);
    put_date(buf, p->birth);
    put_number(buf, p->age_years);
    put_text(buf, p->tumour);
    put_text(buf, p->histology);
    put_text(buf, p->smoking);
    put_text(buf, p->stage);
    put_text(buf, p->tnm);
    if (p->tnm_edition) bfl_buf_addf(buf, "%d", p->tnm_edition);
    bfl_buf_add(buf, ",");
    put_date(buf, p->death);
    put_date(buf, as->day0);
    put_text(buf, p->label);
    put_text(buf, p->note);
    put_source(buf, p->source);
}

static void put_therapies(bfl_buf *buf, const bfl_record *r, const bfl_as_written *as) {
    for (size_t i = 0; i < r->therapy_count; i++) {
        const bfl_therapy *t = &r->therapies[i];
        put_text(buf, r->patient.id);
        put_text(buf, t->drug);
        put_text(buf, t->class_id);
        put_text(buf, bfl_intent_word(t->intent));
        put_date(buf, as->therapy_starts[i]);
        put_date(buf, as->therapy_stops[i]);
        put_text(buf, t->dose);
        put_text(buf, t->line);
        put_text(buf, t->reason_stopped);
        put_text(buf, t->site);
        put_text(buf, t->note);
        put_source(buf, t->source);
    }
}

static void put_lesion(bfl_buf *buf, const bfl_lesion *l) {
    put_text(buf, l->id);
    put_text(buf, l->site);
    put_text(buf, bfl_organ_word(l->organ));
    put_text(buf, bfl_role_word(l->role));
    put_text(buf, bfl_matrix_word(l->matrix));
    put_text(buf, bfl_modality_word(l->modality));
    put_number(buf, l->longest_mm);
    put_number(buf, l->short_mm);
    put_text(buf, bfl_lesion_state_word(l->state));
    put_text(buf, bfl_changes_text(buf->arena, l->changes));
    put_number(buf, l->hu_mean);
    put_number(buf, l->suv_max);
    put_text(buf, bfl_uptake_word(l->uptake));
    put_text(buf, bfl_said_word(l->beyond_bone));
    put_number(buf, l->soft_tissue_mm);
    put_number(buf, l->count);
    put_number(buf, l->slice_mm);
    put_text(buf, l->note);
    put_source(buf, l->source);
}

static void put_lesions(bfl_buf *buf, const bfl_record *r, const bfl_as_written *as) {
    for (size_t i = 0; i < r->lesion_count; i++) {
        put_text(buf, r->patient.id);
        put_date(buf, as->lesions[i]);
        put_lesion(buf, &r->lesions[i]);
    }
}

static void put_labs(bfl_buf *buf, const bfl_record *r, const bfl_as_written *as) {
    for (size_t i = 0; i < r->lab_count; i++) {
        const bfl_lab *l = &r->labs[i];
        put_text(buf, r->patient.id);
        put_date(buf, as->labs[i]);
        put_text(buf, l->name);
        put_text(buf, l->written);
        put_text(buf, l->unit_text);
        put_number(buf, as->lab_lows[i]);
        put_number(buf, as->lab_highs[i]);
        put_text(buf, l->method);
        put_text(buf, l->note);
        put_source(buf, l->source);
    }
}

static void put_clinicals(bfl_buf *buf, const bfl_record *r, const bfl_as_written *as) {
    for (size_t i = 0; i < r->clinical_count; i++) {
        const bfl_clinical *c = &r->clinicals[i];
        put_text(buf, r->patient.id);
        put_date(buf, as->clinicals[i]);
        put_text(buf, c->item);
        put_text(buf, c->value);
        put_text(buf, c->unit);
        put_text(buf, c->site);
        put_text(buf, c->note);
        put_source(buf, c->source);
    }
}

static void put_moleculars(bfl_buf *buf, const bfl_record *r, const bfl_as_written *as) {
    for (size_t i = 0; i < r->molecular_count; i++) {
        const bfl_molecular *m = &r->moleculars[i];
        put_text(buf, r->patient.id);
        put_date(buf, as->moleculars[i]);
        put_text(buf, m->gene);
        put_text(buf, m->variant);
        put_text(buf, m->result);
        put_text(buf, m->method);
        put_text(buf, m->specimen);
        put_text(buf, m->note);
        put_source(buf, m->source);
    }
}

static void put_pathologies(bfl_buf *buf, const bfl_record *r, const bfl_as_written *as) {
    for (size_t i = 0; i < r->pathology_count; i++) {
        const bfl_pathology *p = &r->pathologies[i];
        put_text(buf, r->patient.id);
        put_date(buf, as->pathologies[i]);
        put_text(buf, p->site);
        put_text(buf, bfl_organ_word(p->organ));
        put_text(buf, p->procedure);
        put_text(buf, p->result);
        put_text(buf, p->note);
        put_source(buf, p->source);
    }
}

static void put_note(bfl_buf *buf, const char *patient, const bfl_note *n) {
    put_text(buf, patient);
    put_date(buf, n->date);
    put_text(buf, n->topic);
    put_text(buf, n->value);
    put_number(buf, n->stated_day);
    put_text(buf, n->text);
    put_source(buf, n->source);
}

static void put_notes(bfl_buf *buf, const bfl_record *r) {
    for (size_t i = 0; i < r->note_count; i++) put_note(buf, r->patient.id, &r->notes[i]);
}

static void put_record(bfl_buf *buf, table_id id, const bfl_record *r, const bfl_as_written *as) {
    switch (id) {
    case TABLE_PATIENTS: put_patient(buf, r, as); break;
    case TABLE_THERAPY: put_therapies(buf, r, as); break;
    case TABLE_LESIONS: put_lesions(buf, r, as); break;
    case TABLE_LABS: put_labs(buf, r, as); break;
    case TABLE_CLINICAL: put_clinicals(buf, r, as); break;
    case TABLE_MOLECULAR: put_moleculars(buf, r, as); break;
    case TABLE_PATHOLOGY: put_pathologies(buf, r, as); break;
    case TABLE_NOTES: put_notes(buf, r); break;
    case TABLE_COUNT: break;
    }
}

/* ---- the folder ---- */

typedef struct output {
    const char *path;
    const bfl_study *study; /* NULL: headers only */
} output;

static bfl_status make_folder(bfl_arena *arena, const char *path, bfl_error *err) {
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return bfl_fail(err, BFL_EIO, path, 0, "cannot make the folder: %s", strerror(errno));
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        struct stat s;
        const char *file = bfl_arena_printf(arena, "%s/%s", path, bfl_casefolder_tables[t].file);
        if (stat(file, &s) == 0) return bfl_fail(err, BFL_EEXIST, file, 0, "is already there; nothing was written");
    }
    return BFL_OK;
}

static bfl_text table_text(bfl_arena *arena, const table *tab, const bfl_study *study) {
    bfl_buf buf = {.arena = arena};
    put_header(&buf, tab);
    for (size_t i = 0; study && i < study->record_count; i++)
        put_record(&buf, tab->id, study->records[i], study->written[i]);
    for (size_t i = 0; study && tab->id == TABLE_NOTES && i < study->note_count; i++)
        put_note(&buf, "*", &study->notes[i]);
    return (bfl_text){buf.data, buf.size};
}

static bfl_status write_tables(bfl_arena *arena, void *context, bfl_error *err) {
    const output *o = context;
    bfl_status status = make_folder(arena, o->path, err);
    for (size_t t = 0; t < TABLE_COUNT && !status; t++) {
        const table *tab = &bfl_casefolder_tables[t];
        status = bfl_file_write(bfl_arena_printf(arena, "%s/%s", o->path, tab->file), table_text(arena, tab, o->study),
                                false, err);
    }
    return status;
}

static size_t row_count(const bfl_study *study, table_id id) {
    size_t n = id == TABLE_PATIENTS ? study->record_count : id == TABLE_NOTES ? study->note_count : 0;
    for (size_t i = 0; i < study->record_count; i++) {
        const bfl_record *r = study->records[i];
        const size_t counts[TABLE_COUNT] = {[TABLE_THERAPY] = r->therapy_count,
                                            [TABLE_LESIONS] = r->lesion_count,
                                            [TABLE_LABS] = r->lab_count,
                                            [TABLE_CLINICAL] = r->clinical_count,
                                            [TABLE_MOLECULAR] = r->molecular_count,
                                            [TABLE_NOTES] = r->note_count,
                                            [TABLE_PATHOLOGY] = r->pathology_count};
        n += counts[id];
    }
    return n;
}

/* A case folder has a place for everything that a record holds; tables without a row are left out. */
void bfl_casefolder_compose(bfl_writing *w) {
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        const table *tab = &bfl_casefolder_tables[t];
        size_t rows = row_count(w->study, tab->id);
        if (rows || tab->id == TABLE_PATIENTS)
            bfl_writing_file(w, tab->file, rows, table_text(w->arena, tab, w->study));
    }
}

static bfl_status write_folder(output o, bfl_error *err) {
    if (!o.path) return bfl_fail(err, BFL_EINVAL, "path", 0, "must not be NULL");
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, write_tables, &o, err);
    bfl_arena_free(arena);
    return status;
}

bfl_status bfl_casefolder_template(const char *path, bfl_error *err) { return write_folder((output){path, NULL}, err); }

bfl_status bfl_casefolder_write(const bfl_study *study, const char *path, bfl_error *err) {
    if (!study) return bfl_fail(err, BFL_EINVAL, "study", 0, "must not be NULL");
    return write_folder((output){path, study}, err);
}
