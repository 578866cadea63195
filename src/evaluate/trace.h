/* SPDX-License-Identifier: Apache-2.0 */
/* evaluate, inside: what every method said of one patient, and what is counted from many of them. */
#ifndef BFL_EVALUATE_TRACE_H
#define BFL_EVALUATE_TRACE_H

#include "evaluate/evaluate.h"

/* One patient, judged. */
typedef struct bfl_trace {
    const char *patient, *class_id;
    bool known;          /* the truth is */
    bool asked, outside; /* a question came; one came, but with PD outside bone */
    bool progression;    /* the truth at the question */
    int32_t question_day, therapy_day;
    bfl_eval_call calls[BFL_EVAL_METHOD_COUNT];
    bool has_probability;
    double probability; /* of progression at the question */
    bool has_days;
    int32_t failed_day, end_day;              /* true progression anywhere; last visit */
    int32_t stop_day[BFL_EVAL_METHOD_COUNT];  /* first stop; INT32_MAX: never */
    int32_t right_day[BFL_EVAL_METHOD_COUNT]; /* first right answer to the question; INT32_MAX: never */
    int32_t open_until;                       /* last day on which the question was the same */
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
bfl_status bfl_eval_follow(const bfl_record *record, const bfl_eval_truth *truth, const bfl_rulebook *rulebook,
                           bool question_only, bfl_trace *out, bfl_error *err);

/* ---- measure.c: traces to results ---- */
typedef struct bfl_traces {
    const bfl_trace *const *items;
    size_t count;
} bfl_traces;
/* What every measure needs to know. */
typedef struct bfl_measure {
    bfl_arena *arena;
    const bfl_rulebook *rulebook;
    double level;
    uint64_t seed;
    bool days; /* days lost and times to the right answer are asked for */
} bfl_measure;
void bfl_eval_measure(const bfl_measure *m, bfl_traces traces, bfl_eval_method method, bfl_eval_result *out);
bfl_eval_number bfl_eval_share(const bfl_measure *m, uint64_t events, uint64_t trials);

/* ---- calibrate.c: the probability ---- */
/* Questions of the traces: probabilities and truths; no probability counts as the lowest there is. */
typedef struct bfl_forecasts {
    double *probability;
    bool *progression;
    size_t count, without;
} bfl_forecasts;
bfl_forecasts bfl_eval_forecasts(const bfl_measure *m, bfl_traces traces);
double bfl_eval_brier(const bfl_forecasts *f, const uint32_t *pick);
/* Area under the curve with ties as one half; missing with one class. `pick` may be NULL: every forecast once. */
bfl_num_real bfl_eval_auc(bfl_arena *arena, const bfl_forecasts *f, const uint32_t *pick);
/* Logistic regression of the truth on the logit; missing with one class, one probability, or classes that do not overlap. */
typedef struct bfl_recalibration {
    bfl_num_real slope, intercept;
} bfl_recalibration;
bfl_recalibration bfl_eval_recalibrate(const bfl_measure *m, const bfl_forecasts *f, const uint32_t *pick);
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
void bfl_eval_write_json(bfl_buf *out, const bfl_evaluation *e);
void bfl_eval_write_csv(bfl_buf *out, const bfl_evaluation *e);

#endif
