/* SPDX-License-Identifier: Apache-2.0 */
/* A patient's resources, and one line of them after the other. Numbers go through as the library wrote them. */
#include "serve/fhir/fhir.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

bool serve_fhir_lines(serve_call *call, const char *key, bfl_text *out) {
    serve_version v = {0};
    const bfl_assessment *assessment;
    serve_buf lines = {.pool = call->pool};
    bfl_error err = {0};
    const bfl_assess_options whole = {.struct_size = sizeof whole};
    if (!serve_version_load(call, key, 0, &v) || !serve_assess(call, &v, &whole, &assessment)) return false;
    const bfl_fhir_options options = {.struct_size = sizeof options,
                                      .bundle = BFL_FHIR_LINES,
                                      .recorded = serve_time_text(call->pool, v.stored->made_ms),
                                      .patient_id = key};
    bfl_status status = bfl_report_fhir(assessment, NULL, &options, serve_buf_sink(&lines), &err);
    if (status) {
        serve_failed(call, status, &err);
        return false;
    }
    *out = serve_buf_text(&lines);
    return true;
}

/* The text behind `mark` up to the next quote: the writer puts resourceType and id first. */
static bfl_text after(bfl_text line, const char *mark) {
    size_t size = strlen(mark);
    const char *at = line.data, *end = line.data + line.size;
    while ((at = memchr(at, mark[0], (size_t)(end - at))) && (size_t)(end - at) > size && memcmp(at, mark, size) != 0)
        at++;
    if (!at || (size_t)(end - at) <= size) return (bfl_text){"", 0};
    at += size;
    const char *quote = memchr(at, '"', (size_t)(end - at));
    return (bfl_text){at, quote ? (size_t)(quote - at) : 0};
}

bool serve_fhir_next(bfl_text *rest, serve_fhir_line *out) {
    if (rest->size == 0) return false;
    const char *end = memchr(rest->data, '\n', rest->size);
    size_t size = end ? (size_t)(end - rest->data) : rest->size;
    out->json = (bfl_text){rest->data, size};
    out->type = after(out->json, "\"resourceType\":\"");
    out->id = after(out->json, "\"id\":\"");
    rest->data += size + (end != NULL);
    rest->size -= size + (end != NULL);
    return true;
}
