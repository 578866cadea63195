/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/fhir/fhir.h"
#include "serve/server.h"

#include "store/store.h"

#include <string.h>

/* ---- /metadata ---- */

static void put_codes(serve_json *w, const char *key, const char *member, const char *const *codes) {
    serve_json_open(w, key, "[");
    for (const char *const *c = codes; *c; c++) {
        serve_json_open(w, NULL, "{");
        serve_json_text(w, member, *c);
        serve_json_close(w, "}");
    }
    serve_json_close(w, "]");
}

static void put_search(serve_json *w, const char *name, const char *type) {
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "name", name);
    serve_json_text(w, "type", type);
    serve_json_close(w, "}");
}

static void put_type(serve_json *w, const char *type) {
    static const char *const interactions[] = {"read", "search-type", NULL};
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "type", type);
    put_codes(w, "interaction", "code", interactions);
    serve_json_open(w, "searchParam", "[");
    put_search(w, "_id", "token");
    if (strcmp(type, "Patient") != 0) {
        put_search(w, "patient", "reference");
        put_search(w, "code", "token");
        put_search(w, "date", "date");
    }
    serve_json_close(w, "]");
    serve_json_close(w, "}");
}

static void put_export(serve_json *w) {
    serve_json_open(w, "operation", "[");
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "name", "export");
    serve_json_text(w, "definition", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export");
    serve_json_close(w, "}");
    serve_json_close(w, "]");
}

static void get_metadata(serve_call *call) {
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "resourceType", "CapabilityStatement");
    serve_json_text(&w, "status", "active");
    serve_json_text(&w, "date", "2026-11-22"); /* of this statement, not of today */
    serve_json_text(&w, "kind", "instance");
    serve_json_open(&w, "software", "{");
    serve_json_text(&w, "name", "boneflare");
    serve_json_text(&w, "version", bfl_version());
    serve_json_close(&w, "}");
    serve_json_open(&w, "implementation", "{");
    serve_json_text(&w, "description",
                    "Records, and what boneflare concluded from them; supports judgement, not a medical device");
    serve_json_text(&w, "url", serve_pool_printf(call->pool, "%s/fhir", call->server->base));
    serve_json_close(&w, "}");
    serve_json_text(&w, "fhirVersion", "4.0.1");
    serve_json_open(&w, "format", "[");
    serve_json_text(&w, NULL, "json");
    serve_json_close(&w, "]");
    serve_json_open(&w, "rest", "[");
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "mode", "server");
    serve_json_open(&w, "resource", "[");
    for (const char *const *t = serve_fhir_types; *t; t++) put_type(&w, *t);
    serve_json_close(&w, "]");
    put_export(&w);
    serve_json_close(&w, "}");
    serve_json_close(&w, "]");
    serve_json_close(&w, "}");
    serve_reply(call, 200, SERVE_FHIR_JSON, serve_buf_text(&w.out));
}

/* ---- read ---- */

static void get_resource(serve_call *call) {
    const char *type = call->keys[0], *id = call->keys[1], *dot = strchr(id, '.');
    const char *key = serve_pool_text(call->pool, (bfl_text){id, dot ? (size_t)(dot - id) : strlen(id)});
    serve_fhir_line line;
    bfl_text rest;
    bool shaped = strlen(key) == STORE_KEY_SIZE - 1;
    if (!serve_fhir_is_type(type)) {
        serve_fhir_refuse(call, 404, "not-supported", "resources of this type are not kept here");
        return;
    }
    if (shaped && serve_fhir_lines(call, key, &rest))
        while (serve_fhir_next(&rest, &line))
            if (bfl_text_equal(line.type, bfl_text_of(type)) && bfl_text_equal(line.id, bfl_text_of(id))) {
                serve_reads(call, "patient.fhir", key);
                serve_reply(call, 200, SERVE_FHIR_JSON, line.json);
                return;
            }
    if (!call->status || call->status == 200 || call->status == 404)
        serve_fhir_refuse(call, 404, "not-found", "there is no such resource");
}

static const serve_route routes[] = {
    {"GET", "/fhir/metadata", SERVE_ANYONE, 0, SERVE_NO_SESSION, get_metadata},
    {"GET", "/fhir/$export", SERVE_READER, 0, SERVE_PLAIN, serve_fhir_export},
    {"GET", "/fhir/$export-status/{export}", SERVE_READER, 0, SERVE_PLAIN, serve_fhir_export_status},
    {"DELETE", "/fhir/$export-status/{export}", SERVE_READER, 0, SERVE_PLAIN, serve_fhir_export_delete},
    {"GET", "/fhir/$export-file/{export}/{file}", SERVE_READER, 0, SERVE_PLAIN, serve_fhir_export_file},
    {"GET", "/fhir/{type}", SERVE_READER, 0, SERVE_PLAIN, serve_fhir_search},
    {"GET", "/fhir/{type}/{id}", SERVE_READER, 0, SERVE_PLAIN, get_resource},
};
const serve_routes serve_fhir_routes = {routes, sizeof routes / sizeof *routes};
