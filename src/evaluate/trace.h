/* SPDX-License-Identifier: Apache-2.0 */
/* evaluate, inside: what every method said of one patient, and what is counted from many of them. */
#ifndef BFL_EVALUATE_TRACE_H
#define BFL_EVALUATE_TRACE_H

#include "evaluate/evaluate.h"

/* One visit at which bone looked worse. */
typedef struct bfl_question {
    int32_t day, therapy_day;
    bool progression; /* the truth */
    bfl_eval_call calls[BFL_EVAL_METHOD_COUNT];
    bool has_probability;
    double probability; /* of progression */
} bfl_question;

/* The first question before, or after, true progression, and when each method answered it rightly. */
typedef struct bfl_first_question {
    bool asked;
    int32_t day, open_until;                  /* last day on which the question was the same */
    int32_t right_day[BFL_EVAL_METHOD_COUNT]; /* INT32_MAX: never */
} bfl_first_question;

/* One patient, judged. */
typedef struct bfl_trace {
    const char *patient, *class_id;
    bool known; /* the truth is */
    bfl_question *questions;
    size_t question_count;
    bfl_first_question first[2];
    bool has_days;
    int32_t failed_day, end_day;             /* true progression anywhere; last visit */
    int32_t stop_day[BFL_EVAL_METHOD_COUNT]; /* first stop; INT32_MAX: never */
} bfl_trace;

/* ---- visit.c: the visits, and which of them ask ---- */
typedef struct bfl_eval_visit {
    int32_t day, before; /* of the visit, and of the one before */
    bool worse;          /* bone looks worse */
} bfl_eval_visit;
typedef BFL_LIST(bfl_eval_visit) bfl_eval_visits;
/* Imaging visits after the start of the first anticancer therapy, in order. */
bfl_eval_visits bfl_eval_visits_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);

/* ---- call.c: what each method says at a visit ---- */
typedef struct bfl_eval_said {
    bfl_eval_call calls[BFL_EVAL_METHOD_COUNT]; /* about bone */
    bool outside;                               /* PD outside bone */
    bool has_probability;
    double probability;
} bfl_eval_said;
bfl_eval_said bfl_eval_said_at(const bfl_assessment *assessment, const bfl_eval_visit *visit);

/* ---- follow.c: one patient through all visits ---- */
/* Room for that many questions must be there: more than a record can ask. */
size_t bfl_eval_most_questions(const bfl_record *record);
/* Fills `out`, whose `questions` have room. */
bfl_status bfl_eval_follow(const bfl_record *record, const bfl_eval_truth *truth, const bfl_rulebook *rulebook,
                           bool question_only, bfl_trace *out, bfl_error *err);

/* ---- measure.c: traces to results ---- */
/* Patients, and which of their questions count: those with after < day of therapy <= to. */
typedef struct bfl_traces {
    const bfl_trace *const *items;
    size_t count;
    int32_t after, to;
} bfl_traces;
bool bfl_eval_counts(const bfl_traces *traces, const bfl_question *question);
/* What every measure needs to know. */
typedef struct bfl_measure {
    bfl_arena *arena;
    const bfl_rulebook *rulebook;
    double level;
    uint64_t seed;
    bool days; /* days lost and times to the right answer are asked for */
} bfl_measure;
void bfl_eval_measure(const bfl_measure *m, bfl_traces traces, bfl_eval_method method, bfl_eval_result *out);
/* Events among trials of each patient, as a share with its interval. */
typedef struct bfl_tally {
    double *events, *trials; /* one a patient */
    size_t count;
} bfl_tally;
bfl_eval_number bfl_eval_share(const bfl_measure *m, bfl_tally tally, uint32_t purpose);

/* ---- calibrate.c: the probability ---- */
/* Questions, patient after patient: probabilities and truths; no probability counts as the lowest there is. */
typedef struct bfl_forecasts {
    double *probability;
    bool *progression;
    size_t count, without;
    size_t *first; /* of each patient; first[patients] = count */
    size_t patients;
} bfl_forecasts;
bfl_forecasts bfl_eval_forecasts(const bfl_measure *m, bfl_traces traces);
/* Below, `pick` draws patients; NULL: every patient once. */
bfl_num_real bfl_eval_brier(const bfl_forecasts *f, const uint32_t *pick);
/* Area under the curve with ties as one half; missing with one class. */
bfl_num_real bfl_eval_auc(bfl_arena *arena, const bfl_forecasts *f, const uint32_t *pick);
/* Logistic regression of the truth on the logit; missing with one class, one probability, or classes that do not overlap. */
typedef struct bfl_recalibration {
    bfl_num_real slope, intercept;
} bfl_recalibration;
bfl_recalibration bfl_eval_recalibrate(bfl_arena *arena, const bfl_forecasts *f, const uint32_t *pick);
/* All four of a group, with bootstrap intervals. */
void bfl_eval_calibrate(const bfl_measure *m, const bfl_forecasts *f, bfl_eval_group *out);
const bfl_eval_bin *bfl_eval_reliability(const bfl_measure *m, const bfl_forecasts *f, size_t *count);
const bfl_eval_threshold *bfl_eval_decision_curve(const bfl_measure *m, bfl_traces traces, size_t *count);

/* ---- bootstrap.c ---- */
/* The value of a resample: pick[i] is the index of the i-th patient drawn. */
typedef bfl_num_real (*bfl_statistic)(void *context, const uint32_t *pick);
/* Percentile interval over the resamples in which the value could be computed; none when that is fewer than half. */
void bfl_eval_bootstrap(const bfl_measure *m, size_t n, uint32_t purpose, bfl_statistic value, void *context,
                        bfl_eval_number *out);

/* ---- ablate.c ---- */
/* Groups of evidence in the rulebook, in order of name. */
typedef BFL_LIST(const char *) bfl_eval_names;
bfl_eval_names bfl_eval_evidence_groups(bfl_arena *arena, const bfl_rulebook *rulebook);
/* An overlay under which every finding of the group says nothing. */
const char *bfl_eval_overlay_without(bfl_arena *arena, const bfl_rulebook *rulebook, const char *group);

/* ---- writers ---- */
void bfl_eval_write_text(bfl_buf *out, const bfl_evaluation *e, bool markdown);
/* The reliability plot, or the decision curve, as an SVG document. */
void bfl_eval_draw(bfl_buf *out, const bfl_evaluation *e, bool curve);
void bfl_eval_write_json(bfl_buf *out, const bfl_evaluation *e);
void bfl_eval_write_csv(bfl_buf *out, const bfl_evaluation *e);

#endif
