/* SPDX-License-Identifier: Apache-2.0 */
/* format: bytes in, records out, and back. Readers fill builders; study.c seals them into one study. */
#ifndef BFL_FORMAT_FORMAT_H
#define BFL_FORMAT_FORMAT_H

#include "base/base.h"
#include "record/record.h"
#include <boneflare/format.h>

struct bfl_study {
    bfl_arena *arena; /* holds everything, this struct too */
    const bfl_record **records;
    const bfl_as_written **written; /* beside records: dates and ranges as they were written */
    size_t record_count;
    const bfl_note *notes; /* statements about the whole study (patient "*") */
    size_t note_count;
    const bfl_issue *issues; /* the input's, then each record's */
    size_t issue_count;
    const bfl_account *accounts; /* of formats that keep one */
    size_t account_count;
};

/* What a reader collects. Everything may live in a scratch arena but the texts. */
typedef struct bfl_study_builder {
    bfl_arena *scratch;
    BFL_LIST(bfl_builder *) patients;
    BFL_LIST(bfl_note) notes;
    bfl_issue_list issues;
} bfl_study_builder;

/* Seals every patient into a study that lives in `arena` and owns it. */
bfl_study *bfl_study_seal(bfl_arena *arena, bfl_study_builder *builder);

/* A table of a case folder in memory. */
typedef struct bfl_table_bytes {
    const char *name; /* "labs.csv" */
    bfl_text bytes;
} bfl_table_bytes;

/* Reads a case folder from memory: the same reader, for tests and fuzzers. Other names are reported as unknown files. */
BFL_MUST_USE bfl_status bfl_casefolder_parse(const bfl_table_bytes *tables, size_t count, const bfl_limits *limits,
                                             bfl_study **out, bfl_error *err);

#endif
