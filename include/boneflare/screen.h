/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file screen.h
 * Populations as streams of FHIR NDJSON: a filter that assesses one patient after the other, a shard that puts the lines of each
 * patient together, and a screen that finds the patients for whom the question is open (docs/screening.md).
 *
 * What comes out is the same, byte for byte, at any number of threads.
 */
#ifndef BONEFLARE_SCREEN_H
#define BONEFLARE_SCREEN_H

#include <boneflare/format.h>
#include <boneflare/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of bfl_filter(). Set struct_size = sizeof(bfl_filter_options); a zero or NULL member means the default. */
typedef struct bfl_filter_options {
    size_t struct_size;
    bfl_sink out;         /**< results */
    bfl_sink problems;    /**< one line a problem; default: they are only counted */
    uint32_t threads;     /**< default: as many as there are processors */
    size_t patient_bytes; /**< a patient whose lines are longer together is refused; default 64 MiB */
    const char *name;     /**< what problems are said to lie in; default "line" gives "line:12: patient 'p1': ..." */
    const bfl_assess_options *assess;
    const bfl_report_options *report;
} bfl_filter_options;

/** What went through the filter. */
typedef struct bfl_filter_counts {
    uint64_t bytes, lines;
    uint64_t patients; /**< runs of lines of one patient */
    uint64_t results;  /**< lines written */
    uint64_t problems; /**< lines of problems written */
    uint64_t nobody;   /**< resources of no patient */
} bfl_filter_counts;

/**
 * Reads patient-contiguous NDJSON (each patient's lines together, one resource or Bundle a line) and writes one JSON line for each
 * patient, as bfl_report_json() does. Lines and patients that cannot be used become problems, and the rest goes on.
 * Memory: the largest patients, a few for each thread.
 * @param options `out` must be set
 * @param[out] counts may be NULL; on failure what went through until then
 * @return BFL_OK whatever the input holds, BFL_EIO (the input cannot be read, an output not be written), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_filter(bfl_intake input, const bfl_rulebook *rulebook,
                                           const bfl_filter_options *options, bfl_filter_counts *counts,
                                           bfl_error *err);

/** Called now and then on the calling thread. */
typedef struct bfl_progress {
    void (*show)(void *context, const char *what, uint64_t done, uint64_t total);
    void *context;
} bfl_progress;

/** What was read and put together. */
typedef struct bfl_group_counts {
    uint64_t bytes, lines;
    uint64_t broken;    /**< lines that are no JSON, too long, or no resource: problems */
    uint64_t resources; /**< resources of patients */
    uint64_t patients;
    uint64_t nobody;   /**< resources of no patient */
    uint64_t unsolved; /**< resources whose patient is named by something else than an id, or of several */
    uint64_t shared;   /**< copies of Medications put beside the patients whose resources refer to them */
    uint64_t left_out; /**< files of the folders that are no NDJSON */
} bfl_group_counts;

/** Options of bfl_shard(). Set struct_size = sizeof(bfl_shard_options). */
typedef struct bfl_shard_options {
    size_t struct_size;
    const char *const *inputs; /**< NDJSON files, and folders of .ndjson and .jsonl files, in any split and order */
    size_t input_count;
    const char *out;       /**< folder that is made; it must not be there, or be empty */
    uint32_t parts;        /**< 1..9999 */
    uint32_t threads;      /**< default: as many as there are processors */
    bfl_sink problems;     /**< one line a problem; default: they are only counted */
    bfl_progress progress; /**< default: none */
} bfl_shard_options;

/**
 * Puts the lines of each patient together, into parts: part-0000.ndjson ... Which part a patient lies in depends on the id and the
 * number of parts only, and the order of patients and of lines does not depend on the order of the input. A Medication without a
 * patient is copied to every patient whose resources refer to it. Resources of no patient go to without-patient.ndjson, those
 * whose patient cannot be told to not-resolved.ndjson. What does not fit into memory goes to a file without a name beside `out`.
 * The folder appears when everything is in it.
 * @param[out] counts may be NULL
 * @return BFL_OK, BFL_EINVAL, BFL_ENOTFOUND (no such input), BFL_EEXIST (`out` is there), BFL_EIO, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_shard(const bfl_shard_options *options, bfl_group_counts *counts, bfl_error *err);

/** Options of bfl_screen(). Set struct_size = sizeof(bfl_screen_options); a zero or NULL member means the default. */
typedef struct bfl_screen_options {
    size_t struct_size;
    const char *const *inputs; /**< as in bfl_shard_options */
    size_t input_count;
    const char *folder;   /**< where a nameless file goes when memory does not do; default "." */
    uint32_t threads;     /**< default: as many as there are processors */
    size_t patient_bytes; /**< a patient whose lines are longer together is refused; default 64 MiB */
    const bfl_assess_options *assess;
    bfl_sink problems; /**< one line a problem; default: they are only counted */
    bfl_progress progress;
} bfl_screen_options;

/** A patient for whom the question is open. Texts live as long as the list. */
typedef struct bfl_work_item {
    const char *patient;
    bool urgent;        /**< there is an urgent alarm */
    size_t alarm_count; /**< alarms */
    const char *alarm;  /**< the first one, "" */
    bfl_bone_state state;
    double p_flare, low, high, p_progression;
    double loss_days; /**< expected loss of the answer given, in days of disease control */
    bool bone;        /**< disease in bone is known: a lesion or a diagnosis */
    const char *therapy;
    int32_t therapy_day;   /**< of it, on the day asked for */
    const char *as_of;     /**< the day asked for, "2024-02-02" or "day 41" */
    const char *because;   /**< why this state */
    const char *next, *by; /**< what to do first, and by when; "" */
    bool has_by;
    int32_t due_days; /**< days from the day asked for until then */
} bfl_work_item;

/** What the screen saw. */
typedef struct bfl_screen_account {
    uint64_t bytes, lines, broken, resources, nobody, unsolved, left_out; /**< as in bfl_group_counts */
    uint64_t unused;                               /**< resources of types that tell nothing of the question */
    uint64_t patients, cancer, bone, therapy, alp; /**< patients, and those with each */
    uint64_t candidates;                           /**< of those the whole record was read */
    uint64_t asked, open, alarmed;         /**< of these: with a question, with an open one, with alarms among them */
    uint64_t problems;                     /**< lines of problems: broken lines, and patients that cannot be judged */
    uint64_t used, kept, dropped, unknown; /**< resources of the candidates by what became of them (bfl_account) */
} bfl_screen_account;

/** Ranked: urgent alarms, alarms, known disease in bone, expected loss, width of the interval, what is due first, id. */
typedef struct bfl_work_list {
    const bfl_work_item *items;
    size_t count;
    bfl_screen_account account;
} bfl_work_list;

/**
 * Goes through a population: FHIR Bulk Data in any split and order. A first pass takes from each line only what tells whether its
 * patient may have the question; a second reads and assesses those patients whole. Memory: some 50 bytes a patient, a few MiB a
 * thread, and the list.
 * @param options NULL is BFL_EINVAL
 * @param[out] out released with bfl_work_list_free()
 * @return BFL_OK, BFL_EINVAL, BFL_ENOTFOUND (no such input), BFL_EIO, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_screen(const bfl_rulebook *rulebook, const bfl_screen_options *options,
                                           bfl_work_list **out, bfl_error *err);
/** Releases the list and its texts; NULL is allowed. */
BFL_API void bfl_work_list_free(bfl_work_list *list);

/** How a work list is written. */
typedef enum bfl_list_format { BFL_LIST_TEXT, BFL_LIST_CSV, BFL_LIST_JSON } bfl_list_format;
/** Writes the list: text with its account, `columns` wide (0 = 100); CSV, a row a patient; JSON, "boneflare.worklist/1". */
BFL_API BFL_MUST_USE bfl_status bfl_work_list_write(const bfl_work_list *list, bfl_list_format format, int columns,
                                                    bfl_sink sink, bfl_error *err);

#ifdef __cplusplus
}
#endif
#endif
