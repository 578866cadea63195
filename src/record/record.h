/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record: one patient's timeline. A format reader appends raw rows with their dates as written; sealing finds day 0, places
 * every event on the timeline, sorts, and checks facts against each other. Afterwards nothing changes.
 */
#ifndef BFL_RECORD_RECORD_H
#define BFL_RECORD_RECORD_H

#include "base/base.h"
#include "terms/terms.h"
#include <boneflare/record.h>

/* ---- issues (issue.c) ---- */

/*
 * Every problem that reading or sealing can report, and nothing else can be reported: X(SUFFIX, code, severity, action).
 * ERROR = the fact cannot be used; WARNING = two facts disagree or one looks odd, used as written; NOTE = worth knowing.
 * docs/case-folder.md and docs/sdtm.md explain each; tests/cases/broken and broken_sdtm show each.
 */
/* clang-format off */
#define BFL_ISSUES(X) \
    X(FILE_EMPTY, "file.empty", NOTE, "delete the file or write its header row") \
    X(FILE_HEADER_ONLY, "file.header_only", NOTE, "nothing to do if there is nothing to say") \
    X(FILE_BOM, "file.bom", NOTE, "nothing to do; \"UTF-8 without BOM\" avoids the note") \
    X(FILE_ENCODING, "file.encoding", ERROR, "save the table again as CSV UTF-8") \
    X(FILE_NOT_CSV, "file.not_csv", ERROR, "save the table again as CSV (comma separated, UTF-8)") \
    X(FILE_SEPARATOR, "file.separator", ERROR, "save the table again with commas between the columns") \
    X(FILE_COLUMN_MISSING, "file.column_missing", ERROR, "add the column; 'boneflare template DIR' writes every header") \
    X(FILE_COLUMN_TWICE, "file.column_twice", WARNING, "remove one of the two; the first is used") \
    X(FILE_COLUMN_UNKNOWN, "file.column_unknown", NOTE, "correct the name if it was meant to be read") \
    X(FILE_UNKNOWN, "file.unknown", WARNING, "rename the file if it was meant to be read") \
    X(FILE_PATIENTS_MISSING, "file.patients_missing", NOTE, "add patients.csv when sex, age, stage or death are known") \
    X(ROW_ENCODING, "row.encoding", ERROR, "type the row's special characters again and save as UTF-8; the row is not used") \
    X(ROW_QUOTE, "row.quote", ERROR, "put the whole field in double quotes and double every quote inside; the row is not used") \
    X(ROW_FIELDS, "row.fields", ERROR, "put fields that hold a comma in double quotes; the row is not used") \
    X(ROW_CELL_MISSING, "row.cell_missing", ERROR, "fill in the cell; the row is not used") \
    X(ROW_PATIENT_UNKNOWN, "row.patient_unknown", ERROR, "correct the id or add the patient to patients.csv; the row is not used") \
    X(ROW_DUPLICATE, "row.duplicate", WARNING, "delete one of the two rows; the second is not used") \
    X(WORD_UNKNOWN, "word.unknown", ERROR, "use a word of the list; the cell counts as not stated") \
    X(NUMBER_UNREADABLE, "number.unreadable", ERROR, "write the number alone; the cell counts as not stated") \
    X(NUMBER_DECIMAL_COMMA, "number.decimal_comma", ERROR, "write a decimal point and no grouping; the cell is not used") \
    X(NUMBER_RANGE, "number.range", ERROR, "correct the number; the cell counts as not stated") \
    X(DATE_UNREADABLE, "date.unreadable", ERROR, "write the date in one of these forms; the event has no place in time") \
    X(DATE_YEAR, "date.year", ERROR, "correct the year; the event has no place in time") \
    X(DATE_MISSING, "date.missing", ERROR, "add the date, as far as it is known; without one the event has no place in time") \
    X(DATE_UNDATED, "date.undated", NOTE, "add the date if it is known; it is kept and used only where time does not matter") \
    X(DATE_PARTIAL, "date.partial", NOTE, "add the day if it is known; the event counts from the last possible day") \
    X(DATE_NO_CALENDAR, "date.no_calendar", ERROR, "give the drug start or patients.day0 as a calendar date") \
    X(DATE_BEFORE_BIRTH, "date.before_birth", WARNING, "correct one of the two dates; both are used as written") \
    X(DATE_AFTER_DEATH, "date.after_death", WARNING, "correct one of the two dates; both are used as written") \
    X(PATIENT_TWICE, "patient.twice", ERROR, "give each patient one row; the second is not used") \
    X(PATIENT_AGE, "patient.age", WARNING, "correct the age or the birth date; both are kept as written") \
    X(PATIENT_TNM, "patient.tnm", WARNING, "check the category or the edition with the source; kept as written") \
    X(PATIENT_NO_DAY0, "patient.no_day0", WARNING, "add the drug to therapy.csv or fill in patients.day0; days count from the first dated event") \
    X(PATIENT_DAY0_PARTIAL, "patient.day0_partial", WARNING, "add the exact start; every calendar date is only known as a range of days") \
    X(THERAPY_DRUG_UNKNOWN, "therapy.drug_unknown", WARNING, "check the spelling; class and intent are taken from their columns") \
    X(THERAPY_CLASS, "therapy.class", WARNING, "correct the drug or the class; the class is used as written") \
    X(THERAPY_INTENT_MISSING, "therapy.intent_missing", ERROR, "fill in intent; the row cannot count as a treatment of the cancer") \
    X(THERAPY_STOP_BEFORE_START, "therapy.stop_before_start", ERROR, "correct one of the two dates; the stop date is not used") \
    X(THERAPY_DOSE, "therapy.dose", WARNING, "check the dose with the source; kept as written") \
    X(LESION_SITE_CHANGES, "lesion.site_changes", WARNING, "give different lesions different ids, one lesion one site; used as one lesion") \
    X(LESION_ORGAN_CHANGES, "lesion.organ_changes", WARNING, "give different lesions different ids, one lesion one organ; used as one lesion") \
    X(LESION_SIZE_NEGATIVE, "lesion.size_negative", ERROR, "correct the size; it is not used") \
    X(LESION_SIZE_ZERO, "lesion.size_zero", WARNING, "write state absent for a lesion that has gone; used as written") \
    X(LESION_SIZE_IMPLAUSIBLE, "lesion.size_implausible", WARNING, "check the unit, sizes are in mm; used as written") \
    X(LESION_SIZE_MISSING, "lesion.size_missing", WARNING, "add a size, or state too_small, present or not_evaluable; used without a size") \
    X(LESION_GROWTH_UNSAID, "lesion.growth_unsaid", WARNING, "say in the column change what the reader sees (larger, lytic_growth, denser, stable ...); the verdict does not use the size") \
    X(LESION_STATE_SIZE, "lesion.state_size", WARNING, "correct the state or the size; both are used as written") \
    X(LESION_AXES, "lesion.axes", WARNING, "check whether the two were exchanged; used as written") \
    X(LESION_CONFLICT, "lesion.conflict", WARNING, "delete the wrong row; the first is used, the second is not") \
    X(LAB_ANALYTE_UNKNOWN, "lab.analyte_unknown", ERROR, "check the spelling, or give the LOINC code; the value is kept and not used") \
    X(LAB_VALUE, "lab.value", ERROR, "write a number, <number, >number or one of the words; the value is not used") \
    X(LAB_UNIT_MISSING, "lab.unit_missing", ERROR, "add the unit printed beside the value; the value is not used") \
    X(LAB_UNIT_IMPOSSIBLE, "lab.unit_impossible", ERROR, "correct the unit or the analyte; the value is not used") \
    X(LAB_UNIT_ODD, "lab.unit_odd", NOTE, "check the unit with the source; used as written") \
    X(LAB_NO_RANGE, "lab.no_range", NOTE, "add the range of the laboratory that measured it; without one the usual range of adults stands in, where there is one") \
    X(LAB_RANGE_ORDER, "lab.range_order", ERROR, "check whether the two were exchanged; the range is not used") \
    X(LAB_RANGE_SCALE, "lab.range_scale", WARNING, "check method, unit and range with the source; the value is compared with its own range only") \
    X(LAB_IMPLAUSIBLE, "lab.implausible", WARNING, "check the digits and the unit; used as written") \
    X(LAB_CONFLICT, "lab.conflict", WARNING, "delete the wrong row; the first is used, the second is not") \
    X(CLINICAL_ITEM_UNKNOWN, "clinical.item_unknown", NOTE, "check the spelling; kept, and no rule reads it") \
    X(CLINICAL_VALUE, "clinical.value", ERROR, "use one of the values of the item; kept, and not used") \
    X(CLINICAL_CONFLICT, "clinical.conflict", WARNING, "delete the wrong row; both are used as written") \
    X(MOLECULAR_CONFLICT, "molecular.conflict", WARNING, "delete the wrong row; both are used as written") \
    X(NOTE_DAY_COUNT, "note.day_count", WARNING, "check the date, the start and the printed count; the date is used") \
    X(NOTE_ORDER, "note.order", WARNING, "check both dates with the source; both are kept as written") \
    X(NOTE_START_DIFFERS, "note.start_differs", WARNING, "check both dates with the source; the therapy table is used") \
    X(NOTE_CONTRADICTION, "note.contradiction", WARNING, "check with the source which is right; both are kept, neither is trusted") \
    X(SDTM_NOT_READ, "sdtm.dataset", NOTE, "nothing to do unless the dataset should count") \
    X(SDTM_XPT, "sdtm.xpt", ERROR, "export the dataset again as a SAS transport file of version 5; it is not used") \
    X(SDTM_JSON, "sdtm.json", ERROR, "export the dataset again as Dataset-JSON 1.1; it is not used") \
    X(SDTM_VARIABLES, "sdtm.variables", NOTE, "nothing to do unless a variable should count") \
    X(SDTM_NAME, "sdtm.name", WARNING, "shorten the name; it is read as written") \
    X(SDTM_DOMAIN, "sdtm.domain", ERROR, "move the row to its own dataset; it is not used") \
    X(SDTM_KEY_TWICE, "sdtm.key_twice", WARNING, "number the rows of a subject anew; both are used") \
    X(SDTM_SUPP, "sdtm.supp", ERROR, "point to the parent row by its sequence number; the qualifier is not used") \
    X(SDTM_NOT_IN_TU, "sdtm.not_in_tu", WARNING, "add the lesion to TU or correct its name; the row is used without a place") \
    X(SDTM_EVALUATOR, "sdtm.evaluator", NOTE, "choose another evaluator if another reading is meant") \
    X(SDTM_TERM, "sdtm.term", WARNING, "use a controlled term; kept as written, and no rule reads it") \
    X(SDTM_STUDY_DAY, "sdtm.study_day", WARNING, "correct the study day or the date; the date is used") \
    X(SDTM_STANDARD, "sdtm.standard", WARNING, "correct the standardised result; the result as collected is used") \
    X(SDTM_UNIT, "sdtm.unit", ERROR, "give the unit; the value is not used") \
    X(SDTM_SUM, "sdtm.sum", WARNING, "correct the sum or the sizes; sums are derived from the sizes") \
    X(SDTM_BELOW_MEASURABLE, "sdtm.below_measurable", WARNING, "check the size and the role with the source; used as written") \
    X(SDTM_BEFORE_BASELINE, "sdtm.before_baseline", WARNING, "check both dates with the source; used as written") \
    X(SDTM_TWO_BASELINES, "sdtm.two_baselines", WARNING, "flag one row; dates decide what the baseline is")
/* clang-format on */
#define BFL_ENUM_CODE(name, code, severity, action) BFL_CODE_##name,
typedef enum bfl_issue_code { BFL_ISSUES(BFL_ENUM_CODE) BFL_CODE_COUNT } bfl_issue_code;

typedef BFL_LIST(bfl_issue) bfl_issue_list;

/* Where an issue is: patient "" = the whole study; column "" = the row. */
typedef struct bfl_place {
    const char *patient;
    bfl_source source;
    const char *column;
} bfl_place;

/* Code text of an issue, "lab.unit_missing". */
const char *bfl_issue_code_text(bfl_issue_code code);
/* Appends an issue. `found` and `expected` must live as long as the issues; NULL = nothing to say. */
void bfl_issue_add(bfl_arena *arena, bfl_issue_list *list, bfl_issue_code code, bfl_place place, const char *found,
                   const char *expected);
/* Orders issues by file, row, column, code. */
void bfl_issue_sort(bfl_arena *arena, bfl_issue_list *list);
/* Text fit to be shown in a message: one line, valid UTF-8, other bytes as \xE9, cut after about 60 bytes. */
const char *bfl_issue_quote(bfl_arena *arena, bfl_text text);

/* ---- building (build.c, seal.c) ---- */

typedef struct bfl_builder bfl_builder;

/* A date that was written, could not be read, and has been reported: sealing does not report it as missing again. */
#define BFL_DATE_REPORTED ((bfl_date){1, 1, BFL_DATE_NONE})
#define BFL_NO_DATE ((bfl_date){0, 0, BFL_DATE_NONE})

/*
 * Begins a record. Rows live in `scratch` until the record is sealed; texts in rows are borrowed and must live as long as the
 * sealed record (a NULL text means ""). Each add function returns a zeroed row to fill in, valid until the next add.
 */
bfl_builder *bfl_record_begin(bfl_arena *scratch, const char *patient_id);
bfl_patient *bfl_record_patient(bfl_builder *builder);
/* patients.day0 as written: counts days from there instead of from the first anticancer drug. */
void bfl_record_set_day0(bfl_builder *builder, bfl_date day0);
/* Fill in drug, class_id, intent (NONE: that of the known drug), dose ... `known`, start and stop are found by sealing. */
bfl_therapy *bfl_record_add_therapy(bfl_builder *builder, bfl_date start, bfl_date stop);
/* Everything but `when`. A size without a state means state MEASURED. */
bfl_lesion *bfl_record_add_lesion(bfl_builder *builder, bfl_date date);
/* Fill in name, written, unit_text, method, note, source, and ref_low/ref_high in the row's own unit; sealing does the rest. */
bfl_lab *bfl_record_add_lab(bfl_builder *builder, bfl_date date);
bfl_clinical *bfl_record_add_clinical(bfl_builder *builder, bfl_date date);
bfl_molecular *bfl_record_add_molecular(bfl_builder *builder, bfl_date date);
bfl_pathology *bfl_record_add_pathology(bfl_builder *builder, bfl_date date);
/* Everything but `when`; the date goes into the row. */
bfl_note *bfl_record_add_note(bfl_builder *builder);
/* Issues that the reader found; sealing adds its own. */
bfl_issue_list *bfl_record_issues(bfl_builder *builder);

/* What sealing turned into days and canonical units, as it was written, in the order of the record's arrays. For writers. */
typedef struct bfl_as_written {
    bfl_date day0;
    const bfl_date *therapy_starts, *therapy_stops, *lesions, *labs, *clinicals, *moleculars, *pathologies;
    const bfl_maybe *lab_lows, *lab_highs;
} bfl_as_written;

/*
 * Seals: finds day 0, places every event, checks, drops repeated rows, sorts. The builder is spent.
 * Day 0 is patients.day0, else the first start of an anticancer drug; a record that gives neither counts from its first dated
 * event and says so (patient.no_day0): rules about time on therapy must look at the therapies, not at the day alone.
 * Relative dates need no calendar; calendar dates need day 0 to have one. last_day leaves notes out: they are only statements.
 */
const bfl_record *bfl_record_seal(bfl_arena *arena, bfl_builder *builder, const bfl_as_written **written);

/* Contradictions among statements (same topic, different values), reported in row order (note.c). */
void bfl_notes_compare(bfl_arena *arena, const bfl_note *notes, size_t count, const char *patient,
                       bfl_issue_list *issues);

/* ---- views (view.c) ---- */

/* The record as known on `day`: later events left out (events without a usable date too; undated facts of patient table stay).
 * A stop or a death after that day is not known yet either. Issues stay. Event indices are those of the new record.
 * Returns `record` itself when nothing is left out. */
const bfl_record *bfl_record_as_of(bfl_arena *arena, const bfl_record *record, int32_t day);

/* A record as known on one day after another: what a day brings is added to what was known. */
typedef struct bfl_unfolding {
    const bfl_record *whole;
    bfl_record then; /* as known on `day` */
    bfl_therapy *therapies;
    bfl_arena *scratch;
    bool in_order; /* every list is: what is known is its front */
    int32_t day;
} bfl_unfolding;
/* As known on a day. */
bfl_unfolding *bfl_record_unfold(bfl_arena *arena, const bfl_record *record, int32_t day);
/* As bfl_record_as_of() of a day not before the last one asked for; stays until the next one is asked for. */
const bfl_record *bfl_record_unfold_to(bfl_unfolding *unfolding, int32_t day);
/* The next day with an event: neither of a therapy nor of a note; INT32_MAX when there is none. */
int32_t bfl_record_next_day(const bfl_unfolding *unfolding);

/* The anticancer drug therapy in force on `day`: the one with the latest start at or before it, among those not stopped
 * before it; NULL when there is none. */
const bfl_therapy *bfl_record_therapy_on(const bfl_record *record, int32_t day);

/* The first clinical row up to `day` that says bone metastases were diagnosed (item bone_metastasis, yes): disease that was
 * known, though no image here shows it. SIZE_MAX when there is none. */
size_t bfl_record_bone_diagnosis(const bfl_record *record, int32_t day);

/* The number of the lesion that each row is about, from 0 in the order in which they are first named; *count of them. Rows of
 * one id are of one lesion. Those without an id: of one, or (by_place) told apart by site, as written, and organ. */
const uint32_t *bfl_record_lesion_numbers(bfl_arena *arena, const bfl_record *record, bool by_place, size_t *count);

/* Is the site name the same place? ASCII case and white space ignored ("left 4th rib" = "Left  4th rib"). */
bool bfl_site_same(const char *a, const char *b);

#endif
