/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the FHIR folder: reading from memory, for tests, fuzzers and other formats' probes; writing Bundles. */
#ifndef BFL_FORMAT_FHIR_FHIR_H
#define BFL_FORMAT_FHIR_FHIR_H

#include "format/format.h"

#include <simdjson/tree_json.h>

#include <string.h>

/* Reads one text as if it were a file of that name (its extension tells NDJSON from JSON). */
BFL_MUST_USE bfl_status bfl_fhir_parse(const char *name, bfl_text bytes, const bfl_limits *limits, bfl_study **out,
                                       bfl_error *err);

/* ---- what was parsed already (input.c, order.c) ---- */

/* A resource or a Bundle, and where it stood: "prefetch.observations". */
typedef struct bfl_fhir_tree {
    const char *name;
    const bfl_json_node *root;
} bfl_fhir_tree;

/* Trees that are read together. */
typedef struct bfl_fhir_forest {
    const bfl_fhir_tree *trees;
    size_t count;
    const char *patient; /* id of a Patient resource */
    const char *record;  /* out: the id of the record of that patient; lives in the study */
} bfl_fhir_forest;

/* As bfl_fhir_read(), and a forest without a resource is an empty study. The trees must not change meanwhile. */
BFL_MUST_USE bfl_status bfl_fhir_parse_forest(bfl_fhir_forest *forest, const bfl_limits *limits, bfl_study **out,
                                              bfl_error *err);

/* An order for a drug, in a Bundle of orders that are not signed yet. */
typedef struct bfl_fhir_order {
    const char *reference; /* "MedicationRequest/m1"; "" without an id */
    const char *words;     /* the medication as written */
    const bfl_drug *drug;  /* NULL: none that the program knows */
    bool draft;            /* nothing but a draft: to delete it takes nothing away */
    bool stops;            /* says that the drug is stopped, held or not to be given */
} bfl_fhir_order;
typedef BFL_LIST(bfl_fhir_order) bfl_fhir_orders;
/* The MedicationRequests of the patient, or of nobody, in the order of the Bundle. Texts live in the arena. */
bfl_fhir_orders bfl_fhir_orders_of(bfl_arena *arena, const bfl_json_node *bundle, const char *patient);

/* The member, NULL when it is not there or null. */
const bfl_json_node *bfl_fhir_member(const bfl_json_node *object, const char *key, size_t size);
static inline const bfl_json_node *bfl_fhir_get(const bfl_json_node *object, const char *key) {
    return bfl_fhir_member(object, key, strlen(key));
}
/* First element of an array, the thing itself when it is no array; NULL when there is none. */
const bfl_json_node *bfl_fhir_first(const bfl_json_node *array);
/* A reader for resources: it watches "resourceType". NULL when there is no memory. */
bfl_json_reader *bfl_fhir_json_reader(void);
/* Is the text that the keys lead to, path NULL-terminated, this word? As bfl_fhir_get() one after the other, but opens nothing. */
bool bfl_fhir_says(const bfl_json_node *object, const char *const *path, const char *word);
/* bfl_json_peek(); of a string what stands between its quotes, data NULL for anything else. False as well when it has an escape. */
bool bfl_fhir_peek(const bfl_json_node *n, const char *const *path, bfl_text *raw);
bool bfl_fhir_peek_string(const bfl_json_node *n, const char *const *path, bfl_text *text);
/* Text of a string, "" for anything else. */
const char *bfl_fhir_string(const bfl_json_node *n);
/* Is the word among those of the list, which are separated by spaces? */
bool bfl_fhir_among(const char *word, const char *list);

/* A UUID of version 8 (RFC 9562, 5.8): the first 16 bytes of the SHA-256 of the text. */
const char *bfl_fhir_uuid(bfl_arena *arena, const char *text);

/* The CSV layout of the mCODE Extraction Framework: a folder or one file of it, or one text in memory. */
BFL_MUST_USE bfl_status bfl_mef_read(const char *path, const bfl_limits *limits, bfl_study **out, bfl_error *err);
BFL_MUST_USE bfl_status bfl_mef_parse(const char *name, bfl_text bytes, const bfl_limits *limits, bfl_study **out,
                                      bfl_error *err);

/* ---- vocabularies ---- */

/*
 * The program's own vocabulary, for what no public code says (docs/fhir.md). The host name is reserved (RFC 2606): nothing is
 * published there.
 */
#define BFL_FHIR_OWN "https://boneflare.example/fhir/"
#define BFL_FHIR_OWN_SYSTEM BFL_FHIR_OWN "CodeSystem/"
#define BFL_FHIR_OWN_EXTENSION BFL_FHIR_OWN "StructureDefinition/"
#define BFL_FHIR_OWN_NAMES BFL_FHIR_OWN "NamingSystem/"
#define BFL_FHIR_MCODE "http://hl7.org/fhir/us/mcode/StructureDefinition/"
#define BFL_FHIR_LOINC "http://loinc.org"
#define BFL_FHIR_SNOMED "http://snomed.info/sct"
#define BFL_FHIR_UCUM "http://unitsofmeasure.org"

/* ---- writing (bundle.c) ---- */

/* A Bundle being written: resources one after the other, each known by "urn:uuid:...". */
typedef struct bfl_fhir_bundle bfl_fhir_bundle;

/* Begins a Bundle of one patient, or of the whole study when record is NULL. It goes to `out` as it grows. */
bfl_fhir_bundle *bfl_fhir_bundle_open(bfl_arena *arena, bfl_buf *out, const bfl_record *record,
                                      const bfl_fhir_options *options);
void bfl_fhir_bundle_close(bfl_fhir_bundle *bundle);
/* The patient and every event; `written` may be NULL: dates and ranges are then made from the days of the record. */
void bfl_fhir_put_record(bfl_fhir_bundle *bundle, const bfl_as_written *written);
/* What was wrong with the data. Nothing in a transaction: a server does not keep it. */
void bfl_fhir_put_issues(bfl_fhir_bundle *bundle, const bfl_issue *issues, size_t count);

/* Begins a resource; the caller writes its members, but resourceType, id and meta, to the writer and ends it. profile: the end
 * of an mCODE profile's name, NULL for none. derived: a statement of this program, which reading takes as no evidence. */
bfl_json_writer *bfl_fhir_resource_open(bfl_fhir_bundle *bundle, const char *type, const char *profile, bool derived);
/* Ends it under an id made of `key`, or of its content when key is NULL. Gives the reference, "urn:uuid:..." or "Type/id". */
const char *bfl_fhir_resource_close(bfl_fhir_bundle *bundle, const char *key);
/* References to what was put: the patient, the primary cancer ("" when there is none), an event. */
const char *bfl_fhir_patient_url(const bfl_fhir_bundle *bundle);
const char *bfl_fhir_cancer_url(const bfl_fhir_bundle *bundle);
const char *bfl_fhir_event_url(const bfl_fhir_bundle *bundle, bfl_event_ref event);
/* Is the event an Observation? A drug, a procedure and a diagnosis are not. */
bool bfl_fhir_event_is_observation(const bfl_fhir_bundle *bundle, bfl_event_ref event);

/* ---- values (put.c) ---- */

/* A list that is left out when nothing was put into it: FHIR knows no empty list. */
typedef struct bfl_fhir_list {
    size_t size;
    bool comma;
} bfl_fhir_list;
bfl_fhir_list bfl_fhir_list_open(bfl_json_writer *w, const char *key);
void bfl_fhir_list_close(bfl_json_writer *w, bfl_fhir_list list);
/* {"coding":[{...}],"text":...}: "" leaves a part out. More codings: open, code, code, close. */
void bfl_fhir_put_concept(bfl_json_writer *w, const char *key, const char *system, const char *code, const char *text);
void bfl_fhir_concept_open(bfl_json_writer *w, const char *key);
void bfl_fhir_put_coding(bfl_json_writer *w, const char *system, const char *code, const char *display);
void bfl_fhir_concept_close(bfl_json_writer *w, const char *text);
void bfl_fhir_put_reference(bfl_json_writer *w, const char *key, const char *url);
/* Nothing for "". */
void bfl_fhir_put_string(bfl_json_writer *w, const char *key, const char *text);
/* code "": a unit that UCUM does not have. */
void bfl_fhir_put_quantity(bfl_json_writer *w, const char *key, bfl_decimal value, const char *unit, const char *code);
/* An element of "extension" with a text or a code as value. */
void bfl_fhir_put_extension(bfl_json_writer *w, const char *url, const char *kind, const char *text);
/* A calendar date as it is; a day of therapy in the own extension study-day; nothing for no date. */
void bfl_fhir_put_date(bfl_json_writer *w, const char *key, bfl_date date);
/* An instant; NULL: said to be unknown. */
void bfl_fhir_put_instant(bfl_json_writer *w, const char *key, const char *instant);
/* Is it an instant of FHIR, "2019-04-04T10:30:00Z", "2019-04-04T10:30:00.5+09:00"? */
bool bfl_fhir_is_instant(const char *text);
/* The date of a day of the record: civil when the record has a calendar. */
bfl_date bfl_fhir_date_of(const bfl_record *record, bfl_when when);
/* {"code":own component,"value...":...}, an element of "component". */
void bfl_fhir_put_component(bfl_json_writer *w, const char *code, const char *text);

#endif
