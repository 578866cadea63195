/* SPDX-License-Identifier: Apache-2.0 */
/* A study as FHIR: a Bundle for each patient, one for the study itself, and what was wrong with the data. */
#include "format/fhir/write.h"
#include "format/writer.h"

#include <string.h>

/* ---- OperationOutcome ---- */

/* Issue types of FHIR R4 by a word of the program's own code; the first that fits. */
static const struct {
    const char *word, *type;
} issue_types[] = {{"missing", "required"},      {"duplicate", "duplicate"}, {"twice", "duplicate"},
                   {"code_set", "code-invalid"}, {"word.", "code-invalid"},  {"unknown", "code-invalid"},
                   {"reference", "not-found"},   {"conflict", "conflict"},   {"not_json", "structure"},
                   {"type", "structure"},        {"modifier", "extension"},  {"unit", "value"},
                   {"date.", "value"},           {"number.", "value"},       {"value", "value"}};

static const char *issue_type(const bfl_issue *issue) {
    if (issue->severity == BFL_ISSUE_NOTE) return "informational";
    for (size_t i = 0; i < sizeof issue_types / sizeof *issue_types; i++)
        if (strstr(issue->code, issue_types[i].word)) return issue_types[i].type;
    return "business-rule";
}

static const char *severity_word(bfl_severity severity) {
    switch (severity) {
    case BFL_ISSUE_NOTE: return "information";
    case BFL_ISSUE_WARNING: return "warning";
    case BFL_ISSUE_ERROR: return "error";
    }
    return "";
}

/* "labs.csv:12, unit; expected U/L; to do: add the unit". */
static const char *diagnostics(bfl_arena *arena, const bfl_issue *issue) {
    bfl_buf buf = {.arena = arena};
    bfl_buf_add(&buf, issue->source.file);
    if (issue->source.row) bfl_buf_addf(&buf, ":%u", issue->source.row);
    if (issue->column[0]) bfl_buf_addf(&buf, ", %s", issue->column);
    if (issue->expected[0]) bfl_buf_addf(&buf, "; expected %s", issue->expected);
    if (issue->action[0]) bfl_buf_addf(&buf, "; to do: %s", issue->action);
    return bfl_buf_z(&buf);
}

static void put_issue(bfl_arena *arena, bfl_json_writer *w, const bfl_issue *issue) {
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "severity", severity_word(issue->severity));
    bfl_json_text(w, "code", issue_type(issue));
    bfl_fhir_put_concept(w, "details", BFL_FHIR_OWN_SYSTEM "issue", issue->code, issue->found);
    bfl_fhir_put_string(w, "diagnostics", diagnostics(arena, issue));
    bfl_json_close(w, "}");
}

void bfl_fhir_put_issues(bfl_fhir_bundle *b, const bfl_issue *issues, size_t count) {
    if (b->options.bundle != BFL_FHIR_COLLECTION) return;
    bfl_json_writer *w = bfl_fhir_resource_open(b, "OperationOutcome", NULL, true);
    bfl_json_open(w, "issue", "[");
    for (size_t i = 0; i < count; i++) put_issue(b->arena, w, &issues[i]);
    if (count == 0) {
        bfl_json_open(w, NULL, "{");
        bfl_json_text(w, "severity", "information");
        bfl_json_text(w, "code", "informational");
        bfl_fhir_put_concept(w, "details", "", "", "nothing to report");
        bfl_json_close(w, "}");
    }
    bfl_json_close(w, "]");
    (void)bfl_fhir_resource_close(b, NULL);
}

/* ---- the study ---- */

typedef struct job {
    const bfl_study *study;
    const bfl_fhir_options *options;
    bfl_sink sink;
    size_t next; /* record to be written; the study itself comes behind the last */
} job;

static void put_patient(bfl_fhir_bundle *b, const bfl_study *study, size_t index) {
    bfl_fhir_put_record(b, study->written[index]);
    bfl_fhir_put_issues(b, study->records[index]->issues, study->records[index]->issue_count);
}

static void put_study(bfl_fhir_bundle *b, const bfl_study *study) {
    for (size_t i = 0; i < study->note_count; i++) (void)bfl_fhir_put_statement(b, &study->notes[i]);
    if (study->input_issue_count) bfl_fhir_put_issues(b, study->issues, study->input_issue_count);
}

/* The Bundle of the next patient; behind the last one that of the study. False: the study has nothing to say. */
static bool put_next(bfl_buf *out, const job *j) {
    const bfl_study *study = j->study;
    bool patient = j->next < study->record_count;
    if (!patient && study->note_count + study->input_issue_count == 0) return false;
    bfl_fhir_bundle *b = bfl_fhir_bundle_open(out->arena, out, patient ? study->records[j->next] : NULL, j->options);
    if (patient)
        put_patient(b, study, j->next);
    else
        put_study(b, study);
    bfl_fhir_bundle_close(b);
    return true;
}

static bfl_status write_next(bfl_arena *arena, void *context, bfl_error *err) {
    const job *j = context;
    bfl_buf out = {.arena = arena};
    if (!put_next(&out, j) || j->sink.write(j->sink.context, bfl_buf_z(&out), out.size)) return BFL_OK;
    return bfl_fail(err, BFL_EIO, "", 0, "the Bundle could not be written");
}

static void compose(bfl_writing *w, bfl_fhir_bundle_type bundle) {
    const bfl_fhir_options options = {.struct_size = sizeof options, .bundle = bundle};
    job j = {.study = w->study, .options = &options};
    bfl_buf out = {.arena = w->arena};
    size_t bundles = 0;
    for (; j.next <= w->study->record_count; j.next++) bundles += put_next(&out, &j);
    bfl_writing_file(w, "bundles.ndjson", bundles, (bfl_text){bfl_buf_z(&out), out.size});
}

void bfl_fhir_compose(bfl_writing *w) { compose(w, BFL_FHIR_COLLECTION); }

void bfl_fhir_compose_transactions(bfl_writing *w) { compose(w, BFL_FHIR_TRANSACTION); }

bfl_status bfl_fhir_write(const bfl_study *study, const bfl_fhir_options *options, bfl_sink sink, bfl_error *err) {
    if (!study || !sink.write) return bfl_fail(err, BFL_EINVAL, "bfl_fhir_write", 0, "study and sink must not be NULL");
    if (options && options->struct_size != sizeof *options)
        return bfl_fail(err, BFL_EINVAL, "options", 0, "struct_size is not sizeof(bfl_fhir_options)");
    job j = {.study = study, .options = options, .sink = sink};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = BFL_OK;
    for (; j.next <= study->record_count && !status; j.next++) {
        status = bfl_arena_run(arena, write_next, &j, err);
        bfl_arena_reset(arena);
    }
    bfl_arena_free(arena);
    return status;
}
