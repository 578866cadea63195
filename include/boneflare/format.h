/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file format.h
 * Reading and writing records. A study is what one input held: records in patient-id order, and issues of the input itself.
 */
#ifndef BONEFLARE_FORMAT_H
#define BONEFLARE_FORMAT_H

#include <boneflare/record.h>
#include <boneflare/volume.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bfl_study bfl_study;

/** Limits of a reader. Set struct_size = sizeof(bfl_limits); a zero member means the default. */
typedef struct bfl_limits {
    size_t struct_size;
    size_t file_bytes;  /**< one table; default 512 MiB */
    size_t rows;        /**< one table; default 10,000,000 */
    size_t field_bytes; /**< one field; default 64 KiB */
} bfl_limits;

/**
 * Reads a case folder (docs/case-folder.md): the CSV tables in `path`, one patient or many.
 * Dirty data become issues; BFL_OK is returned as long as one table could be read.
 * @param limits NULL for the defaults
 * @param[out] out released with bfl_study_free()
 * @return BFL_OK, BFL_ENOTFOUND (no such folder, or no table in it), BFL_EIO, BFL_EPARSE (a table is not CSV), BFL_ELIMIT, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_casefolder_read(const char *path, const bfl_limits *limits, bfl_study **out,
                                                    bfl_error *err);
/** A table of a case folder in memory. */
typedef struct bfl_table_bytes {
    const char *name; /**< "labs.csv"; other names become an issue, as unknown files do */
    bfl_text bytes;
} bfl_table_bytes;
/**
 * Reads a case folder from memory: as bfl_casefolder_read(), without a file. The bytes may go afterwards.
 * @return BFL_OK, BFL_EINVAL (a NULL), BFL_EPARSE (no table could be read), BFL_ELIMIT, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_casefolder_parse(const bfl_table_bytes *tables, size_t count,
                                                     const bfl_limits *limits, bfl_study **out, bfl_error *err);
/** Writes empty tables with their headers into a new or empty folder. BFL_EEXIST when a table is already there. */
BFL_API BFL_MUST_USE bfl_status bfl_casefolder_template(const char *path, bfl_error *err);
/** Writes one study as a case folder; days are written as they were read. Same rules as the template. */
BFL_API BFL_MUST_USE bfl_status bfl_casefolder_write(const bfl_study *study, const char *path, bfl_error *err);

/** Whose measurements an SDTM study is read from. Set struct_size = sizeof(bfl_sdtm_options); NULL or zero members = the default. */
typedef struct bfl_sdtm_options {
    size_t struct_size;
    const bfl_limits *limits;
    const char *evaluator;    /**< TREVAL, "INVESTIGATOR", "INDEPENDENT ASSESSOR"; default: the investigator, else the
                                   adjudicator, else the accepted records, else the first evaluator in the data */
    const char *evaluator_id; /**< TREVALID, "RADIOLOGIST 1"; default: any */
    bool accepted_only;       /**< only rows of TU and TR with --ACPTFL = Y */
} bfl_sdtm_options;

/**
 * Reads SDTM datasets (docs/sdtm.md): a folder of them or one file, each told by its content.
 * Dirty data become issues; BFL_OK is returned as long as one dataset could be read.
 * @param options NULL for the defaults
 * @param[out] out released with bfl_study_free()
 * @return BFL_OK, BFL_ENOTFOUND (no such input, no dataset in it, or no row of TU and TR by the evaluator asked for), BFL_EIO,
 *         BFL_EPARSE (no file could be read), BFL_ELIMIT, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_sdtm_read(const char *path, const bfl_sdtm_options *options, bfl_study **out,
                                              bfl_error *err);
/** Reads an input of any format that the library knows, told by what it holds: a case folder, SDTM, FHIR, or the CSV
 * layout of the mCODE Extraction Framework (docs/fhir.md). Errors as there. */
BFL_API BFL_MUST_USE bfl_status bfl_study_read(const char *path, const bfl_limits *limits, bfl_study **out,
                                               bfl_error *err);
/**
 * The same with a choice of the evaluator, which only SDTM has.
 * @param options NULL for the defaults
 * @return also BFL_EINVAL (an evaluator is asked for and the input is not SDTM) and what bfl_sdtm_read() returns
 */
BFL_API BFL_MUST_USE bfl_status bfl_study_read_as(const char *path, const bfl_sdtm_options *options, bfl_study **out,
                                                  bfl_error *err);
/**
 * Reads FHIR R4 (docs/fhir.md): a Bundle or resource as JSON, a Bulk Data NDJSON file, or a folder of such files. Facts become
 * records, problems become issues, and everything else is counted in the account.
 * @param limits NULL for the defaults; `rows` limits the resources
 * @return BFL_OK, BFL_ENOTFOUND, BFL_EIO, BFL_EPARSE (not JSON, not FHIR), BFL_ELIMIT, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_fhir_read(const char *path, const bfl_limits *limits, bfl_study **out,
                                              bfl_error *err);
/** What kind of Bundle FHIR is written as. */
typedef enum bfl_fhir_bundle_type {
    BFL_FHIR_COLLECTION = 0, /**< for reading */
    BFL_FHIR_TRANSACTION, /**< for a server: each resource is put under its id, so that sending twice changes nothing */
    BFL_FHIR_LINES /**< no Bundle: each resource on a line of its own, references as Type/id, as Bulk Data has them */
} bfl_fhir_bundle_type;

/** Options of a FHIR writer. Set struct_size = sizeof(bfl_fhir_options); NULL or zero members = the default. */
typedef struct bfl_fhir_options {
    size_t struct_size;
    bfl_fhir_bundle_type bundle;
    const char
        *recorded; /**< when it is written, a FHIR instant such as "2019-04-04T10:30:00Z"; default: said to be unknown,
                               for the library has no clock */
    const char
        *patient_id; /**< the Patient's id on a server, which begins all other ids too ("x" and "x.UUID"); at most 27
                               characters of an id of FHIR; default: ids are made of the content alone */
} bfl_fhir_options;

/**
 * Writes FHIR R4, mCODE STU4 where it has a profile (docs/fhir.md): one Bundle a line for each patient; statements about the
 * whole study and the issues of the input in a Bundle of their own behind them. Read back, it gives the same records. Ids
 * depend on the content alone.
 * @return BFL_OK, BFL_EINVAL (options), BFL_EIO (the sink), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_fhir_write(const bfl_study *study, const bfl_fhir_options *options, bfl_sink sink,
                                               bfl_error *err);
/** Limits of a reader of scans. Set struct_size; zero members mean the defaults. */
typedef struct bfl_scan_limits {
    size_t struct_size;
    size_t file_bytes;     /**< one file; default 4 GiB */
    size_t voxels;         /**< default 512 Mi */
    bool keep_identifiers; /**< who the patient is stays with the scan, and is written into DICOM made from it */
} bfl_scan_limits;
/**
 * Reads one CT scan: a folder or ZIP file of DICOM files, a DICOMDIR, or a NIfTI (.nii, .nii.gz), MetaImage (.mha), NRRD (.nrrd,
 * .nhdr) or DICOM file, told by its content (docs/ct.md). What was set aside or repaired is in the notes of bfl_scan_about().
 * @return BFL_OK, BFL_ENOTFOUND, BFL_EIO, BFL_EPARSE (damaged, or no such format), BFL_ENOTSUP, BFL_ELIMIT, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_scan_read(const char *path, const bfl_scan_limits *limits, bfl_scan **out,
                                              bfl_error *err);

/** What became of a part of the input. */
typedef enum bfl_account_outcome {
    BFL_ACCOUNT_USED,    /**< facts that rules can read */
    BFL_ACCOUNT_KEPT,    /**< understood and kept; no rule reads it */
    BFL_ACCOUNT_DROPPED, /**< not used; an issue says why */
    BFL_ACCOUNT_UNKNOWN  /**< not understood: only counted */
} bfl_account_outcome;

/** One line of the account of an input: how many things of a kind there were, and what became of them. */
typedef struct bfl_account {
    const char *type; /**< resource type, "Observation" */
    const char *what; /**< kind or code, "laboratory", "72514-3 Pain severity"; "" */
    bfl_account_outcome outcome;
    size_t count;
} bfl_account;

/** The account of a study, by type and outcome, the largest first; 0 lines for formats that keep none. */
BFL_API size_t bfl_study_account_count(const bfl_study *study);
/** NULL past the end. */
BFL_API const bfl_account *bfl_study_account(const bfl_study *study, size_t index);

/** How a study is written. Set struct_size = sizeof(bfl_write_options). */
typedef struct bfl_write_options {
    size_t struct_size;
    const char *format;   /**< bfl_writer_id(): "case-folder", "sdtm-csv", ... */
    const char *study_id; /**< STUDYID of SDTM; NULL = "STUDY" */
    const char
        *created; /**< time to print as that of creation, "2026-11-22T08:00:00"; NULL = 1970-01-01T00:00:00: no clock
                               is read, so that the same study gives the same bytes */
} bfl_write_options;

/** One file of an output. */
typedef struct bfl_written_file {
    const char *name;
    size_t rows, bytes;
} bfl_written_file;

/** What was written: the files, and every fact of the study that they do not hold. */
typedef struct bfl_written bfl_written;

/** How many formats can be written, the id of the i-th and what it is; NULL past the end. Static text. */
BFL_API size_t bfl_writer_count(void);
/** Id of the i-th format that can be written; NULL past the end. */
BFL_API const char *bfl_writer_id(size_t index);
/** What the i-th format is, one line; NULL past the end. */
BFL_API const char *bfl_writer_name(size_t index);
/**
 * Writes a study into a new folder, which appears by one rename when everything is in it. An empty folder is replaced.
 * Dates are written as they were read. What the format has no place for is a loss, never dropped silently.
 * @param[out] out released with bfl_written_free()
 * @return BFL_OK, BFL_ENOTFOUND (no such format), BFL_EINVAL (`created` is no time), BFL_EEXIST (the path is there and not
 *         empty), BFL_EIO, BFL_ENOMEM; on failure nothing is there
 */
BFL_API BFL_MUST_USE bfl_status bfl_study_write(const bfl_study *study, const char *path,
                                                const bfl_write_options *options, bfl_written **out, bfl_error *err);
/**
 * The same without a folder: the files stay in memory, for bfl_written_bytes().
 * @param[out] out released with bfl_written_free()
 * @return BFL_OK, BFL_ENOTFOUND (no such format), BFL_EINVAL, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_study_compose(const bfl_study *study, const bfl_write_options *options,
                                                  bfl_written **out, bfl_error *err);
/** The content of the i-th file; empty past the end. Lives as long as `written`. */
BFL_API bfl_text bfl_written_bytes(const bfl_written *written, size_t index);
/** Releases it; NULL is allowed. */
BFL_API void bfl_written_free(bfl_written *written);
/** Number of files, in the order they were made. */
BFL_API size_t bfl_written_file_count(const bfl_written *written);
/** NULL past the end. */
BFL_API const bfl_written_file *bfl_written_file_at(const bfl_written *written, size_t index);
/** Number of facts that are not in the output, or not as they were. */
BFL_API size_t bfl_written_loss_count(const bfl_written *written);
/** `source` and `column` say where the input had it, `found` what it was, `expected` why it is lost; NULL past the end. */
BFL_API const bfl_issue *bfl_written_loss_at(const bfl_written *written, size_t index);

/**
 * A study of records that came from elsewhere, for a writer: each fact with its place on the timeline, ranges in the unit of their
 * value. The records are borrowed and must outlive the study; ids must differ.
 * @param[out] out released with bfl_study_free(), which leaves the records alone
 * @return BFL_OK, BFL_EINVAL (records is NULL, two records have one id), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_study_of(const bfl_record *const *records, size_t count, bfl_study **out,
                                             bfl_error *err);

/**
 * A study of the i-th record alone, with its dates and ranges as they were written; statements about the whole study are left
 * out. Borrows from `study`, which must outlive it.
 * @param[out] out released with bfl_study_free()
 * @return BFL_OK, BFL_EINVAL (a NULL), BFL_ENOTFOUND (no i-th record), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_study_single(const bfl_study *study, size_t index, bfl_study **out, bfl_error *err);

/** Releases the study and every record, issue and text that came from it; NULL is allowed. */
BFL_API void bfl_study_free(bfl_study *study);
/** Number of records, and the i-th in patient-id order. */
BFL_API size_t bfl_study_record_count(const bfl_study *study);
/** NULL past the end. */
BFL_API const bfl_record *bfl_study_record(const bfl_study *study, size_t index);
/** Issues of the whole study: those of the input itself first, then each record's, in file and row order. */
BFL_API size_t bfl_study_issue_count(const bfl_study *study);
BFL_API const bfl_issue *bfl_study_issue(const bfl_study *study, size_t index);

#ifdef __cplusplus
}
#endif
#endif
