/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen: populations as streams of FHIR NDJSON.
 *
 *   each.c      one patient's lines, read and assessed
 *   filter.c    one patient after the other through the assessment
 *   inputs.c    files and folders as one stream of blocks
 *   spill.c     texts put into buckets on disk, and got back a bucket at a time
 *   group.c     the lines of each patient put together, in memory that does not grow with the input
 *   shard.c     ... and written as parts
 *   look.c      first pass of the screen: what each line may tell of its patient
 *   find.c      second pass: who has a question; the order of the list
 *   list.c      the list as text, CSV, JSON
 */
#ifndef BFL_SCREEN_SCREEN_H
#define BFL_SCREEN_SCREEN_H

#include "base/base.h"
#include "format/format.h"
#include <boneflare/screen.h>

enum {
    BFL_STREAM_BLOCK_BYTES = 256 * 1024, /* fits a core's own cache */
    BFL_STREAM_PATIENT_BYTES = 64 * 1024 * 1024
};

/* ---- each.c ---- */

/* Makes what the stream needs and does not have yet; closed whatever it returned. */
BFL_MUST_USE bfl_status bfl_patients_open(bfl_patient_stream *stream, bfl_intake intake, const char *name,
                                          size_t patient_bytes, bfl_error *err);
void bfl_patients_close(bfl_patient_stream *stream);
/* False when there is no memory. */
bool bfl_patient_lines_ready(bfl_patient_lines *lines);
void bfl_patient_lines_close(bfl_patient_lines *lines);

typedef struct bfl_each {
    const bfl_rulebook *rulebook;
    const bfl_assess_options *assess;
    const char *name; /* of the input, in sources */
    void *context;
    /* Each record of the patient (one, as a rule), and everything that is wrong. */
    bfl_status (*use)(void *context, const bfl_study *study, const bfl_assessment *assessment, bfl_error *err);
    bfl_status (*tell)(void *context, uint64_t line, const char *patient, const char *text, bfl_error *err);
} bfl_each;
/* BFL_ENOMEM, and what use() and tell() return. */
BFL_MUST_USE bfl_status bfl_each_record(const bfl_each *each, const bfl_patient_lines *patient, bfl_error *err);

/* ---- inputs.c ---- */

typedef struct bfl_inputs {
    bfl_arena *arena;
    BFL_LIST(const char *) paths; /* files, in order */
    uint64_t total_bytes;
    size_t left_out; /* files of folders that are no NDJSON */
    size_t at;       /* file being read */
    int file;        /* open, or -1 */
    bfl_line_stream stream;
    bfl_arena *stream_arena;
    uint64_t bytes; /* read so far */
} bfl_inputs;

/* Lists files, and the .ndjson and .jsonl files of folders by name. BFL_ENOTFOUND, BFL_EIO. */
BFL_MUST_USE bfl_status bfl_inputs_open(bfl_inputs *inputs, const char *const *paths, size_t count, bfl_error *err);
/* From the first file again. */
void bfl_inputs_rewind(bfl_inputs *inputs);
/* The next block and the file it is from. */
BFL_MUST_USE bfl_status bfl_inputs_next(bfl_inputs *inputs, bfl_block *block, const char **path, bool *more,
                                        bfl_error *err);
void bfl_inputs_close(bfl_inputs *inputs);

/* ---- spill.c ---- */

/* Texts in buckets. Each bucket has a buffer; full buffers go to one file that has no name. */
typedef struct bfl_spill bfl_spill;
/* In that folder. BFL_EIO, BFL_ENOMEM. */
BFL_MUST_USE bfl_status bfl_spill_new(const char *folder, size_t buckets, bfl_spill **out, bfl_error *err);
void bfl_spill_free(bfl_spill *spill);
BFL_MUST_USE bfl_status bfl_spill_add(bfl_spill *spill, size_t bucket, bfl_text text, bfl_error *err);
/* Everything in a bucket, in the order in which it was added. Runs its own arenas. */
BFL_MUST_USE bfl_status bfl_spill_load(bfl_spill *spill, size_t bucket, bfl_block *out, bfl_error *err);

/* ---- group.c ---- */

/* A resource of a patient. */
typedef struct bfl_grouped {
    uint64_t hash; /* of the patient's id */
    bfl_text patient, type, id, text;
    uint32_t rank; /* the Patient first, shared Medications last */
} bfl_grouped;

typedef struct bfl_group bfl_group;

/* What is done with a bucket's patients, by id hash; the lines of one in an order that does not depend on the input's. */
typedef struct bfl_group_job {
    const char *folder; /* for what does not fit into memory */
    uint32_t threads, parts;
    bfl_sink problems;
    bfl_progress progress;
    void *context;
    /* Is the patient wanted? NULL = all. Any thread. */
    bool (*wanted)(void *context, uint64_t patient_hash);
    /* A resource of no patient, or whose patient is not solved, in the order of the input. */
    bfl_status (*aside)(void *context, const bfl_line *line, bfl_error *err);
    size_t slot_size; /* of work() and emit(), as in bfl_pipeline */
    bfl_status (*work)(void *context, void *slot, const bfl_grouped *lines, size_t count, bfl_error *err);
    bfl_status (*emit)(void *context, void *slot, uint32_t part, const bfl_grouped *lines, size_t count,
                       bfl_error *err);
    void (*release)(void *context, void *slot);
} bfl_group_job;

BFL_MUST_USE bfl_status bfl_group_run(bfl_group_job *job, bfl_inputs *inputs, bfl_group_counts *counts, bfl_error *err);
/* Part of a patient. */
uint32_t bfl_group_part(uint64_t patient_hash, uint32_t parts);

/* ---- look.c ---- */

/* Patients by the hash of their id, with the hints (BFL_HINT_...) of all their lines. */
typedef struct bfl_people {
    bfl_arena *arena;
    struct bfl_person_hints {
        uint64_t hash; /* 0: free */
        uint32_t hints;
    } * slots;
    size_t room, count;
} bfl_people;

/* Hints of a patient, 0 when there is none. */
uint32_t bfl_people_hints(const bfl_people *people, uint64_t hash);
/* May the patient have a question? */
bool bfl_hints_ask(uint32_t hints);
/* Goes through the inputs once, or twice when Medications are resources of their own. Counts into the list's account. */
BFL_MUST_USE bfl_status bfl_look(bfl_inputs *inputs, uint32_t threads, bfl_progress progress, bfl_people *people,
                                 bfl_screen_account *account, bfl_error *err);

/* ---- list.c ---- */

void bfl_work_list_write_text(bfl_buf *out, const bfl_work_list *list, int columns);
void bfl_work_list_write_csv(bfl_buf *out, const bfl_work_list *list);
void bfl_work_list_write_json(bfl_buf *out, const bfl_work_list *list);

#endif
