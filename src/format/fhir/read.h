/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the FHIR folder: what its files share. */
#ifndef BFL_FHIR_READ_H
#define BFL_FHIR_READ_H

#include "format/fhir/fhir.h"
#include "format/fhir/issues.h"
#include "format/names.h"

#define OWN_SYSTEM BFL_FHIR_OWN_SYSTEM
#define OWN_EXTENSION BFL_FHIR_OWN_EXTENSION
#define OWN_NAMES BFL_FHIR_OWN_NAMES
#define MCODE BFL_FHIR_MCODE
#define LOINC BFL_FHIR_LOINC
#define SNOMED BFL_FHIR_SNOMED
#define UCUM BFL_FHIR_UCUM

typedef bfl_json_node node;

/* What was done with a resource. */
typedef enum outcome { OUTCOME_USED, OUTCOME_KEPT, OUTCOME_DROPPED, OUTCOME_UNKNOWN } outcome;

typedef enum match { MATCH_FOUND, MATCH_UNKNOWN, MATCH_REFUSED } match;

/* A resource that others refer to, as far as they need it. */
typedef struct entity {
    const char *type, *id;
    const char *patient;  /* the reference to its patient as written, "" */
    const char *name;     /* medication, place of a body structure, condition */
    const char *identity; /* a lesion's own identifier, else its id */
    bfl_organ organ;
    bfl_modality modality;
} entity;

/* A drug as one resource tells it; courses of one drug are joined when all has been read. */
typedef struct course {
    bfl_therapy row;
    bfl_date start, stop;
    bool given; /* an administration or a statement; false: an order */
} course;

/* One patient on the way. */
typedef struct person {
    const char *id;
    bfl_builder *builder;
    bool seen;                     /* there is a Patient resource */
    const char *stage, *t, *n, *m; /* NULL until told */
    const char *tumour_code;       /* reference of the Condition that the tumour is from */
    BFL_LIST(course) courses;
    bfl_source first;
} person;

/* What a code says, found once: most resources repeat a few codes. Kept only when there was nothing to report. */
typedef struct meaning {
    bool sorted;                 /* known: */
    const char *fact;            /* code in the own vocabulary of facts, "" */
    const struct kind_row *kind; /* NULL: another Observation */
    bool found;                  /* known: */
    match match;
    bool own; /* an analyte of the own vocabulary, known or not */
    const bfl_analyte *analyte;
    const char *out;    /* its name */
    const char *nobody; /* for the account when nobody reads it; NULL: not yet asked */
} meaning;

/* One line of the account, as it was met last: types and kinds are texts that are kept. */
typedef struct accounted {
    const char *type, *what;
    outcome outcome;
    bfl_account *row;
} accounted;
enum { ACCOUNTED = 16, CONVERTED = 64 };

/* A patient's value in a unit that is converted: said once. */
typedef struct converted {
    const person *who;
    const bfl_unit *unit;
    const char *text;
} converted;

typedef struct reader {
    bfl_arena *arena, *scratch;
    bfl_limits limits;
    names texts;  /* every text kept once; of "Type/id" the number of the resource that was read under it */
    names people; /* id -> person */
    BFL_LIST(person *) persons;
    names entities;   /* "Type/id", fullUrl, "Patient?system|value" -> entity */
    names said;       /* notes given once */
    names meanings;   /* a code as written -> meaning (analyte.c) */
    meaning fleeting; /* of a code that is not kept */
    names profiles;   /* meta.profile as written -> its words */
    names subjects;   /* a reference to a Patient that is here, as written -> person */
    names accounts;   /* type, what, outcome -> bfl_account */
    accounted last_accounted[ACCOUNTED];
    converted last_converted[CONVERTED];
    size_t told; /* issues, those said before among them */
    BFL_LIST(bfl_account *) account_rows;
    bfl_study_builder study;
    bool indexing; /* first pass: only who refers to whom */
    size_t resources;
    size_t bundle_patients;
    const char *file; /* being read */
    uint32_t row;
} reader;

/* One resource being read. */
typedef struct resource {
    reader *r;
    const node *root;
    const char *type, *id, *url; /* url: fullUrl of its entry, "" */
    const char *reference;       /* "Observation/abc" */
    const char *profile_words;   /* meta.profile, separated by spaces */
    const char *what;            /* for the account: what kind it is */
    person *who;                 /* NULL: no patient */
    const node *code;            /* the code whose meaning was looked up last, */
    meaning *meaning;            /* and that */
    name *name;                  /* that of the reference, as long as */
    const name *names;           /* these are the places of the kept texts; NULL: not looked up */
    bool derived;                /* concluded by this program: checked, and never a fact */
    bfl_source source;
} resource;

/* ---- node.c: walking ---- */

/* A member that must be a string: "" when absent; another type is reported. */
const char *bfl_fhir_text(resource *w, const node *object, const char *key);
/* A member that must be an object (or an array of objects): NULL when absent; another type is reported. */
const node *bfl_fhir_object(resource *w, const node *object, const char *key);
const node *bfl_fhir_objects(resource *w, const node *object, const char *key);
/* Kept once, without zero-width characters and outer space. */
const char *bfl_fhir_keep(reader *r, const char *text);
bool bfl_fhir_same(const char *a, const char *b);
/* Does the text hold the words, ASCII case ignored? */
bool bfl_fhir_holds(const char *text, const char *words);

/* ---- value.c ---- */

/* Code of a CodeableConcept or Coding in a system, "" when it has none. */
const char *bfl_fhir_code(const node *concept, const char *system);
/* Text, else first display, else first code: "" when there is nothing. */
const char *bfl_fhir_words(reader *r, const node *concept);
/* The choice "value[x]": its node and what follows the name ("Quantity"); two of them are reported and give NULL. */
const node *bfl_fhir_choice(resource *w, const node *object, const char *stem, const char **kind, bool *twice);
/* A date or dateTime: NO_DATE when absent, DATE_REPORTED when it cannot be read. */
bfl_date bfl_fhir_date(resource *w, const node *object, const char *key);
/* effective[x], performed[x]: start, and the end of a period in *end. */
bfl_date bfl_fhir_time(resource *w, const char *stem, bfl_date *end);
/* A JSON number as a decimal; false and an issue when it is none. */
bool bfl_fhir_number(resource *w, const node *n, const char *path, bfl_decimal *out);
/* Quantity in millimetres (mm or cm). */
bfl_maybe bfl_fhir_millimetres(resource *w, const node *quantity, const char *path);
/* The extension with that URL, NULL when there is none. */
const node *bfl_fhir_extension(const node *object, const char *url);
/* Member value[x] of an extension as text, "". */
const char *bfl_fhir_extension_text(resource *w, const node *object, const char *url);
const char *bfl_fhir_notes(resource *w);
/* What the resource says is its source: own extension, else its reference. */
const char *bfl_fhir_stated(resource *w);

/* ---- index.c ---- */

/* Does the first pass read resources of this type? */
bool bfl_fhir_is_pointed_to(bfl_text type);
/* Surely none of the entries is such a resource or a Bundle, which may hold one. */
bool bfl_fhir_holds_no_entity(const node *entries);
void bfl_fhir_index(resource *w);
/* The entity a Reference points to, NULL when it does not resolve. */
const entity *bfl_fhir_resolve(resource *w, const node *reference);
/* Whose resource it is, by subject or patient; reports what is wrong. */
person *bfl_fhir_person(resource *w, const node *reference);
const char *bfl_fhir_patient_id(resource *w);
/* The id of the record of the Patient resource with that id, after indexing. */
const char *bfl_fhir_record_id(reader *r, const char *patient);
person *bfl_fhir_person_of(reader *r, const char *id, bfl_source source);
bfl_organ bfl_fhir_organ(const char *site);
bfl_modality bfl_fhir_modality(const node *concept);

/* ---- resource.c ---- */

void bfl_fhir_resource(resource *w);
void bfl_fhir_finish(reader *r);

/* ---- the types ---- */

outcome bfl_fhir_read_patient(resource *w);
outcome bfl_fhir_read_condition(resource *w);
outcome bfl_fhir_read_observation(resource *w);
/* A disease status or a response: its reader makes a statement of it, and nothing else. */
bool bfl_fhir_is_statement(const resource *w);
outcome bfl_fhir_read_medication(resource *w);
outcome bfl_fhir_read_procedure(resource *w);
outcome bfl_fhir_read_imaging(resource *w);
outcome bfl_fhir_read_report(resource *w);
outcome bfl_fhir_read_lab(resource *w, const node *measurement, bool own_resource);
outcome bfl_fhir_read_lesion(resource *w);
outcome bfl_fhir_read_own(resource *w, const char *code);
void bfl_fhir_join_courses(reader *r, person *who);
void bfl_fhir_staging(reader *r, person *who);
void bfl_fhir_own_lesion(resource *w, bfl_lesion *l);
/* Takes a TNM category or a stage out of "American Joint Committee on Cancer cT3 (qualifier value)". */
const char *bfl_fhir_category(reader *r, const char *words, char letter);
/* A note that no rule trusts. */
void bfl_fhir_note(resource *w, bfl_date date, const char *topic, const char *value, const char *text);

/* Of a code; `found` is set by bfl_fhir_analyte(). Valid until the next code. */
meaning *bfl_fhir_meaning(resource *w, const node *code);
const meaning *bfl_fhir_analyte(resource *w, const node *code);

/* A cancer by its ICD-10 code, its name and its profiles: a metastasis; a primary (or a name that says no more). */
bool bfl_fhir_is_secondary(const char *icd, const char *words, const char *profiles);
bool bfl_fhir_is_primary(const char *icd, const char *words, const char *profiles);
/* The drug of a medication resource, NULL when none is known; *words is the medication as written. */
const bfl_drug *bfl_fhir_medication(resource *w, const char **words);
/* The drug in the words of a medication, NULL when none is known; *found is the word, or all of them. */
const bfl_drug *bfl_fhir_drug(bfl_text words, bfl_text *found);
/* Bytes of a character that shows nothing at z, 0 when it is another. */
size_t bfl_fhir_invisible(const char *z);

/* ---- account.c ---- */

void bfl_fhir_account(reader *r, const char *type, const char *what, outcome o);
void bfl_fhir_close_accounts(reader *r, bfl_study *study);

#endif
