/* SPDX-License-Identifier: Apache-2.0 */
/* The study as one JSON object: every table, with the full digits, and what to know about it. */
#include "cohort/study.h"

static void key(writer *w, const char *name) { bfl_buf_addf(&w->text, ",\"%s\":", name); }

static void member(writer *w, const char *name, const char *text) {
    key(w, name);
    bfl_json_string(&w->text, text);
}

static void cell(writer *w, const bfl_cell *c) {
    if (c->kind == BFL_CELL_COUNT)
        bfl_buf_add(&w->text, c->text);
    else if (c->kind == BFL_CELL_NUMBER)
        bfl_cohort_digits(&w->text, c->number);
    else if (c->kind == BFL_CELL_MISSING)
        bfl_buf_add(&w->text, "null");
    else
        bfl_json_string(&w->text, c->text);
    cohort_flush(w);
}

/* Why cells are missing, by their place: null alone would lose it. */
static void missing(writer *w, const bfl_cohort_table *t) {
    bool comma = false;
    key(w, "missing");
    bfl_buf_add(&w->text, "[");
    for (size_t i = 0; i < t->row_count * t->column_count; i++) {
        if (t->cells[i].kind != BFL_CELL_MISSING || !t->cells[i].text[0]) continue;
        bfl_buf_addf(&w->text, "%s{\"row\":%zu,\"column\":%zu,\"why\":", comma ? "," : "", i / t->column_count,
                     i % t->column_count);
        bfl_json_string(&w->text, t->cells[i].text);
        bfl_buf_add(&w->text, "}");
        comma = true;
    }
    bfl_buf_add(&w->text, "]");
}

static void one_table(writer *w, const bfl_cohort_table *t) {
    bfl_buf_add(&w->text, "{\"id\":");
    bfl_json_string(&w->text, t->id);
    member(w, "title", t->title);
    member(w, "note", t->note);
    key(w, "columns");
    bfl_buf_add(&w->text, "[");
    for (size_t i = 0; i < t->column_count; i++) {
        if (i) bfl_buf_add(&w->text, ",");
        bfl_json_string(&w->text, t->columns[i]);
    }
    bfl_buf_add(&w->text, "]");
    key(w, "rows");
    bfl_buf_add(&w->text, "[");
    for (size_t i = 0; i < t->row_count * t->column_count; i++) {
        size_t column = i % t->column_count;
        bfl_buf_add(&w->text, column ? "," : i ? ",[" : "[");
        cell(w, &t->cells[i]);
        if (column + 1 == t->column_count) bfl_buf_add(&w->text, "]");
    }
    bfl_buf_add(&w->text, "]");
    missing(w, t);
    bfl_buf_add(&w->text, "}");
}

static void groups(writer *w, const bfl_cohort *c) {
    key(w, "groups");
    bfl_buf_add(&w->text, "[");
    for (size_t i = 0; i < c->group_count; i++) {
        bfl_buf_add(&w->text, i ? ",{\"label\":" : "{\"label\":");
        bfl_json_string(&w->text, c->groups[i].label);
        bfl_buf_addf(&w->text, ",\"stated\":%s,\"patients\":%zu}", c->groups[i].stated ? "true" : "false",
                     c->groups[i].count);
    }
    bfl_buf_add(&w->text, "]");
}

static void json(writer *w, const void *what) {
    const bfl_cohort *c = what;
    bfl_buf_add(&w->text, "{\"schema\":\"boneflare.cohort/1\"");
    member(w, "version", bfl_version());
    member(w, "rulebook", c->rulebook_version);
    member(w, "sha256", c->rulebook_sha256);
    key(w, "patients");
    bfl_buf_addf(&w->text, "%zu", c->patient_count);
    member(w, "by", c->by);
    member(w, "criterion", c->criterion);
    key(w, "level");
    bfl_cohort_digits(&w->text, c->level);
    key(w, "landmark_day");
    bfl_buf_addf(&w->text, "%d", (int)c->landmark.day);
    groups(w, c);
    key(w, "remarks");
    bfl_buf_add(&w->text, "[");
    for (size_t i = 0; i < c->remark_count; i++) {
        if (i) bfl_buf_add(&w->text, ",");
        bfl_json_string(&w->text, c->remarks[i]);
    }
    bfl_buf_add(&w->text, "]");
    key(w, "tables");
    bfl_buf_add(&w->text, "[");
    for (size_t i = 0; i < c->table_count; i++) {
        if (i) bfl_buf_add(&w->text, ",");
        one_table(w, &c->tables[i]);
    }
    bfl_buf_add(&w->text, "]}\n");
}

bfl_status bfl_cohort_json(const bfl_cohort *cohort, bfl_sink sink, bfl_error *err) {
    if (!cohort || !sink.write) return bfl_fail(err, BFL_EINVAL, "bfl_cohort_json", 0, "cohort and sink are needed");
    return cohort_write(json, cohort, sink, err);
}
