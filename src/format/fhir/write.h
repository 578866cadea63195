/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the FHIR folder: what the writing files share. */
#ifndef BFL_FHIR_WRITE_H
#define BFL_FHIR_WRITE_H

#include "format/fhir/fhir.h"
#include "format/names.h"

enum { FHIR_EVENT_KINDS = BFL_EVENT_NOTE + 1 };

struct bfl_fhir_bundle {
    bfl_arena *arena;
    bfl_json_writer out;
    const bfl_record *record; /* NULL: the whole study */
    const bfl_as_written *written;
    bfl_fhir_options options;
    names lesions;  /* lesion id -> url of its BodyStructure */
    names contents; /* what has been written: the same content twice has two ids */
    const char *patient_url, *cancer_url;
    const char **event_urls[FHIR_EVENT_KINDS];
    /* The resource being written: its members, then its head. */
    bfl_buf body;
    bfl_json_writer member;
    const char *type, *profile;
    bfl_source source;
    bool derived;
};

/* A resource of one event: its place in the tables goes into meta.source. */
bfl_json_writer *bfl_fhir_event_open(bfl_fhir_bundle *b, const char *type, const char *profile, bfl_source source);
/* When an event was: the civil date where there is one, and the day of therapy where the source counted days. */
typedef struct fhir_time {
    bfl_date date, counted;
} fhir_time;
/* `written`: dates as they were written, NULL when that is not known. */
fhir_time bfl_fhir_time_of(const bfl_fhir_bundle *b, const bfl_date *written, size_t index, bfl_when when);
void bfl_fhir_put_time(bfl_json_writer *w, const char *key, fhir_time time);
/* "subject": a note of the whole study has none. */
void bfl_fhir_put_subject(const bfl_fhir_bundle *b, bfl_json_writer *w, const char *key);
/* Says that the date is not known, where FHIR demands one. */
void bfl_fhir_put_absent(bfl_json_writer *w, const char *key);
/* "extension":[...] with the own source of an event, and "note". */
void bfl_fhir_put_source(bfl_json_writer *w, bfl_source source);
void bfl_fhir_put_note(bfl_json_writer *w, const char *text);

void bfl_fhir_put_patient(bfl_fhir_bundle *b);
void bfl_fhir_put_therapies(bfl_fhir_bundle *b);
void bfl_fhir_put_lesions(bfl_fhir_bundle *b);
void bfl_fhir_put_labs(bfl_fhir_bundle *b);
void bfl_fhir_put_told(bfl_fhir_bundle *b);
/* Bone metastases that were diagnosed: written as the Condition that they are. */
bool bfl_fhir_is_diagnosis(const bfl_clinical *c);
void bfl_fhir_put_diagnosis(bfl_fhir_bundle *b, const bfl_clinical *c, fhir_time time);
/* A statement, of the patient or of the whole study; gives its reference. */
const char *bfl_fhir_put_statement(bfl_fhir_bundle *b, const bfl_note *note);

#endif
