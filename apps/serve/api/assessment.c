/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict on a day, how it came about, and reports of it. */
#include "serve/api/api.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

/* The version and the day that the query asks for, assessed. */
static bool asked(serve_call *call, serve_version *v, const bfl_assessment **out) {
    int64_t number;
    bfl_assess_options options;
    serve_reads(call, "patient.read", call->keys[0]);
    return serve_version_query(call, &number) && serve_as_of_query(call, &options) &&
           serve_version_load(call, call->keys[0], number, v) && serve_assess(call, v, &options, out);
}

/* What the store keeps of the latest version under these rules; answers when it is there. */
static bool reply_kept(serve_call *call) {
    store_assessment *kept = NULL;
    store_patient *patient = NULL;
    const char *key = call->keys[0];
    if (serve_query(call, "as_of") || serve_query(call, "version")) return false;
    if (store_patient_get(call->server->store, key, &patient, NULL) != BFL_OK) return false;
    (void)serve_keep(call, patient);
    const store_assessment_want want = {
        .key = key, .version = patient->version, .rulebook = bfl_rulebook_sha256(call->server->rulebook)};
    if (store_assessment_latest(call->server->store, &want, &kept, NULL) != BFL_OK) return false;
    (void)serve_keep(call, kept);
    serve_reads(call, "patient.read", key);
    serve_reply(call, 200, "application/json", kept->json);
    return true;
}

static void get_assessment(serve_call *call) {
    serve_version v = {0};
    const bfl_assessment *assessment;
    int64_t id;
    if (reply_kept(call) || !asked(call, &v, &assessment)) return;
    bool plain = !serve_query(call, "as_of") && v.latest; /* the rules changed since it was kept */
    if (plain && !serve_assessment_keep(call, &v, assessment, false, &id)) return;
    serve_reply(call, 200, "application/json", serve_assessment_json(call, assessment));
}

typedef bfl_status (*writer)(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                             bfl_error *err);

static void reply_written(serve_call *call, const bfl_assessment *assessment, const bfl_report_options *options,
                          writer write, const char *type) {
    serve_buf out = {.pool = call->pool};
    bfl_error err = {0};
    bfl_status status = write(assessment, options, serve_buf_sink(&out), &err);
    if (status == BFL_ENOTSUP)
        serve_problem(call, 501, "no-pdf", "This server makes no PDF: librsvg is not installed on it.",
                      "Print the HTML report to PDF in the browser.");
    else if (status)
        serve_failed(call, status, &err);
    else
        serve_reply(call, 200, type, serve_buf_text(&out));
}

static void get_explanation(serve_call *call) {
    serve_version v = {0};
    const bfl_assessment *assessment;
    if (asked(call, &v, &assessment))
        reply_written(call, assessment, NULL, bfl_report_explain_json, "application/json");
}

/* ---- reports ---- */

static bfl_status write_html(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                             bfl_error *err) {
    return bfl_report_html(&assessment, 1, options, sink, err);
}

static bfl_status write_pdf(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                            bfl_error *err) {
    return bfl_report_pdf(&assessment, 1, options, sink, err);
}

static bfl_status write_fhir(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                             bfl_error *err) {
    return bfl_report_fhir(assessment, options, NULL, sink, err);
}

static const struct {
    const char *name, *type;
    writer write;
} formats[] = {{"html", "text/html; charset=utf-8", write_html},
               {"json", "application/json", bfl_report_json},
               {"pdf", "application/pdf", write_pdf},
               {"text", "text/plain; charset=utf-8", bfl_report_text},
               {"fhir", "application/fhir+json", write_fhir}};

/* Who signed this version, as the report prints it. */
static bool read_review(serve_call *call, const serve_version *v, bfl_report_options *out) {
    store_reviews *reviews = NULL;
    bfl_error err = {0};
    bfl_status status = store_review_list(call->server->store, v->stored->key, &reviews, &err);
    if (status) {
        serve_failed(call, status, &err);
        return false;
    }
    (void)serve_keep(call, reviews);
    if (reviews->count == 0 || reviews->items[0].version != v->stored->version) return true;
    const store_review *last = &reviews->items[0];
    static const bfl_review states[] = {[STORE_REVIEW_NONE] = BFL_REVIEW_DRAFT,
                                        [STORE_REVIEW_DRAFT] = BFL_REVIEW_DRAFT,
                                        [STORE_REVIEW_SUBMITTED] = BFL_REVIEW_SUBMITTED,
                                        [STORE_REVIEW_UNDER_REVIEW] = BFL_REVIEW_UNDER_REVIEW,
                                        [STORE_REVIEW_APPROVED] = BFL_REVIEW_APPROVED};
    out->review = states[last->status];
    out->reviewer = serve_pool_printf(call->pool, "%s, %s", last->who, serve_time_text(call->pool, last->at_ms));
    return true;
}

static void get_report(serve_call *call) {
    serve_version v = {0};
    const bfl_assessment *assessment;
    bfl_report_options options = {.struct_size = sizeof options};
    const char *language = serve_query(call, "language"), *format = serve_query(call, "format");
    bool patient = language && strcmp(language, "patient") == 0;
    if (!format) format = "html";
    if (language && !patient && strcmp(language, "clinician") != 0) {
        serve_problem(call, 400, "bad-language", "language is clinician or patient.", "Choose one of the two.");
        return;
    }
    if (!asked(call, &v, &assessment) || !read_review(call, &v, &options)) return;
    serve_reads(call, "patient.report", call->keys[0]);
    options.audience = patient ? BFL_FOR_PATIENT : BFL_FOR_CLINICIAN;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, format) == 0) {
            /* A browser's own viewer does not run in the sandbox that reports are answered in. */
            if (formats[i].write == write_pdf)
                serve_reply_header(call, "Content-Disposition", "attachment; filename=\"boneflare-report.pdf\"");
            reply_written(call, assessment, &options, formats[i].write, formats[i].type);
            return;
        }
    serve_problem(call, 400, "bad-format", "format is html, pdf, json, text or fhir.", "Choose one of these.");
}

static const serve_route routes[] = {
    {"GET", "/api/v1/patients/{key}/assessment", SERVE_READER, 0, SERVE_PLAIN, get_assessment},
    {"GET", "/api/v1/patients/{key}/explanation", SERVE_READER, 0, SERVE_PLAIN, get_explanation},
    {"GET", "/api/v1/patients/{key}/report", SERVE_READER, 0, SERVE_PLAIN, get_report},
};
const serve_routes serve_assessment_routes = {routes, sizeof routes / sizeof *routes};
