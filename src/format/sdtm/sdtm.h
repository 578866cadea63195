/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the SDTM reader. A container reader (csv.c, xpt.c, json.c) turns a file into datasets of text cells; the mapping
 * (people.c, tumour.c, response.c, lab.c) turns their rows into records. docs/sdtm.md explains every variable.
 */
#ifndef BFL_SDTM_H
#define BFL_SDTM_H

#include "format/job.h"
#include "format/names.h"
#include "rules/rules.h"

/* clang-format off */
/* Datasets, in the order in which they are read. X(ID, a variable that only it has) */
#define SDTM_DATASETS(X) \
    X(DM, "") X(SUPP, "QNAM") X(EX, "EXTRT") X(CM, "CMTRT") X(PR, "PRTRT") X(TU, "TUTESTCD") X(TR, "TRTESTCD") \
    X(RS, "RSTESTCD") X(LB, "LBTESTCD") X(AE, "AETERM") X(DS, "DSDECOD") X(FA, "FATESTCD") X(CO, "COVAL")
/* Variables that are read. X(ENUM, "name without the dataset's prefix") */
#define SDTM_PREFIXED(X) \
    X(SEQ, "SEQ") X(GRPID, "GRPID") X(LNKID, "LNKID") X(LINKID, "LINKID") X(LNKGRP, "LNKGRP") X(TESTCD, "TESTCD") \
    X(CAT, "CAT") X(OBJ, "OBJ") X(ORRES, "ORRES") X(ORRESU, "ORRESU") X(ORNRLO, "ORNRLO") X(ORNRHI, "ORNRHI") \
    X(STRESC, "STRESC") X(STRESN, "STRESN") X(STRESU, "STRESU") X(STAT, "STAT") X(REASND, "REASND") X(LOC, "LOC") \
    X(LAT, "LAT") X(METHOD, "METHOD") X(EVAL, "EVAL") X(EVALID, "EVALID") X(ACPTFL, "ACPTFL") X(BLFL, "BLFL") \
    X(LOINC, "LOINC") X(DTC, "DTC") X(DY, "DY") X(TRT, "TRT") X(CLAS, "CLAS") X(INDC, "INDC") X(DOSE, "DOSE") \
    X(DOSTXT, "DOSTXT") X(DOSU, "DOSU") X(DOSFRQ, "DOSFRQ") X(STDTC, "STDTC") X(ENDTC, "ENDTC") X(STDY, "STDY") \
    X(ENDY, "ENDY") X(REF, "REF") X(VAL, "VAL") \
    X(TERM, "TERM") X(DECOD, "DECOD") X(TOXGR, "TOXGR") X(OUT, "OUT")
/* X(ENUM, "whole name") */
#define SDTM_WHOLE(X) \
    X(USUBJID, "USUBJID") X(DOMAIN, "DOMAIN") X(VISITNUM, "VISITNUM") X(VISIT, "VISIT") X(RDOMAIN, "RDOMAIN") \
    X(IDVAR, "IDVAR") X(IDVARVAL, "IDVARVAL") X(QNAM, "QNAM") X(QVAL, "QVAL") X(RFSTDTC, "RFSTDTC") \
    X(RFXSTDTC, "RFXSTDTC") X(BRTHDTC, "BRTHDTC") X(DTHDTC, "DTHDTC") X(DTHFL, "DTHFL") X(AGE, "AGE") X(AGEU, "AGEU") \
    X(SEX, "SEX") X(ARM, "ARM") X(ACTARM, "ACTARM")
/* clang-format on */

/* What a supplemental value says when the record says nothing and the dataset alone would say something; in how many more
 * supplemental values a long text may go on; the bytes of one (SAS transport version 5). */
#define SDTM_NOT_STATED "NOT STATED"
enum { SDTM_MOST_PARTS = 9, SDTM_TEXT_SIZE = 200 };

#define SDTM_DATASET_ENUM(id, key) SDTM_##id,
typedef enum sdtm_id { SDTM_DATASETS(SDTM_DATASET_ENUM) SDTM_ID_COUNT } sdtm_id;
#define SDTM_VARIABLE_ENUM(id, name) VAR_##id,
typedef enum sdtm_variable {
    SDTM_PREFIXED(SDTM_VARIABLE_ENUM) VAR_PREFIXED_COUNT,
    VAR_LAST_PREFIXED = VAR_PREFIXED_COUNT - 1,
    SDTM_WHOLE(SDTM_VARIABLE_ENUM) VAR_COUNT
} sdtm_variable;

typedef struct sdtm_line {
    uint32_t line;      /* of the file; the observation's number in XPT and Dataset-JSON */
    const char **cells; /* width of the dataset */
} sdtm_line;

typedef struct sdtm_dataset {
    sdtm_id id;
    const char *file;
    const char *names[VAR_COUNT]; /* as in the file, "TRDTC"; NULL = not there */
    uint8_t at[VAR_COUNT];        /* cell + 1, 0 = not there */
    uint8_t *take;                /* file column -> cell + 1, 0 = not read */
    size_t column_count, width;
    BFL_LIST(sdtm_line) lines;
} sdtm_dataset;

/* Whose measurements make the record. */
typedef struct sdtm_reader_choice {
    const char *evaluator, *evaluator_id; /* NULL = any */
    bool accepted;                        /* rows with --ACPTFL = Y only */
} sdtm_reader_choice;

typedef struct sdtm {
    bfl_arena *arena, *scratch, *row;
    bfl_limits limits;
    sdtm_reader_choice wanted; /* as asked for */
    sdtm_reader_choice chosen; /* as found in TU and TR */
    bfl_study_builder study;
    names texts, patients;
    names qualifiers; /* "TU\x1fsubject\x1fsequence number" -> the supplemental values of that row, the last first */
    names tumours;    /* "subject\x1fLNKID" -> tumour (tumour.c) */
    names starts;     /* subject -> bfl_date: study day 1 */
    BFL_LIST(sdtm_dataset *) datasets;
    struct tumours *tumour_data; /* tumour.h */
    const bfl_rulebook *rulebook;
    struct bfl_json_flat **json; /* the JSON text being read: the caller of the reader releases it */
    bool listed;                 /* DM named at least one subject */
    bool has_tu;                 /* there is a TU with rows */
    size_t files_seen, files_read;
    bfl_error first_problem;
} sdtm;

/* One supplemental value of a row. */
typedef struct sdtm_qualifier {
    const char *name, *value;
    const struct sdtm_qualifier *next;
} sdtm_qualifier;

/* One row on its way into the record. */
typedef struct sdtm_row {
    sdtm *s;
    const sdtm_dataset *d;
    const sdtm_line *line;
    const char *patient;
    bfl_builder *builder;
    const sdtm_qualifier *qualifiers;
} sdtm_row;

/* dataset.c: what a container reader calls. Names and cells may go afterwards. */
/* A new dataset, NULL (and an issue) when the file holds none that is read. */
sdtm_dataset *bfl_sdtm_dataset(sdtm *s, const char *file, const bfl_text *columns, size_t count);
void bfl_sdtm_line(sdtm *s, sdtm_dataset *d, uint32_t line, const bfl_text *cells);
/* The file cannot be read: an issue, and the status of the whole when no other file could be read. */
void bfl_sdtm_reject(sdtm *s, bfl_issue_code code, const char *file, uint32_t line, const char *found,
                     const char *expected);
const char *bfl_sdtm_id_text(sdtm_id id);
void bfl_sdtm_file_issue(sdtm *s, bfl_issue_code code, const char *file, uint32_t line, const char *column,
                         const char *found, const char *expected);

/* Containers. BFL_ELIMIT fails; everything else becomes an issue. */
bfl_status bfl_sdtm_file(sdtm *s, const char *file, bfl_text bytes, bfl_error *err); /* by content (read.c) */
bfl_status bfl_sdtm_csv(sdtm *s, const char *file, bfl_text bytes, bfl_error *err);
bfl_status bfl_sdtm_xpt(sdtm *s, const char *file, bfl_text bytes, bfl_error *err);
bool bfl_sdtm_is_xpt(bfl_text head);
bfl_status bfl_sdtm_json(sdtm *s, const char *file, bfl_text bytes, bfl_error *err); /* Dataset-JSON and its NDJSON */
bool bfl_sdtm_is_json(bfl_text head);

/* row.c: cells of a row. */
/* The cell, "" when it is empty or not there. Lives as long as the study. */
const char *bfl_sdtm_cell(const sdtm_row *w, sdtm_variable v);
/* Its supplemental qualifier, NULL when there is none. A text of more than 200 bytes goes on in QNAM1, QNAM2 ...; NOT STATED is "". */
const char *bfl_sdtm_qualifier(const sdtm_row *w, const char *qnam);
/* The qualifier when there is one, else what is given. */
const char *bfl_sdtm_said(const sdtm_row *w, const char *qnam, const char *otherwise);
/* A number that only a qualifier can say. */
bfl_maybe bfl_sdtm_said_number(const sdtm_row *w, const char *qnam);
bool bfl_sdtm_is(const sdtm_row *w, sdtm_variable v, const char *word);
bfl_date bfl_sdtm_date(const sdtm_row *w, sdtm_variable v);
/* --DTC, else --DY; reported when the two disagree. */
bfl_date bfl_sdtm_dated(const sdtm_row *w, sdtm_variable date, sdtm_variable day);
/* The date that a qualifier gives in the words of a record (d56..d90), else what is given. */
bfl_date bfl_sdtm_said_date(const sdtm_row *w, const char *qnam, bfl_date otherwise);
/* A statement from this row. Texts are those of the row or kept; BFLVALUE, BFLTEXT and BFLSTDAY say what the dataset has no place for. */
void bfl_sdtm_add_note(const sdtm_row *w, const char *topic, const char *value, const char *text, bfl_date date);
bfl_maybe bfl_sdtm_number(const sdtm_row *w, sdtm_variable v);
bfl_source bfl_sdtm_source(const sdtm_row *w);
/* VAR_COUNT = the row. */
void bfl_sdtm_issue(const sdtm_row *w, bfl_issue_code code, sdtm_variable v, const char *found, const char *expected);
/* Runs `read` on every usable row of every dataset of that kind: the subject known, DOMAIN right. */
typedef void (*sdtm_row_reader)(sdtm_row *w);
void bfl_sdtm_rows(sdtm *s, sdtm_id id, sdtm_row_reader read);
/* Text made of parts, kept once. */
const char *bfl_sdtm_keep(sdtm *s, bfl_text text);

/* The mapping. */
void bfl_sdtm_people(sdtm *s);    /* DM, SUPP--, EX, CM, PR (people.c) */
void bfl_sdtm_events(sdtm *s);    /* AE, DS, FA, CO (events.c) */
void bfl_sdtm_tumours(sdtm *s);   /* TU, TR (tumour.c) */
void bfl_sdtm_responses(sdtm *s); /* RS (response.c) */
void bfl_sdtm_labs(sdtm *s);      /* LB (lab.c) */
/* Whose measurements; BFL_ENOTFOUND when nobody's are those asked for (check.c). */
BFL_MUST_USE bfl_status bfl_sdtm_choose(sdtm *s, bfl_error *err);
/* Reports --BLFL = Y on two days for one lesion and test. */
void bfl_sdtm_check_baselines(sdtm *s);
/* Is the row one of the chosen reader's? */
bool bfl_sdtm_is_chosen(const sdtm_row *w);
void bfl_sdtm_check_keys(sdtm *s); /* --SEQ twice (check.c) */

/* In memory, for tests and fuzzers. */
BFL_MUST_USE bfl_status bfl_sdtm_parse(const bfl_table_bytes *files, size_t count, const bfl_sdtm_options *options,
                                       bfl_study **out, bfl_error *err);

#endif
