/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the SDTM writer: records become datasets in memory (write_*.c), and an encoding turns each dataset into a file
 * (encode_*.c). What a dataset has no variable for goes into its SUPP-- under a name that begins with BFL; the reader knows them.
 */
#ifndef BFL_SDTM_OUT_H
#define BFL_SDTM_OUT_H

#include "format/sdtm/sdtm.h"
#include "format/writer.h"

/* clang-format off */
/* Every dataset begins with STUDYID, DOMAIN and USUBJID, and all but DM go on with --SEQ.
 * X(COLUMN, "NAME", "Label of SDTMIG", TEXT or NUMBER) */
#define OUT_DM(X) \
    X(DM_SUBJID, "SUBJID", "Subject Identifier for the Study", TEXT) \
    X(DM_RFSTDTC, "RFSTDTC", "Subject Reference Start Date/Time", TEXT) \
    X(DM_RFXSTDTC, "RFXSTDTC", "Date/Time of First Study Treatment", TEXT) \
    X(DM_DTHDTC, "DTHDTC", "Date/Time of Death", TEXT) X(DM_DTHFL, "DTHFL", "Subject Death Flag", TEXT) \
    X(DM_BRTHDTC, "BRTHDTC", "Date/Time of Birth", TEXT) X(DM_AGE, "AGE", "Age", NUMBER) \
    X(DM_AGEU, "AGEU", "Age Units", TEXT) X(DM_SEX, "SEX", "Sex", TEXT) \
    X(DM_ARM, "ARM", "Description of Planned Arm", TEXT) X(DM_ACTARM, "ACTARM", "Description of Actual Arm", TEXT)
/* EX, CM and PR have the same variables here. */
#define OUT_TREATMENT(X, P) \
    X(P##_TRT, #P "TRT", "Name of Treatment", TEXT) X(P##_CAT, #P "CAT", "Category", TEXT) \
    X(P##_DOSE, #P "DOSE", "Dose", NUMBER) X(P##_DOSTXT, #P "DOSTXT", "Dose Description", TEXT) \
    X(P##_DOSU, #P "DOSU", "Dose Units", TEXT) X(P##_DOSFRQ, #P "DOSFRQ", "Dosing Frequency per Interval", TEXT) \
    X(P##_LOC, #P "LOC", "Location of Treatment", TEXT) \
    X(P##_STDTC, #P "STDTC", "Start Date/Time of Treatment", TEXT) \
    X(P##_ENDTC, #P "ENDTC", "End Date/Time of Treatment", TEXT) \
    X(P##_STDY, #P "STDY", "Study Day of Start of Treatment", NUMBER) \
    X(P##_ENDY, #P "ENDY", "Study Day of End of Treatment", NUMBER)
#define OUT_EX(X) OUT_TREATMENT(X, EX)
#define OUT_CM(X) OUT_TREATMENT(X, CM)
#define OUT_PR(X) OUT_TREATMENT(X, PR)
#define OUT_TU(X) \
    X(TU_LNKID, "TULNKID", "Link ID", TEXT) X(TU_TESTCD, "TUTESTCD", "Tumor/Lesion ID Short Name", TEXT) \
    X(TU_TEST, "TUTEST", "Tumor/Lesion ID Test Name", TEXT) X(TU_ORRES, "TUORRES", "Tumor/Lesion ID Result", TEXT) \
    X(TU_STRESC, "TUSTRESC", "Tumor/Lesion ID Result Std. Format", TEXT) \
    X(TU_LOC, "TULOC", "Location of the Tumor/Lesion", TEXT) X(TU_LAT, "TULAT", "Laterality", TEXT) \
    X(TU_METHOD, "TUMETHOD", "Method of Identification", TEXT) X(TU_EVAL, "TUEVAL", "Evaluator", TEXT) \
    X(TU_EVALID, "TUEVALID", "Evaluator Identifier", TEXT) X(TU_ACPTFL, "TUACPTFL", "Accepted Record Flag", TEXT) \
    X(TU_VISITNUM, "VISITNUM", "Visit Number", NUMBER) \
    X(TU_DTC, "TUDTC", "Date/Time of Tumor/Lesion Identification", TEXT) \
    X(TU_DY, "TUDY", "Study Day of Tumor/Lesion Identification", NUMBER)
#define OUT_TR(X) \
    X(TR_GRPID, "TRGRPID", "Group ID", TEXT) X(TR_LNKID, "TRLNKID", "Link ID", TEXT) \
    X(TR_TESTCD, "TRTESTCD", "Tumor/Lesion Assessment Short Name", TEXT) \
    X(TR_TEST, "TRTEST", "Tumor/Lesion Assessment Test Name", TEXT) \
    X(TR_ORRES, "TRORRES", "Result or Finding in Original Units", TEXT) \
    X(TR_ORRESU, "TRORRESU", "Original Units", TEXT) \
    X(TR_STRESC, "TRSTRESC", "Character Result/Finding in Std Format", TEXT) \
    X(TR_STRESN, "TRSTRESN", "Numeric Result/Finding in Standard Units", NUMBER) \
    X(TR_STRESU, "TRSTRESU", "Standard Units", TEXT) X(TR_STAT, "TRSTAT", "Completion Status", TEXT) \
    X(TR_REASND, "TRREASND", "Reason Not Done", TEXT) \
    X(TR_METHOD, "TRMETHOD", "Method Used to Identify the Tumor/Lesion", TEXT) X(TR_EVAL, "TREVAL", "Evaluator", TEXT) \
    X(TR_EVALID, "TREVALID", "Evaluator Identifier", TEXT) X(TR_ACPTFL, "TRACPTFL", "Accepted Record Flag", TEXT) \
    X(TR_VISITNUM, "VISITNUM", "Visit Number", NUMBER) X(TR_VISIT, "VISIT", "Visit Name", TEXT) \
    X(TR_DTC, "TRDTC", "Date/Time of Tumor/Lesion Measurement", TEXT) \
    X(TR_DY, "TRDY", "Study Day of Tumor/Lesion Measurement", NUMBER)
#define OUT_RS(X) \
    X(RS_TESTCD, "RSTESTCD", "Assessment Short Name", TEXT) X(RS_TEST, "RSTEST", "Assessment Name", TEXT) \
    X(RS_CAT, "RSCAT", "Category for Assessment", TEXT) X(RS_ORRES, "RSORRES", "Result or Finding in Original Units", TEXT) \
    X(RS_STRESC, "RSSTRESC", "Character Result/Finding in Std Format", TEXT) \
    X(RS_STAT, "RSSTAT", "Completion Status", TEXT) X(RS_REASND, "RSREASND", "Reason Not Done", TEXT) \
    X(RS_EVAL, "RSEVAL", "Evaluator", TEXT) X(RS_EVALID, "RSEVALID", "Evaluator Identifier", TEXT) \
    X(RS_ACPTFL, "RSACPTFL", "Accepted Record Flag", TEXT) X(RS_VISIT, "VISIT", "Visit Name", TEXT) \
    X(RS_DTC, "RSDTC", "Date/Time of Assessment", TEXT) X(RS_DY, "RSDY", "Study Day of Assessment", NUMBER)
#define OUT_LB(X) \
    X(LB_TESTCD, "LBTESTCD", "Lab Test or Examination Short Name", TEXT) \
    X(LB_TEST, "LBTEST", "Lab Test or Examination Name", TEXT) \
    X(LB_ORRES, "LBORRES", "Result or Finding in Original Units", TEXT) X(LB_ORRESU, "LBORRESU", "Original Units", TEXT) \
    X(LB_ORNRLO, "LBORNRLO", "Reference Range Lower Limit in Orig Unit", TEXT) \
    X(LB_ORNRHI, "LBORNRHI", "Reference Range Upper Limit in Orig Unit", TEXT) \
    X(LB_STRESC, "LBSTRESC", "Character Result/Finding in Std Format", TEXT) \
    X(LB_STRESN, "LBSTRESN", "Numeric Result/Finding in Standard Units", NUMBER) \
    X(LB_STRESU, "LBSTRESU", "Standard Units", TEXT) X(LB_STAT, "LBSTAT", "Completion Status", TEXT) \
    X(LB_REASND, "LBREASND", "Reason Test Not Done", TEXT) X(LB_LOINC, "LBLOINC", "LOINC Code", TEXT) \
    X(LB_METHOD, "LBMETHOD", "Method of Test or Examination", TEXT) \
    X(LB_DTC, "LBDTC", "Date/Time of Specimen Collection", TEXT) X(LB_DY, "LBDY", "Study Day of Specimen Collection", NUMBER)
#define OUT_AE(X) \
    X(AE_TERM, "AETERM", "Reported Term for the Adverse Event", TEXT) X(AE_DECOD, "AEDECOD", "Dictionary-Derived Term", TEXT) \
    X(AE_LOC, "AELOC", "Location of Event", TEXT) X(AE_TOXGR, "AETOXGR", "Standard Toxicity Grade", TEXT) \
    X(AE_STDTC, "AESTDTC", "Start Date/Time of Adverse Event", TEXT) \
    X(AE_STDY, "AESTDY", "Study Day of Start of Adverse Event", NUMBER)
#define OUT_DS(X) \
    X(DS_TERM, "DSTERM", "Reported Term for the Disposition Event", TEXT) \
    X(DS_DECOD, "DSDECOD", "Standardized Disposition Term", TEXT) \
    X(DS_STDTC, "DSSTDTC", "Start Date/Time of Disposition Event", TEXT) \
    X(DS_STDY, "DSSTDY", "Study Day of Start of Disposition Event", NUMBER)
#define OUT_FA(X) \
    X(FA_TESTCD, "FATESTCD", "Findings About Test Short Name", TEXT) X(FA_TEST, "FATEST", "Findings About Test Name", TEXT) \
    X(FA_OBJ, "FAOBJ", "Object of the Observation", TEXT) \
    X(FA_ORRES, "FAORRES", "Result or Finding in Original Units", TEXT) X(FA_ORRESU, "FAORRESU", "Original Units", TEXT) \
    X(FA_LOC, "FALOC", "Location of the Finding About", TEXT) X(FA_DTC, "FADTC", "Date/Time of Collection", TEXT) \
    X(FA_DY, "FADY", "Study Day of Collection", NUMBER)
#define OUT_CO(X) \
    X(CO_REF, "COREF", "Comment Reference", TEXT) X(CO_VAL, "COVAL", "Comment", TEXT) \
    X(CO_DTC, "CODTC", "Date/Time of Comment", TEXT) X(CO_DY, "CODY", "Study Day of Comment", NUMBER)
#define OUT_SUPP(X) \
    X(SUPP_IDVAR, "IDVAR", "Identifying Variable", TEXT) X(SUPP_IDVARVAL, "IDVARVAL", "Identifying Variable Value", TEXT) \
    X(SUPP_QNAM, "QNAM", "Qualifier Variable Name", TEXT) X(SUPP_QLABEL, "QLABEL", "Qualifier Variable Label", TEXT) \
    X(SUPP_QVAL, "QVAL", "Data Value", TEXT) X(SUPP_QORIG, "QORIG", "Origin", TEXT) X(SUPP_QEVAL, "QEVAL", "Evaluator", TEXT)
/* The datasets. X(ID, "label") */
#define OUT_DATASETS(X) \
    X(DM, "Demographics") X(EX, "Exposure") X(CM, "Concomitant/Prior Medications") X(PR, "Procedures") \
    X(TU, "Tumor/Lesion Identification") X(TR, "Tumor/Lesion Results") X(RS, "Disease Response and Clin Classification") \
    X(LB, "Laboratory Test Results") X(AE, "Adverse Events") X(DS, "Disposition") X(FA, "Findings About Events or Interventions") \
    X(CO, "Comments")
/* clang-format on */

#define OUT_ID(id, label) OUT_ID_##id,
typedef enum out_id { OUT_DATASETS(OUT_ID) OUT_ID_COUNT } out_id;

enum { OUT_STUDYID, OUT_DOMAIN, OUT_USUBJID, OUT_SEQ, OUT_FIRST, OUT_MOST_COLUMNS = 32 };
#define OUT_COLUMN(column, name, label, type) column,
enum { DM_BEFORE = OUT_USUBJID, OUT_DM(OUT_COLUMN) DM_END };
enum { EX_BEFORE = OUT_SEQ, OUT_EX(OUT_COLUMN) EX_END };
enum { CM_BEFORE = OUT_SEQ, OUT_CM(OUT_COLUMN) CM_END };
enum { PR_BEFORE = OUT_SEQ, OUT_PR(OUT_COLUMN) PR_END };
enum { TU_BEFORE = OUT_SEQ, OUT_TU(OUT_COLUMN) TU_END };
enum { TR_BEFORE = OUT_SEQ, OUT_TR(OUT_COLUMN) TR_END };
enum { RS_BEFORE = OUT_SEQ, OUT_RS(OUT_COLUMN) RS_END };
enum { LB_BEFORE = OUT_SEQ, OUT_LB(OUT_COLUMN) LB_END };
enum { AE_BEFORE = OUT_SEQ, OUT_AE(OUT_COLUMN) AE_END };
enum { DS_BEFORE = OUT_SEQ, OUT_DS(OUT_COLUMN) DS_END };
enum { FA_BEFORE = OUT_SEQ, OUT_FA(OUT_COLUMN) FA_END };
enum { CO_BEFORE = OUT_SEQ, OUT_CO(OUT_COLUMN) CO_END };
enum { SUPP_BEFORE = OUT_USUBJID, OUT_SUPP(OUT_COLUMN) SUPP_END };

typedef struct out_column {
    const char *name, *label;
    bool number;
} out_column;

typedef struct out_row {
    const char **cells; /* one a column; NULL = empty */
    const char *patient;
    bfl_source source; /* where the input had it */
} out_row;

typedef struct out_dataset {
    const char *name, *label; /* "TR", "SUPPTR" */
    const out_column *columns;
    size_t column_count;
    BFL_LIST(out_row) rows;
} out_dataset;

typedef struct out {
    bfl_writing *writing;
    bfl_arena *arena;
    out_dataset datasets[OUT_ID_COUNT], supplements[OUT_ID_COUNT];
    /* The subject at hand. */
    const bfl_record *record;
    const bfl_as_written *as;
    bfl_date start; /* study day 1; precision NONE when it is not known */
    size_t seq[OUT_ID_COUNT];
} out;

/* out.c. Texts are borrowed: they live as long as the study or the arena. */
void bfl_sdtm_out_begin(out *o, bfl_writing *writing);
/* A new row of the subject at hand; valid until the next one of that dataset. */
out_row *bfl_sdtm_out_row(out *o, out_id id, bfl_source source);
/* A text; more than SDTM_TEXT_SIZE bytes go whole into the qualifier `qnam` too (NULL: nowhere else). */
void bfl_sdtm_out_text(out *o, out_id id, out_row *row, int column, const char *text, const char *qnam);
void bfl_sdtm_out_number(out *o, out_row *row, int column, bfl_maybe number);
/* A supplemental value of the row; nothing for "" and NULL. */
void bfl_sdtm_out_qualify(out *o, out_id id, const out_row *row, const char *qnam, const char *value);
/* The same, and NOT STATED for "", when the value is not what a reader would take from the row itself. */
void bfl_sdtm_out_differs(out *o, out_id id, const out_row *row, const char *qnam, const char *value,
                          const char *taken);
void bfl_sdtm_out_qualify_number(out *o, out_id id, const out_row *row, const char *qnam, bfl_maybe number);
/* Writes a date as --DTC and --DY (column -1: none), as a qualifier when it is a range of days. */
typedef struct out_date {
    int dtc, dy;
    const char *qnam;
} out_date;
void bfl_sdtm_out_date(out *o, out_id id, out_row *row, out_date columns, bfl_date date);
/* How much of the text fits into one value: not in the middle of a character, nor beside white space, which readers trim. */
size_t bfl_sdtm_out_part(const char *text);

/* Whose measurements the row is (write_tumour.c). */
void bfl_sdtm_out_evaluator(const out *o, out_row *row, int evaluator, int id, int accepted);

/* write_*.c: the subject at hand. */
void bfl_sdtm_out_subject(out *o);
void bfl_sdtm_out_therapies(out *o);
void bfl_sdtm_out_lesions(out *o);
void bfl_sdtm_out_labs(out *o);
void bfl_sdtm_out_notes(out *o); /* and clinical facts, which adverse events bring with them */

/* encode_*.c */
typedef enum out_encoding { OUT_CSV, OUT_XPT, OUT_JSON, OUT_NDJSON } out_encoding;
bfl_text bfl_sdtm_out_csv(const out *o, const out_dataset *d);
bfl_text bfl_sdtm_out_xpt(const out *o, const out_dataset *d);
bfl_text bfl_sdtm_out_json(const out *o, const out_dataset *d, bool lines);

#endif
