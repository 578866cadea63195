/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the FHIR folder: reading from memory, for tests, fuzzers and other formats' probes. */
#ifndef BFL_FORMAT_FHIR_FHIR_H
#define BFL_FORMAT_FHIR_FHIR_H

#include "format/format.h"

/* Reads one text as if it were a file of that name (its extension tells NDJSON from JSON). */
BFL_MUST_USE bfl_status bfl_fhir_parse(const char *name, bfl_text bytes, const bfl_limits *limits, bfl_study **out,
                                       bfl_error *err);

#endif
