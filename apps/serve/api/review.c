/* SPDX-License-Identifier: Apache-2.0 */
/* Who looked at which version, and signed. */
#include "serve/api/api.h"
#include "serve/record/record.h"
#include "serve/server.h"

enum { MOST_NOTE = 16000, MOST_DATE = 32 };

static bool list(serve_call *call, store_reviews **out) {
    bfl_error err = {0};
    store_patient *patient;
    if (!serve_find_patient(call, &patient)) return false;
    bfl_status status = store_review_list(call->server->store, call->keys[0], out, &err);
    if (status)
        serve_failed(call, status, &err);
    else
        (void)serve_keep(call, *out);
    return status == BFL_OK;
}

static void put_review(serve_json *w, const store_review *r) {
    serve_json_open(w, NULL, "{");
    serve_json_whole(w, "version", r->version);
    serve_json_text(w, "as_of", r->as_of && *r->as_of ? r->as_of : NULL);
    serve_json_text(w, "status", store_review_name(r->status));
    serve_json_text(w, "who", r->who);
    serve_json_whole(w, "when", r->at_ms);
    serve_json_text(w, "note", r->note);
    serve_json_close(w, "}");
}

/* Oldest first: as they were written. */
static void get_reviews(serve_call *call) {
    store_reviews *reviews;
    if (!list(call, &reviews)) return;
    serve_reads(call, "patient.read", call->keys[0]);
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "reviews", "[");
    for (size_t i = reviews->count; i-- > 0;) put_review(&w, &reviews->items[i]);
    serve_json_close(&w, "]");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

/* Reads what is signed; false: it has answered. */
static bool read_review(serve_call *call, const json_t *body, store_review *out) {
    bool bad = false;
    const char *status = serve_needed(call, body, "status", MOST_DATE);
    if (!status) return false;
    const json_t *version = json_object_get(body, "version");
    if (!store_review_parse(status, &out->status) || out->status == STORE_REVIEW_NONE) {
        serve_problem(call, 422, "bad-status", "status is draft, submitted, under_review or approved.",
                      "Choose one of these.");
        return false;
    }
    out->version = json_integer_value(version);
    if (!json_is_integer(version) || out->version < 1) {
        serve_problem(call, 422, "missing-member", "\"version\" must be the version that was looked at.",
                      "Load the record first.");
        return false;
    }
    out->as_of = serve_member(call, body, "as_of", MOST_DATE, &bad);
    out->note = bad ? NULL : serve_member(call, body, "note", MOST_NOTE, &bad);
    if (!out->note) out->note = "";
    return !bad;
}

/* The assessment that is signed is kept with the signature: on the last day the one of the work list, else a replay. */
static bool assess_day(serve_call *call, const store_review *review, int64_t *id) {
    serve_version v = {0};
    const bfl_assessment *a;
    bfl_error err = {0};
    bfl_assess_options options = {.struct_size = sizeof options, .has_as_of = review->as_of && *review->as_of};
    if (options.has_as_of && bfl_date_parse(bfl_text_of(review->as_of), &options.as_of, &err) != BFL_OK) {
        serve_problem(call, 422, "bad-date", "as_of must be a date such as 2019-04-04, or a day such as d41.",
                      "Correct the date.");
        return false;
    }
    return serve_version_load(call, call->keys[0], review->version, &v) && serve_assess(call, &v, &options, &a) &&
           serve_assessment_keep(call, &v, a, options.has_as_of || !v.latest, id);
}

static void post_review(serve_call *call) {
    store_review review = {0};
    store_reviews *reviews;
    bfl_error err = {0};
    const json_t *body = serve_body_object(call);
    if (!body || !read_review(call, body, &review) || !assess_day(call, &review, &review.assessment)) return;
    if (!review.as_of) review.as_of = "";
    const store_by by = {call->user, call->now_ms};
    bfl_status status = store_review_put(call->server->store, &by, call->keys[0], &review, &err);
    if (status == BFL_EEXIST) {
        serve_problem(call, 409, "version-conflict", "There is a newer version of this record.",
                      "Look at it, then sign that.");
    } else if (status) {
        serve_failed(call, status, &err);
    } else if (list(call, &reviews)) {
        serve_json w = serve_json_in(call->pool);
        put_review(&w, &reviews->items[0]);
        serve_reply_json(call, 201, &w);
    }
}

static const serve_route routes[] = {
    {"GET", "/api/v1/patients/{key}/reviews", SERVE_READER, 0, SERVE_PLAIN, get_reviews},
    {"POST", "/api/v1/patients/{key}/reviews", SERVE_REVIEWER, SERVE_SMALL, SERVE_PLAIN, post_review},
};
const serve_routes serve_review_routes = {routes, sizeof routes / sizeof *routes};
