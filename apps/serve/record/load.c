/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/record/record.h"
#include "serve/server.h"

bool serve_version_query(serve_call *call, int64_t *out) {
    const char *text = serve_query(call, "version");
    uint64_t number = 0;
    *out = 0;
    if (!text) return true;
    if (serve_parse_whole(text, INT64_MAX, &number) && number > 0) {
        *out = (int64_t)number;
        return true;
    }
    serve_problem(call, 400, "bad-version", "A version is a whole number from 1.",
                  "GET /api/v1/patients/{key}/versions lists them.");
    return false;
}

bool serve_tables_study(serve_call *call, const serve_tables *tables, bfl_study **out) {
    bfl_error err = {0};
    bfl_status status = bfl_casefolder_parse(tables->items, tables->count, NULL, out, &err);
    if (status) {
        serve_failed(call, status, &err);
        return false;
    }
    (void)serve_keep_study(call, *out);
    return true;
}

bool serve_version_load(serve_call *call, const char *key, int64_t version, serve_version *out) {
    bfl_error err = {0};
    store_patient *patient = NULL;
    bfl_status status = store_patient_get(call->server->store, key, &patient, &err);
    if (!status) (void)serve_keep(call, patient);
    if (!status) status = store_record_get(call->server->store, key, version, &out->stored, &err);
    if (status == BFL_ENOTFOUND || status == BFL_EINVAL) {
        serve_problem(call, 404, "no-such-patient", "There is no patient with this key, or no such version.",
                      "GET /api/v1/patients lists the patients.");
        return false;
    }
    if (status) {
        serve_failed(call, status, &err);
        return false;
    }
    (void)serve_keep(call, out->stored);
    out->latest = out->stored->version == patient->version;
    const char *wrong = serve_content_read(call->pool, out->stored->content, &out->tables);
    if (wrong) {
        serve_log(call->server, "a record in the store cannot be read", NULL);
        serve_problem(call, 500, "damaged-record", "The record in the store cannot be read.",
                      "Tell the administrator: 'boneflare store verify' says what is damaged.");
        return false;
    }
    if (!serve_tables_study(call, &out->tables, &out->study)) return false;
    out->record = bfl_study_record(out->study, 0);
    if (out->record) return true;
    serve_problem(call, 500, "damaged-record", "The record in the store holds no patient.", "Tell the administrator.");
    return false;
}
