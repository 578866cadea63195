/* SPDX-License-Identifier: Apache-2.0 */
/* The work list, one patient, its versions and tables, and a new patient. */
#include "serve/api/api.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

enum { USUAL_PAGE = 100, LARGEST_PAGE = 1000, MOST_COLUMNS = 32 };

/* ---- the work list ---- */

static void put_share(serve_json *w, const char *key, bool known, double value) {
    if (known)
        serve_json_share(w, key, value);
    else
        serve_json_null(w, key);
}

static void put_some(serve_json *w, const char *key, const char *text) {
    serve_json_text(w, key, text && *text ? text : NULL);
}

void serve_put_patient(serve_json *w, const store_patient *p) {
    bool assessed = p->assessment != 0, known = assessed && p->has_probability;
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "key", p->key);
    serve_json_text(w, "id", p->id);
    put_some(w, "state", assessed ? p->state : NULL);
    put_share(w, "p_flare", known, p->p_flare);
    put_share(w, "p_progression", known, p->p_progression);
    put_share(w, "low", known, p->low);
    put_share(w, "high", known, p->high);
    serve_json_whole(w, "alarms", assessed ? p->alarms : 0);
    serve_json_whole(w, "questions", assessed ? p->questions : 0);
    put_some(w, "next_step", assessed ? p->next_step : NULL);
    put_some(w, "due", assessed ? p->due : NULL);
    serve_json_text(w, "review", store_review_name(p->review));
    serve_json_whole(w, "reviewed_version", p->reviewed_version);
    serve_json_whole(w, "version", p->version);
    serve_json_whole(w, "updated", p->updated_ms);
    serve_json_close(w, "}");
}

static bool read_sort(serve_call *call, const char *word, store_sort *out) {
    static const char *const names[] = {
        [STORE_SORT_URGENCY] = "urgency", [STORE_SORT_UPDATED] = "updated", [STORE_SORT_ID] = "id",
        [STORE_SORT_STATE] = "state",     [STORE_SORT_P_FLARE] = "p_flare", [STORE_SORT_DUE] = "due"};
    if (!word || !*word) return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], word) == 0) {
            *out = (store_sort)i;
            return true;
        }
    serve_problem(call, 400, "bad-sort", "sort is one of urgency, updated, id, state, p_flare, due.",
                  "Choose one of these.");
    return false;
}

static const char *some(const char *word) { return word && *word ? word : NULL; }

static bool wrong_limit(serve_call *call) {
    serve_problem(call, 400, "bad-limit", "limit is a whole number from 1 to 1000.", "Correct the number.");
    return false;
}

static bool read_want(serve_call *call, store_list_want *want) {
    uint64_t limit = USUAL_PAGE;
    const char *text = serve_query(call, "limit");
    if (text && (!serve_parse_whole(text, LARGEST_PAGE, &limit) || limit == 0)) return wrong_limit(call);
    if (serve_query(call, "q")) {
        serve_problem(call, 400, "words-in-address",
                      "Words to search for may name a patient: an address is no place for them.",
                      "Send them to POST /api/v1/search.");
        return false;
    }
    *want = (store_list_want){.state = some(serve_query(call, "state")),
                              .review = some(serve_query(call, "review")),
                              .limit = (uint32_t)limit,
                              .after = some(serve_query(call, "after"))};
    return read_sort(call, serve_query(call, "sort"), &want->sort);
}

static void reply_list(serve_call *call, const store_list_want *want) {
    store_patients *found = NULL;
    bfl_error err = {0};
    bfl_status status = store_patient_list(call->server->store, want, &found, &err);
    if (status) {
        serve_failed(call, status, &err);
        return;
    }
    (void)serve_keep(call, found);
    serve_reads(call, "patients.list", "");
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "patients", "[");
    for (size_t i = 0; i < found->count; i++) serve_put_patient(&w, &found->items[i]);
    serve_json_close(&w, "]");
    serve_json_text(&w, "next", found->more && found->count ? found->items[found->count - 1].key : NULL);
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static void get_patients(serve_call *call) {
    store_list_want want;
    if (read_want(call, &want)) reply_list(call, &want);
}

/* The same from a body: words that a log of some proxy must not see. */
static bool read_search(serve_call *call, const json_t *body, store_list_want *want) {
    bool bad = false;
    enum { WORD = 32, WORDS = 500 };
    const char *q = serve_needed(call, body, "q", WORDS), *texts[4] = {NULL};
    static const char *const names[] = {"after", "state", "review", "sort"};
    for (size_t i = 0; q && !bad && i < sizeof names / sizeof *names; i++)
        texts[i] = some(serve_member(call, body, names[i], WORD, &bad));
    if (!q || bad) return false;
    const json_t *limit = json_object_get(body, "limit");
    json_int_t most = limit && !json_is_null(limit) ? json_integer_value(limit) : USUAL_PAGE;
    if (most < 1 || most > LARGEST_PAGE) return wrong_limit(call);
    *want =
        (store_list_want){.text = q, .after = texts[0], .state = texts[1], .review = texts[2], .limit = (uint32_t)most};
    return read_sort(call, texts[3], &want->sort);
}

static void post_search(serve_call *call) {
    store_list_want want;
    const json_t *body = serve_body_object(call);
    if (body && read_search(call, body, &want)) reply_list(call, &want);
}

/* ---- one patient ---- */

bool serve_find_patient(serve_call *call, store_patient **out) {
    bfl_error err = {0};
    bfl_status status = store_patient_get(call->server->store, call->keys[0], out, &err);
    if (status == BFL_ENOTFOUND || status == BFL_EINVAL)
        serve_problem(call, 404, "no-such-patient", "There is no patient with this key.",
                      "GET /api/v1/patients lists them.");
    else if (status)
        serve_failed(call, status, &err);
    else
        (void)serve_keep(call, *out);
    return status == BFL_OK;
}

static void get_patient(serve_call *call) {
    store_patient *patient;
    if (!serve_find_patient(call, &patient)) return;
    serve_reads(call, "patient.read", patient->key);
    serve_json w = serve_json_in(call->pool);
    serve_put_patient(&w, patient);
    serve_reply_json(call, 200, &w);
}

static void get_versions(serve_call *call) {
    store_records *found = NULL;
    bfl_error err = {0};
    store_patient *patient;
    if (!serve_find_patient(call, &patient)) return;
    bfl_status status = store_record_list(call->server->store, call->keys[0], &found, &err);
    if (status) {
        serve_failed(call, status, &err);
        return;
    }
    (void)serve_keep(call, found);
    serve_reads(call, "patient.read", patient->key);
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "versions", "[");
    for (size_t i = 0; i < found->count; i++) {
        const store_record *r = &found->items[i];
        serve_json_open(&w, NULL, "{");
        serve_json_whole(&w, "version", r->version);
        serve_json_whole(&w, "when", r->made_ms);
        serve_json_text(&w, "who", r->made_by);
        serve_json_text(&w, "reason", r->reason);
        serve_json_whole(&w, "bytes", (int64_t)r->content_bytes);
        serve_json_raw(&w, "issues", bfl_text_of(r->issues));
        serve_json_raw(&w, "losses", bfl_text_of(r->losses));
        serve_json_close(&w, "}");
    }
    serve_json_close(&w, "]");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static void put_table(serve_json *w, const bfl_table_bytes *table) {
    const char *cells[MOST_COLUMNS];
    serve_csv csv = {table->bytes, w->out.pool};
    bool header = true;
    serve_json_open(w, table->name, "{");
    for (size_t n; (n = serve_csv_row(&csv, cells, MOST_COLUMNS)) > 0; header = false) {
        serve_json_open(w, header ? "columns" : NULL, "[");
        for (size_t i = 0; i < n; i++) serve_json_text(w, NULL, cells[i]);
        serve_json_close(w, "]");
        if (header) serve_json_open(w, "rows", "[");
    }
    if (!header) serve_json_close(w, "]");
    serve_json_close(w, "}");
}

static void get_record(serve_call *call) {
    int64_t number;
    serve_version v = {0};
    if (!serve_version_query(call, &number) || !serve_version_load(call, call->keys[0], number, &v)) return;
    serve_reads(call, "patient.read", v.stored->key);
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_whole(&w, "version", v.stored->version);
    serve_json_bool(&w, "latest", v.latest);
    serve_json_whole(&w, "when", v.stored->made_ms);
    serve_json_text(&w, "who", v.stored->made_by);
    serve_json_open(&w, "tables", "{");
    for (size_t i = 0; i < v.tables.count; i++) put_table(&w, &v.tables.items[i]);
    serve_json_close(&w, "}");
    serve_put_issues(&w, "issues", v.record->issues, v.record->issue_count);
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

/* ---- a new patient ---- */

static void reply_put(serve_call *call, const store_record_put_result *put, const bfl_record *record) {
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "key", put->key);
    serve_json_whole(&w, "version", put->version);
    serve_put_issues(&w, "issues", record->issues, record->issue_count);
    serve_json_close(&w, "}");
    serve_reply_json(call, 201, &w);
}

static void post_patient(serve_call *call) {
    serve_tables tables = {0};
    bfl_study *study = NULL;
    const char *wrong = serve_content_read(call->pool, call->body, &tables);
    if (wrong) {
        serve_problem(call, 422, "bad-case", wrong,
                      "Send {\"schema\":\"boneflare.case/1\",\"files\":{\"patients.csv\":\"...\"}}.");
        return;
    }
    if (!serve_tables_study(call, &tables, &study)) return;
    if (bfl_study_record_count(study) != 1) {
        serve_problem(call, 422, "not-one-patient", "The tables must be those of exactly one patient.",
                      "POST /api/v1/imports takes several at once.");
        return;
    }
    bfl_error err = {0};
    store_record_put_result put = {0};
    const serve_put how = {.reason = "new patient", .expected_version = -1, .who = call->user};
    bfl_status status = serve_record_put(call, study, 0, &how, &put, &err);
    if (status == BFL_EEXIST)
        serve_problem_with(call, 409, "patient-exists", "There is a patient with this id.",
                           "Add rows to that patient, or import a new version.",
                           serve_pool_printf(call->pool, "\"key\":\"%s\"", put.key));
    else if (status)
        serve_failed(call, status, &err);
    else {
        (void)serve_record_assessed(
            call, put.key); /* the record is kept; a verdict that is not is made when it is asked for */
        reply_put(call, &put, bfl_study_record(study, 0));
    }
}

static const serve_route routes[] = {
    {"GET", "/api/v1/patients", SERVE_READER, 0, SERVE_PLAIN, get_patients},
    {"POST", "/api/v1/patients", SERVE_REVIEWER, SERVE_MEDIUM, SERVE_PLAIN, post_patient},
    {"GET", "/api/v1/patients/{key}", SERVE_READER, 0, SERVE_PLAIN, get_patient},
    {"GET", "/api/v1/patients/{key}/versions", SERVE_READER, 0, SERVE_PLAIN, get_versions},
    {"GET", "/api/v1/patients/{key}/record", SERVE_READER, 0, SERVE_PLAIN, get_record},
    {"POST", "/api/v1/search", SERVE_READER, SERVE_SMALL, SERVE_PLAIN, post_search},
};
const serve_routes serve_patient_routes = {routes, sizeof routes / sizeof *routes};
