/* SPDX-License-Identifier: Apache-2.0 */
/* format: bytes in, records out, and back. Readers fill builders; study.c seals them into one study. */
#ifndef BFL_FORMAT_FORMAT_H
#define BFL_FORMAT_FORMAT_H

#include "base/base.h"
#include "format/csv.h"
#include "format/volumes.h"
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
    size_t issue_count, input_issue_count;
    const bfl_account *accounts; /* of formats that keep one */
    size_t account_count;
    const char *evaluator, *evaluator_id; /* whose measurements the records are made from; NULL = not said */
    bool accepted_only;
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

/* ---- FHIR as a stream of lines (fhir/lines.c, fhir/whose.c, fhir/patients.c) ---- */

/* Bytes that grow in an arena and are used again. */
typedef struct bfl_block {
    bfl_arena *arena;
    char *data;
    size_t size, room;
    uint64_t first_line; /* 1-based number of its first line */
    bool too_long;       /* a line over the limit, which was left out, comes instead of lines */
} bfl_block;

/* Cuts a stream into blocks of whole lines. Start with arena, intake and limits; the rest zero. */
typedef struct bfl_line_stream {
    bfl_intake intake;
    const char *name;   /* for messages */
    size_t block_bytes; /* about so many a block */
    size_t line_bytes;  /* a longer line is left out */
    bfl_block rest;     /* begun line behind the last block; needs its arena */
    uint64_t lines, bytes;
    bool ended, skipping;
} bfl_line_stream;

/* Fills the block (its arena must not be the stream's); every line in it ends with a line end. *more = false at the end.
 * BFL_EIO, BFL_ENOMEM. Not inside bfl_arena_run() of either arena. */
BFL_MUST_USE bfl_status bfl_line_stream_next(bfl_line_stream *stream, bfl_block *block, bool *more, bfl_error *err);
/* Adds bytes to a block, inside bfl_arena_run() of its arena. */
void bfl_block_add(bfl_block *block, bfl_text text);

/* Whose a line is, without reading it any further. */
typedef enum bfl_line_kind {
    BFL_LINE_BLANK,
    BFL_LINE_BROKEN,   /* not JSON: `why` */
    BFL_LINE_OTHER,    /* JSON, and no resource */
    BFL_LINE_NOBODY,   /* a resource of no patient */
    BFL_LINE_UNSOLVED, /* of a patient that is named by something else than an id, or of several: `why` */
    BFL_LINE_PATIENT   /* of `patient` */
} bfl_line_kind;

typedef struct bfl_line {
    bfl_line_kind kind;
    bfl_text text;       /* without its line end */
    bfl_text type;       /* "Observation" */
    bfl_text id;         /* "" when it has none */
    bfl_text patient;    /* id of the patient */
    bfl_text server;     /* of an absolute reference to the patient: "host/fhir"; "" */
    bfl_text medication; /* id of the Medication it refers to or is; "" */
    const char *why;
} bfl_line;

/* Reads the lines of blocks, one block after the other. Views in a bfl_line are valid until the next line is read. */
typedef struct bfl_line_reader bfl_line_reader;
/* NULL when there is no memory. */
bfl_line_reader *bfl_line_reader_new(void);
void bfl_line_reader_free(bfl_line_reader *reader);
BFL_MUST_USE bfl_status bfl_line_reader_begin(bfl_line_reader *reader, bfl_text block, bfl_error *err);
/* The next line; false at the end. */
bool bfl_line_reader_next(bfl_line_reader *reader, bfl_line *line);

/* What a line may tell of the question, without reading it whole (fhir/hints.c): yes too often, never too seldom. */
enum {
    BFL_HINT_CANCER = 1,     /* a diagnosis of cancer */
    BFL_HINT_BONE = 2,       /* disease in bone: a diagnosis, a place, a lesion */
    BFL_HINT_THERAPY = 4,    /* an anticancer drug */
    BFL_HINT_MEDICATION = 8, /* a drug that another resource names: line.medication */
    BFL_HINT_ALP = 16,       /* alkaline phosphatase */
    BFL_HINT_LESION = 32     /* a lesion in an image */
};
/* Of the line that was read last. A Medication has BFL_HINT_THERAPY when it is an anticancer drug. */
unsigned bfl_line_hints(bfl_line_reader *reader, const bfl_line *line);

/* Something that could not be used, and where. */
typedef struct bfl_stream_problem {
    uint64_t line;
    const char *patient; /* of this patient, or found among its lines; "" */
    const char *text;
} bfl_stream_problem;

/* The lines of one patient. Memory is used again for the next. */
typedef struct bfl_patient_lines {
    bfl_arena *arena; /* id and problems; emptied each time */
    bfl_block lines;  /* needs an arena of its own; lines that are not used are blank here, so that line numbers hold */
    const char *id;   /* "" behind the last patient, when only problems are left to tell */
    bool refused;     /* a problem says why nothing may be said of this patient */
    BFL_LIST(bfl_stream_problem) problems;
} bfl_patient_lines;

/* Cuts patient-contiguous NDJSON into patients. A resource of no patient belongs to the patient before it. */
typedef struct bfl_patient_stream {
    bfl_line_stream lines;
    bfl_line_reader *reader;
    bfl_block block; /* needs its arena */
    size_t patient_bytes;
    uint64_t next_line; /* number of the line read next */
    bfl_line line;
    bool begun, held; /* a block is being read; `line` is read and not used yet */
    bfl_arena *arena; /* who was here */
    uint64_t *seen;
    size_t seen_room, seen_count;
    uint64_t patients, nobody;
} bfl_patient_stream;

/* The next patient; *more = false at the end. Lines over the limits and patients that come twice are problems. BFL_EIO,
 * BFL_ENOMEM. */
BFL_MUST_USE bfl_status bfl_patient_stream_next(bfl_patient_stream *stream, bfl_patient_lines *out, bool *more,
                                                bfl_error *err);

/* Reads NDJSON from memory whose first line has that number. As bfl_fhir_read(). */
BFL_MUST_USE bfl_status bfl_fhir_parse_lines(const char *file, const bfl_block *lines, const bfl_limits *limits,
                                             bfl_study **out, bfl_error *err);
/* A hash of the text that stays the same from version to version. */
uint64_t bfl_stable_hash(bfl_text text);

/* Appends a field of comma-separated values, in quotes when it needs them (csv.c). */
void bfl_csv_write(bfl_buf *buf, bfl_text field);
/* What rooms above write with. */
#include "format/fhir/fhir.h"

#endif
