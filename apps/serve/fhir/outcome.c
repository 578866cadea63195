/* SPDX-License-Identifier: Apache-2.0 */
/* What is written, and what is said when it cannot be. */
#include "serve/fhir/fhir.h"

#include <string.h>

const char *const serve_fhir_types[] = {
    "BodyStructure", "Condition", "DiagnosticReport", "MedicationAdministration", "Observation", "Patient", "Procedure",
    "Provenance",    NULL};

bool serve_fhir_is_type(const char *type) {
    for (const char *const *t = serve_fhir_types; *t; t++)
        if (strcmp(*t, type) == 0) return true;
    return false;
}

void serve_fhir_outcome(serve_json *w, const char *code, const char *text) {
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "resourceType", "OperationOutcome");
    serve_json_open(w, "issue", "[");
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "severity", "error");
    serve_json_text(w, "code", code);
    serve_json_open(w, "details", "{");
    serve_json_text(w, "text", text);
    serve_json_close(w, "}");
    serve_json_close(w, "}");
    serve_json_close(w, "]");
    serve_json_close(w, "}");
}

void serve_fhir_refuse(serve_call *call, int status, const char *code, const char *text) {
    serve_json w = serve_json_in(call->pool);
    serve_fhir_outcome(&w, code, text);
    serve_reply(call, status, SERVE_FHIR_JSON, serve_buf_text(&w.out));
}
