/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FHIR R4, read only: each patient's record and what was concluded from it (docs/fhir.md), as the library writes them. A Patient's
 * id is the store's key; the ids of what belongs to a patient begin with it, so that one resource is found without the others.
 */
#ifndef SERVE_FHIR_FHIR_H
#define SERVE_FHIR_FHIR_H

#include "serve/http/route.h"

extern const serve_routes serve_fhir_routes; /* /fhir */

#define SERVE_FHIR_JSON "application/fhir+json"

/* An OperationOutcome with one issue: as JSON, and as the answer. */
void serve_fhir_outcome(serve_json *w, const char *code, const char *text);
void serve_fhir_refuse(serve_call *call, int status, const char *code, const char *text);
/* Every type that is written, NULL-terminated. */
extern const char *const serve_fhir_types[];
bool serve_fhir_is_type(const char *type);

/* ---- resources.c ---- */

/* One resource of a line of NDJSON. */
typedef struct serve_fhir_line {
    bfl_text json, type, id;
} serve_fhir_line;

/* All resources of a patient, one a line: the latest version, as known at its end. False: it has answered. */
bool serve_fhir_lines(serve_call *call, const char *key, bfl_text *out);
/* Takes the next line; false at the end. */
bool serve_fhir_next(bfl_text *rest, serve_fhir_line *out);

/* ---- instant.c ---- */

/* "2026-11-22T11:05:09.5+01:00" as milliseconds since 1970; false when it is no instant of FHIR, or before 1970. */
bool serve_fhir_instant(const char *text, int64_t *ms);

/* ---- search.c, export.c: handlers ---- */

void serve_fhir_search(serve_call *call);
void serve_fhir_export(serve_call *call);
void serve_fhir_export_status(serve_call *call);
void serve_fhir_export_delete(serve_call *call);
void serve_fhir_export_file(serve_call *call);

/* What exports there are; made and released with the server. NULL when there is no memory. */
typedef struct serve_exports serve_exports;
serve_exports *serve_exports_new(void);
void serve_exports_free(serve_exports *exports);
/* Forgets those whose time is over. */
void serve_exports_beat(serve_exports *exports, int64_t now_ms);

#endif
