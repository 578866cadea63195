/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of /api/v1, one a file. */
#ifndef SERVE_API_API_H
#define SERVE_API_API_H

#include "serve/http/route.h"

extern const serve_routes serve_patient_routes;    /* patients.c: work list, one patient, versions, record */
extern const serve_routes serve_row_routes;        /* rows.c: a value by hand, checked while it is typed */
extern const serve_routes serve_assessment_routes; /* assessment.c: verdict, explanation, report */
extern const serve_routes serve_timeline_routes;   /* timeline.c */
extern const serve_routes serve_review_routes;     /* review.c */
extern const serve_routes serve_import_routes;     /* imports.c: uploads and their jobs */
extern const serve_routes serve_cohort_routes;     /* cohort.c: all patients as a study */
extern const serve_routes serve_ask_routes;        /* ask.c: questions, search */
extern const serve_routes serve_audit_routes;      /* audit.c */
extern const serve_routes serve_rule_routes;       /* rules.c: the rulebook's sentences, the sources */

/* Before the first question: reads the words of the rulebook. */
void serve_ask_prepare(serve_server *server);
struct store_patient;
/* The patient of the path. False: it has answered 404 or what the store says. */
bool serve_find_patient(serve_call *call, struct store_patient **out);
/* One patient's line of the work list. */
void serve_put_patient(serve_json *w, const struct store_patient *patient);

#endif
