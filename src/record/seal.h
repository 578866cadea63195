/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the record room: rows as they wait for sealing, and the steps of sealing. */
#ifndef BFL_RECORD_SEAL_H
#define BFL_RECORD_SEAL_H

#include "record/record.h"

/* A row with what sealing will replace. `dropped`: a repeated or contradicting row that the record leaves out. */
typedef struct therapy_row {
    bfl_therapy row;
    bfl_date start, stop;
    bool dropped;
} therapy_row;
typedef struct lesion_row {
    bfl_lesion row;
    bfl_date date;
    bool dropped;
} lesion_row;
typedef struct lab_row {
    bfl_lab row;
    bfl_date date;
    bfl_maybe low, high;
} lab_row;
typedef struct clinical_row {
    bfl_clinical row;
    bfl_date date;
    bool dropped;
} clinical_row;
typedef struct molecular_row {
    bfl_molecular row;
    bfl_date date;
    bool dropped;
} molecular_row;
typedef struct pathology_row {
    bfl_pathology row;
    bfl_date date;
    bool dropped;
} pathology_row;

/* Where day 0 is. */
typedef struct anchor {
    bool calendar;      /* day 0 has a calendar date, perhaps a partial one */
    bfl_date date;      /* that date */
    bool from_patients; /* patients.day0 said so */
    bool from_drug;     /* the first anticancer drug says so */
} anchor;

struct bfl_builder {
    bfl_arena *scratch;
    bfl_patient patient;
    bfl_date day0;
    anchor anchor;
    BFL_LIST(therapy_row) therapies;
    BFL_LIST(lesion_row) lesions;
    BFL_LIST(lab_row) labs;
    BFL_LIST(clinical_row) clinicals;
    BFL_LIST(molecular_row) moleculars;
    BFL_LIST(pathology_row) pathologies;
    BFL_LIST(bfl_note) notes;
    bfl_issue_list issues;
};

/* What every step works on: long-lived memory for what the record keeps, and the builder. */
typedef struct seal {
    bfl_arena *arena;
    bfl_builder *b;
} seal;

/* issue: for this patient. */
void bfl_seal_issue(const seal *s, bfl_issue_code code, bfl_source source, const char *column, const char *found,
                    const char *expected);

/* timeline.c: day 0, and every event in days from it. */
void bfl_seal_timeline(const seal *s);
/* Calendar day of a day of the record, as "2019-04-04 (day 41)" or "day 41". */
const char *bfl_seal_day_text(const seal *s, int32_t day);

/* Checks of one kind of row, after the timeline is known and rows are sorted; they may drop rows. */
void bfl_seal_patient(const seal *s);
void bfl_seal_therapies(const seal *s);
void bfl_seal_lesions(const seal *s);
void bfl_seal_labs(const seal *s);
void bfl_seal_clinicals(const seal *s);
void bfl_seal_moleculars(const seal *s);
void bfl_seal_pathologies(const seal *s);
void bfl_seal_notes(const seal *s);

/* therapy.c: what is known of the drug and the intent; needed before the timeline. */
void bfl_seal_drugs(const seal *s);

/* Are two texts of a row the same? */
bool bfl_seal_same(const char *a, const char *b);
bool bfl_seal_same_maybe(bfl_maybe a, bfl_maybe b);
/* Earlier first, unknown last. */
int bfl_seal_compare_when(bfl_when a, bfl_when b);
int bfl_seal_compare_source(bfl_source a, bfl_source b);
/* Day of the last dated event, INT32_MIN when there is none (view.c). */
int32_t bfl_record_last_day(const bfl_record *record);
/* Reports `later` as a repetition of `earlier`. */
void bfl_seal_duplicate(const seal *s, bfl_source earlier, bfl_source later);

#endif
