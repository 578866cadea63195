/* SPDX-License-Identifier: Apache-2.0 */
/* Inside cohort: the study while it is being made, and what its parts share. */
#ifndef BFL_COHORT_STUDY_H
#define BFL_COHORT_STUDY_H

#include "cohort/cohort.h"

typedef BFL_LIST(const char *) text_list;

/* The cohort while it is being made. Everything lies in its arena. */
typedef struct making {
    bfl_arena *arena;
    bfl_cohort *out;
    const bfl_study *study;
    const bfl_rulebook *rulebook;
    bfl_cohort_options options; /* defaults filled in */
    bfl_endpoint_options policies;
    BFL_LIST(bfl_cohort_patient) patients;
    text_list by_values; /* beside patients: the value that divides them, "" when not stated */
    text_list genes;     /* seen in the records */
    size_t bone_count;   /* patients with bone metastases at baseline; once all are in */
    BFL_LIST(bfl_cohort_table) tables;
    text_list remarks;
} making;

/* ---- patient.c: one record to one row ---- */

/* What was worked out about one record, in an arena that is reused. */
typedef struct findings {
    const bfl_record *record;
    const bfl_criteria *criteria;
    const bfl_markers *markers;
    const bfl_verdict *verdict;
    const bfl_endpoints **endpoints; /* one for each criterion */
} findings;
/* Appends the row; what it needs is copied. */
void cohort_add_patient(making *m, const findings *f);
/* The line of a marker figure, if this counts as a flare or not. */
bfl_course_group cohort_course_group(const making *m, const bfl_cohort_patient *p, bool is_flare);

/* ---- call.c: the verdict over time to one word, and other definitions of a flare ---- */

void cohort_call_flare(const findings *f, bfl_cohort_patient *row);
/* Who has a flare, and when, becomes what the source says (options.flares). */
void cohort_take_statement(bfl_cohort_patient *row);

/* ---- variable.c: what patients can be divided by ---- */

/* The value of a variable, "" when it is not stated. Genes: only the one that divides the study. */
const char *cohort_value(const making *m, size_t patient, const char *variable);
bool cohort_variable_known(const char *variable);
/* Result of a gene's tests up to day 0: "positive", "negative", "". */
const char *cohort_gene(const bfl_record *record, const char *gene);
/* Name of a group, "all" for BFL_COHORT_ALL. */
const char *cohort_group_name(const making *m, size_t group);
bool cohort_in_group(const bfl_cohort_patient *p, size_t group);
/* The i-th of: everybody, then each group; false past the end. */
bool cohort_next_group(const making *m, size_t i, size_t *group);
/* How many groups have a stated value: those that are compared. */
size_t cohort_stated_groups(const making *m);
/* Fills out->groups and each patient's group. */
void cohort_form_groups(making *m);
/* The distinct values of a variable, the most frequent first, then by name; counts beside them. "" is left out. */
typedef struct levels {
    const char **names;
    size_t *counts;
    size_t count;
} levels;
levels cohort_levels(const making *m, const char *variable);
/* Patients with bone metastases at baseline; everybody when nobody has any. */
bool cohort_in_bone_set(const making *m, const bfl_cohort_patient *p);
/* What counts as a flare, in words. */
const char *cohort_flare_words(const making *m);
/* Of whom that is, a sentence. */
const char *cohort_bone_words(const making *m);

/* ---- table.c ---- */

typedef struct table {
    making *m;
    bfl_cohort_table face;
    text_list columns;
    BFL_LIST(bfl_cell) cells;
} table;
/* Columns separated by spaces; further ones may follow. */
table cohort_table_begin(making *m, const char *id, const char *title, const char *columns);
void cohort_table_column(table *t, const char *name);
void cohort_table_end(table *t, const char *note);
void put_text(table *t, const char *text);
void put_count(table *t, uint64_t count);
/* As a reader sees it with so many places. */
void put_number(table *t, double value, int places);
void put_real(table *t, bfl_real value, int places, const char *why_missing);
void put_p(table *t, double p);
void put_missing(table *t, const char *why);
/* n times missing */
void put_gap(table *t, size_t n, const char *why);
void put_maybe(table *t, bfl_maybe value);

/* ---- number.c ---- */

/* The number in at most 10 digits, in plain notation or with an exponent; never in the host's locale. */
void bfl_cohort_digits(bfl_buf *buf, double value);
const char *cohort_fixed(bfl_arena *arena, double value, int places);
bfl_real real_of(bfl_num_real r);
bfl_real real_some(double value);
/* "" when the state is OK, else its words. */
const char *state_words(bfl_num_state state);
bfl_num_real num_of_maybe(bfl_maybe value);

/* ---- the parts of the study, in the order of the tables ---- */

void cohort_describe(making *m);  /* describe.c: baseline */
void cohort_respond(making *m);   /* response.c: responses, flares */
void cohort_onset(making *m);     /* onset.c: time to flare */
void cohort_markers(making *m);   /* marker.c: serial markers */
void cohort_survive(making *m);   /* survival.c: Kaplan-Meier, log-rank */
void cohort_model(making *m);     /* cox.c */
void cohort_landmark(making *m);  /* landmark.c */
void cohort_forest(making *m);    /* forest.c */
void cohort_agree(making *m);     /* agreement.c */
void cohort_published(making *m); /* published.c: what the source printed, beside ours */
void cohort_list(making *m);      /* list.c: a row a patient */

/* ---- survival.c, for landmark and forest ---- */

/* A sentence about what could not be done. */
void cohort_remark(making *m, const char *text);

/* What came first in a patient, a bfl_flare_cause or 0, and on which day (onset.c). */
uint8_t cohort_first_event(const bfl_cohort_patient *p, int32_t *day);

/* ---- write.c: from the cohort to a sink ---- */

/* A text that is handed on in pieces. */
typedef struct writer {
    bfl_arena *arena;
    bfl_buf text;
    bfl_out out;
} writer;
typedef void (*write_body)(writer *w, const void *what);
bfl_status cohort_write(write_body body, const void *what, bfl_sink sink, bfl_error *err);
/* Hands on what has gathered, once it is worth it. */
void cohort_flush(writer *w);

/* Times of some patients as arrays. */
typedef struct time_set {
    bfl_num_times times;
    uint32_t *group; /* of the study; index of the patient in `who` */
    size_t *who;
} time_set;
/* Patients with the endpoint derived, of whom `keep` (NULL: all) says yes. */
time_set cohort_times(const making *m, bfl_cohort_endpoint endpoint,
                      bool (*keep)(const making *m, size_t patient, const void *context), const void *context);
bfl_cohort_curve cohort_curve(making *m, const bfl_num_times *times, bfl_cohort_endpoint endpoint, size_t group);
bfl_cohort_test cohort_test(const bfl_num_log_rank_test *t);

/* A covariate of a Cox model while it is put together. */
typedef struct design {
    text_list names;
    BFL_LIST(double *) columns;
    size_t n;
} design;
double *design_add(making *m, design *d, const char *name);
/* Row by row, as the model takes it. */
double *design_matrix(making *m, const design *d);

#endif
