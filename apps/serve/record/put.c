/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

const char *serve_severity_word(bfl_severity severity) {
    static const char *const words[] = {"note", "warning", "error"};
    return words[severity];
}

void serve_put_issues(serve_json *w, const char *key, const bfl_issue *issues, size_t count) {
    serve_json_open(w, key, "[");
    for (size_t i = 0; i < count; i++) {
        const bfl_issue *issue = &issues[i];
        serve_json_open(w, NULL, "{");
        serve_json_text(w, "severity", serve_severity_word(issue->severity));
        serve_json_text(w, "code", issue->code);
        serve_json_text(w, "file", issue->source.file);
        if (issue->source.row)
            serve_json_whole(w, "row", issue->source.row);
        else
            serve_json_null(w, "row");
        serve_json_text(w, "column", issue->column);
        serve_json_text(w, "found", issue->found);
        serve_json_text(w, "expected", issue->expected);
        serve_json_text(w, "action", issue->action);
        serve_json_close(w, "}");
    }
    serve_json_close(w, "]");
}

static void add_word(serve_buf *out, const char *word) {
    if (!word || !*word) return;
    serve_buf_z(out, word);
    serve_buf_z(out, "\n");
}

/* What a search finds a patient by. */
static const char *search_text(serve_call *call, const bfl_record *r) {
    serve_buf out = {.pool = call->pool};
    add_word(&out, r->patient.id);
    add_word(&out, r->patient.tumour);
    add_word(&out, r->patient.histology);
    add_word(&out, r->patient.stage);
    add_word(&out, r->patient.note);
    for (size_t i = 0; i < r->therapy_count; i++) add_word(&out, r->therapies[i].drug);
    for (size_t i = 0; i < r->lesion_count; i++) {
        add_word(&out, r->lesions[i].site);
        add_word(&out, r->lesions[i].note);
    }
    for (size_t i = 0; i < r->molecular_count; i++) {
        add_word(&out, r->moleculars[i].gene);
        add_word(&out, r->moleculars[i].variant);
    }
    for (size_t i = 0; i < r->note_count; i++) add_word(&out, r->notes[i].text);
    return serve_buf_text(&out).data;
}

static void release_written(void *thing) { bfl_written_free(thing); }

/* The tables of one record, as the library writes them. */
static bfl_status compose(serve_call *call, const bfl_study *study, size_t index, serve_tables *out, bfl_error *err) {
    const bfl_write_options options = {.struct_size = sizeof options, .format = "case-folder"};
    bfl_study *one = NULL;
    bfl_written *written = NULL;
    bfl_status status = bfl_study_single(study, index, &one, err);
    if (status) return status;
    (void)serve_keep_study(call, one);
    status = bfl_study_compose(one, &options, &written, err);
    if (status) return status;
    (void)serve_pool_own(call->pool, written, release_written);
    out->count = bfl_written_file_count(written);
    out->items = SERVE_NEW_ARRAY(call->pool, out->count, bfl_table_bytes);
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = (bfl_table_bytes){bfl_written_file_at(written, i)->name, bfl_written_bytes(written, i)};
    return BFL_OK;
}

/* Does the latest version hold the same already? */
static bool is_kept(serve_call *call, const char *key, bfl_text content, store_record_put_result *out) {
    store_record *latest = NULL;
    if (store_record_get(call->server->store, key, 0, &latest, NULL) != BFL_OK) return false;
    (void)serve_keep(call, latest);
    if (!bfl_text_equal(latest->content, content)) return false;
    memcpy(out->key, latest->key, sizeof out->key);
    out->version = latest->version;
    return true;
}

bfl_status serve_record_put(serve_call *call, const bfl_study *study, size_t index, const serve_put *put,
                            store_record_put_result *out, bfl_error *err) {
    const bfl_record *record = bfl_study_record(study, index);
    serve_tables tables = {0};
    bfl_status status = compose(call, study, index, &tables, err);
    if (status) return status;
    serve_json issues = serve_json_in(call->pool);
    serve_put_issues(&issues, NULL, record->issues, record->issue_count);
    const store_record_new new = {.key = put->key,
                                  .patient_id = record->patient.id,
                                  .expected_version = put->expected_version,
                                  .content = serve_content_write(call->pool, &tables),
                                  .reason = put->reason,
                                  .source = put->source,
                                  .issues = serve_buf_text(&issues.out).data,
                                  .losses = put->losses,
                                  .search = search_text(call, record)};
    if (put->once && put->key && is_kept(call, put->key, new.content, out)) return BFL_OK;
    const store_by by = {put->who,
                         serve_now_ms()}; /* an import may have been read for long: when it is written counts */
    return store_record_put(call->server->store, &by, &new, out, err);
}
