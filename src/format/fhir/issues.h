/* SPDX-License-Identifier: Apache-2.0 */
/* Every problem that reading FHIR can report beyond those of a record (record.h), and nothing else. docs/fhir.md explains each. */
#ifndef BFL_FHIR_ISSUES_H
#define BFL_FHIR_ISSUES_H

#include <stdint.h>

/* clang-format off */
#define FHIR_ISSUES(X) \
    X(NOT_JSON, "fhir.not_json", ERROR, "send the text again; what it holds is not used") \
    X(NOT_RESOURCE, "fhir.not_resource", ERROR, "send a FHIR resource with its resourceType; it is not used") \
    X(DUPLICATE_KEY, "fhir.duplicate_key", ERROR, "write each key once; the resource is not used") \
    X(DUPLICATE, "fhir.duplicate", WARNING, "send each resource once; the first is used, this one is not") \
    X(TYPE, "fhir.type", ERROR, "write it as FHIR R4 says; it counts as not stated") \
    X(VALUE_TWICE, "fhir.value_twice", ERROR, "keep one of them; neither is used") \
    X(CODE_SET, "fhir.code_set", ERROR, "use a code of the set; it is not used") \
    X(CODE_DISPLAY, "fhir.code_display", ERROR, "correct the code or its display with the laboratory; the value is not used") \
    X(CODE_SYSTEM, "fhir.code_system", ERROR, "give the code its own system; the value is not used") \
    X(CODE_TEXT, "fhir.code_text", NOTE, "add the LOINC code; the name is used") \
    X(CODE_OLD, "fhir.code_old", NOTE, "nothing to do; mCODE STU4 uses the newer code") \
    X(UNIT, "fhir.unit", ERROR, "write the size in mm or cm; it is not used") \
    X(UNIT_CODE, "fhir.unit_code", ERROR, "correct the unit or its code; the value is not used") \
    X(UNIT_CONVERTED, "fhir.unit_converted", NOTE, "nothing to do; the value is kept as written beside the converted one") \
    X(COMPARATOR, "fhir.comparator", NOTE, "nothing to do; read as the strict comparator") \
    X(PRECISION, "fhir.precision", NOTE, "nothing to do; digits beyond the 18th are cut off") \
    X(RANGE, "fhir.range", WARNING, "send one normal range in the unit of the value; the range is not used") \
    X(DATE, "fhir.date", ERROR, "write the date as FHIR R4 says; the event has no place in time") \
    X(DATE_ISSUED, "fhir.date_issued", NOTE, "add effectiveDateTime; the date of issue is used") \
    X(SUBJECT_MISSING, "fhir.subject_missing", ERROR, "say whose it is; the resource is not used") \
    X(REFERENCE, "fhir.reference", WARNING, "send the resource it points to; used without it") \
    X(OTHER_PATIENT, "fhir.other_patient", ERROR, "correct the reference; the resource is not used") \
    X(SEVERAL_PATIENTS, "fhir.several_patients", NOTE, "nothing to do; each patient has a record") \
    X(ENTERED_IN_ERROR, "fhir.entered_in_error", NOTE, "nothing to do; it is not used") \
    X(NOT_DONE, "fhir.not_done", NOTE, "nothing to do; it is not used") \
    X(STATUS_MISSING, "fhir.status_missing", WARNING, "add the status; used as final") \
    X(NO_VALUE, "fhir.no_value", NOTE, "nothing to do; nothing was measured") \
    X(MODIFIER, "fhir.modifier", ERROR, "explain the modifier extension or leave it out; the resource is not used") \
    X(FOCUS_MISSING, "fhir.focus_missing", WARNING, "say which tumour was measured (focus); sizes are followed by their place") \
    X(TUMOR_SIZE, "fhir.tumor_size", ERROR, "give the longest dimension once (LOINC 33728-7); the size is not used") \
    X(START_ORDERED, "fhir.start_ordered", NOTE, "send the administrations if they are known; the order's date counts as the start") \
    X(COURSE, "fhir.course", NOTE, "nothing to do; they count as one course") \
    X(MORE_PAGES, "fhir.more_pages", WARNING, "fetch the other pages of the search; the record is not complete") \
    X(FILE, "fhir.file", NOTE, "unpack or rename the file if it was meant to be read")
/* clang-format on */
#define FHIR_ENUM(name, code, severity, action) FHIR_##name,
typedef enum fhir_issue_code { FHIR_ISSUES(FHIR_ENUM) FHIR_CODE_COUNT } fhir_issue_code;

struct resource;
struct reader;
/* Reports a problem of a resource; path is what follows "Observation/abc", such as "valueQuantity.unit", or "". */
void bfl_fhir_issue(struct resource *w, fhir_issue_code code, const char *path, const char *found,
                    const char *expected);
/* The same, but once for every patient and key. */
void bfl_fhir_issue_once(struct resource *w, fhir_issue_code code, const char *key, const char *path, const char *found,
                         const char *expected);
/* A problem of the file itself; row 0 = the whole file. */
void bfl_fhir_file_issue(struct reader *r, fhir_issue_code code, uint32_t row, const char *column, const char *found,
                         const char *expected);

#endif
