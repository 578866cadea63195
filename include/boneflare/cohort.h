/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file cohort.h
 * Many records in, one study out: a row for each patient, and the tables, curves and models that a report of a study needs.
 *
 * A cohort is immutable, owns everything it points to, and needs neither the records nor the study it was made of. No number in
 * it is NaN or infinite: what is not there says in words why. docs/cohort.md names every method and every column.
 */
#ifndef BONEFLARE_COHORT_H
#define BONEFLARE_COHORT_H

#include <boneflare/assess.h>
#include <boneflare/format.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A number of a model or a plot that may be missing. */
typedef struct bfl_real {
    double value; /**< 0 when not present */
    bool present;
} bfl_real;

/** Whose word counts for who had a flare. */
typedef enum bfl_flares {
    BFL_FLARES_CALLED = 0, /**< boneflare's: suspected or confirmed */
    BFL_FLARES_STATED      /**< the source's own statements (notes with topic "flare") */
} bfl_flares;

/** What to make. Set struct_size = sizeof(bfl_cohort_options); zero members mean the default. */
typedef struct bfl_cohort_options {
    size_t struct_size;
    const char *by;        /**< variable that divides the patients; one of bfl_cohort_variable(), default "treatment".
                                Any gene of the records may be named too ("KRAS") */
    const char *criterion; /**< whose visits give responses and times; default "recist11_flare_note": a study of flare
                                must not count it as progression. The other criteria stand beside it in the tables */
    const bfl_endpoint_options *endpoints; /**< policies; NULL = those of the rulebook. Its criterion is not read */
    double level;                          /**< of every interval; default 0.95 */
    int32_t landmark_day;                  /**< of the landmark analysis; default: rule cohort.landmark */
    bfl_flares flares;                     /**< who counts as a flare in groups, onset, landmark and marker lines */
    unsigned threads;                      /**< 0 = as many as the machine has cores. The result is the same for any */
    void (*progress)(void *context, size_t done, size_t total); /**< called on the calling thread; NULL allowed */
    void *progress_context;
} bfl_cohort_options;

/** The i-th variable that patients can be divided by ("treatment", "sex" ...); NULL past the end. */
BFL_API const char *bfl_cohort_variable(size_t index);

/** What boneflare says of a patient's flare over the whole record. */
typedef enum bfl_flare_call {
    BFL_FLARE_NONE,         /**< bone and ALP never looked worse under therapy */
    BFL_FLARE_UNDETERMINED, /**< they did, and the record does not tell why */
    BFL_FLARE_PROGRESSION,  /**< they did: progression, never called a flare */
    BFL_FLARE_SUSPECTED,    /**< a flare was suspected, and never confirmed */
    BFL_FLARE_CONFIRMED     /**< a flare was confirmed */
} bfl_flare_call;
/** "none", "undetermined", "progression", "suspected", "confirmed". */
BFL_API const char *bfl_flare_call_word(bfl_flare_call call);

/** Which of the three lines of a marker figure a patient belongs to. */
typedef enum bfl_course_group {
    BFL_COURSE_FLARE,       /**< flare suspected or confirmed */
    BFL_COURSE_BENEFIT,     /**< no flare; best response CR, PR, SD or non-CR/non-PD */
    BFL_COURSE_PROGRESSION, /**< no flare; best response PD */
    BFL_COURSE_OTHER        /**< no flare and not evaluable: in no line */
} bfl_course_group;
enum { BFL_COURSE_GROUPS = 3 };
/** "flare", "benefit", "progression", "not evaluable". */
BFL_API const char *bfl_course_group_word(bfl_course_group group);

/** One imaging visit of a patient. */
typedef struct bfl_cohort_visit {
    int32_t day; /**< from day 0, the start of therapy */
    bool baseline;
    bfl_maybe sum_mm;               /**< of the targets; missing when one cannot be measured */
    bfl_maybe change_percent;       /**< from baseline: the points of a spider plot */
    bfl_maybe nadir_change_percent; /**< from the smallest sum before */
    const bfl_response *responses;  /**< one for each criterion of the cohort; NONE where it says nothing */
    const char *const *words;       /**< the criterion's own word for each ("iUPD") */
} bfl_cohort_visit;

/** One value of a laboratory course. */
typedef struct bfl_cohort_point {
    int32_t day;
    bfl_decimal value; /**< in the unit of the course */
    bfl_real percent;  /**< of baseline (100 at baseline); missing without a baseline or with a baseline of 0 */
    bfl_maybe ref_low, ref_high; /**< the row's own range, in the same unit */
    bfl_comparator comparator;
    bool baseline; /**< this is the baseline value: the last at or before day 0 */
} bfl_cohort_point;

/** The course of one analyte in one patient. */
typedef struct bfl_cohort_course {
    const char *analyte, *name, *unit; /**< "ALP", "Alkaline phosphatase", "U/L" */
    bfl_shape shape;
    const bfl_cohort_point *points; /**< by day, one a day */
    size_t point_count;
} bfl_cohort_course;

/** A stretch of therapy: a bar of a swimmer plot. Drugs that start on the same day make one. */
typedef struct bfl_cohort_therapy {
    const char *drugs, *classes; /**< "bevacizumab + carboplatin + paclitaxel", "chemotherapy + vegf" */
    int32_t start, stop;
    bool going_on; /**< no stop is recorded: stop is the last day of the record, or the day of death */
    bool index;    /**< the therapy that the study is about (the first) */
} bfl_cohort_therapy;

/** A time to an event. */
typedef struct bfl_cohort_time {
    bfl_endpoint_state state; /**< EVENT, CENSORED, or NOT_DERIVED */
    int32_t day;              /**< of the event or of the censoring, from day 0 */
    int32_t days;             /**< the time itself, as the policy `duration` counts */
    const char *cause;        /**< "progression", "death", "new therapy", "last assessment" ... */
} bfl_cohort_time;

/** The times kept of each patient. */
typedef enum bfl_cohort_endpoint {
    BFL_COHORT_PFS,
    BFL_COHORT_OS,
    BFL_COHORT_TTP,
    BFL_COHORT_TIMES
} bfl_cohort_endpoint;
/** "pfs", "os", "ttp". */
BFL_API const char *bfl_cohort_endpoint_word(bfl_cohort_endpoint endpoint);

/** One patient. In the order of the study: by id. Text that is not stated is "". */
typedef struct bfl_cohort_patient {
    const char *id;
    size_t group; /**< index into bfl_cohort.groups */
    const char *sex, *tumour, *histology, *smoking, *stage;
    bfl_maybe age_years;
    const char *egfr;      /**< "positive", "negative", "" */
    bool bone_at_baseline; /**< a bone lesion that was there at or before day 0 */
    bool has_calendar;     /**< day 0 is a civil day */
    int32_t day0_civil;    /**< meaningful when has_calendar */
    int32_t last_day;      /**< of the last dated event */
    bfl_cohort_time time[BFL_COHORT_TIMES];
    const bfl_response *best;      /**< best overall response, one for each criterion of the cohort */
    const bfl_response *confirmed; /**< the same with confirmation */
    bfl_maybe best_change_percent; /**< deepest change of the sum from baseline: the bar of a waterfall plot */
    bfl_flare_call flare;          /**< what boneflare says, whatever counts */
    bool is_flare;                 /**< counts as a flare in this cohort: as options.flares says */
    bool flare_then_progression;   /**< bone progression was called after the flare */
    bfl_maybe flare_day;           /**< onset: the day on which what was called a flare was first seen */
    bfl_maybe
        flare_known_day; /**< the first day on which it was called a flare: later than the onset when later studies told */
    bfl_maybe progression_day, death_day; /**< first progression by the criterion; death */
    bfl_course_group course_group;
    const char *stated_flare;   /**< "yes" or "no": does the source itself call a flare? "" when no patient's does */
    bfl_maybe stated_flare_day; /**< the day count printed, else the day of the date printed */
    bool image_flare;           /**< bone looked worse while disease outside bone did not progress, at some visit */
    bool alp_flare;             /**< ALP rose beyond noise and fell again */
    const bfl_cohort_visit *visits;
    size_t visit_count;
    const bfl_cohort_course *courses;
    size_t course_count; /**< by analyte id */
    const bfl_cohort_therapy *therapies;
    size_t therapy_count; /**< by start; the index therapy first */
} bfl_cohort_patient;

/** A group of patients: one value of the variable `by`. */
typedef struct bfl_cohort_group {
    const char *label; /**< "bevacizumab + carboplatin + paclitaxel"; "not stated" */
    bool stated;       /**< false for the group of those without a value: in tables, not in tests */
    size_t count;
} bfl_cohort_group;

/** The group of everybody, where a result has one for each group. */
#define BFL_COHORT_ALL SIZE_MAX

/** One step of a Kaplan-Meier curve, from this time until the next. */
typedef struct bfl_cohort_step {
    double time; /**< days */
    uint64_t at_risk, events, censored;
    double survival;
    bfl_real low, high; /**< log-log interval; missing where survival is 1 or 0 */
} bfl_cohort_step;

/** A Kaplan-Meier curve. */
typedef struct bfl_cohort_curve {
    bfl_cohort_endpoint endpoint;
    size_t group;                 /**< BFL_COHORT_ALL, or an index */
    const bfl_cohort_step *steps; /**< one for each distinct time; the curve is 1 from day 0 to the first */
    size_t step_count;
    uint64_t patients, events;
    bfl_real median, median_low, median_high; /**< missing: not reached */
    const uint64_t *at_risk;                  /**< at each of bfl_cohort.risk_days */
    const char *state;                        /**< "" or why there is no curve */
} bfl_cohort_curve;

/** A log-rank test of the groups (those with a stated value). */
typedef struct bfl_cohort_test {
    const char *state; /**< "" or why there is no test: "too few groups", "no events" */
    double statistic, df, p;
} bfl_cohort_test;

/** What can come first, for the time to flare. */
typedef enum bfl_flare_cause { BFL_CAUSE_FLARE = 1, BFL_CAUSE_PROGRESSION = 2, BFL_CAUSE_DEATH = 3 } bfl_flare_cause;
enum { BFL_CAUSES = 3 };
/** "flare", "progression", "death". */
BFL_API const char *bfl_flare_cause_word(bfl_flare_cause cause);

/** One step of the cumulative incidences of flare, progression and death, whichever came first. Index by cause - 1. */
typedef struct bfl_cohort_incidence_step {
    double time;
    uint64_t at_risk, censored, events[BFL_CAUSES];
    double incidence[BFL_CAUSES];
    bfl_real low[BFL_CAUSES], high[BFL_CAUSES];
    double
        naive; /**< 1 - Kaplan-Meier of flare, others censored: too high where others came first. Shown to be compared */
} bfl_cohort_incidence_step;

/** Time from day 0 to flare in patients with bone metastases at baseline (in all when none is recorded to have any). */
typedef struct bfl_cohort_onset {
    size_t group; /**< BFL_COHORT_ALL, or an index */
    const bfl_cohort_incidence_step *steps;
    size_t step_count;
    uint64_t patients;
    const char *state;
} bfl_cohort_onset;

/** One time of one line of a marker figure. */
typedef struct bfl_cohort_marker_time {
    int32_t day; /**< planned day, a multiple of rule cohort.marker.visit */
    size_t n;
    bfl_real median, q1, q3, mean, sd, least, most; /**< percent of baseline; missing when n is 0, sd when it is 1 */
} bfl_cohort_marker_time;

/** One analyte: a line for each course group, as percent of baseline, in patients with bone metastases and a later value. */
typedef struct bfl_cohort_marker {
    const char *analyte, *name;
    const bfl_cohort_marker_time *line[BFL_COURSE_GROUPS]; /**< index by bfl_course_group; each has time_count */
    size_t patients[BFL_COURSE_GROUPS];
    size_t time_count;
} bfl_cohort_marker;

/** One row of a forest plot of hazard ratios. */
typedef struct bfl_cohort_forest_row {
    const char *variable, *level;    /**< "sex", "F"; "all", "" for everybody */
    uint64_t patients[2], events[2]; /**< [0]: reference, [1]: compared */
    bfl_real ratio, low, high, p;
    bfl_real interaction_p; /**< on the first row of a variable */
    const char *state;      /**< "" or why there is no ratio */
} bfl_cohort_forest_row;

/** What the forest compares. */
typedef struct bfl_cohort_forest {
    const char *reference, *compared; /**< "no flare by day 84", "flare by day 84" */
    const char *endpoint;             /**< "PFS from day 84" */
    const bfl_cohort_forest_row *rows;
    size_t row_count;
    const char *state; /**< "" or why there is none */
} bfl_cohort_forest;

/** Kaplan-Meier of patients still at risk at the landmark, with and without a flare known by then. */
typedef struct bfl_cohort_landmark {
    int32_t day;
    uint64_t left_out;              /**< progressed, died or censored up to that day: counted in neither curve */
    bfl_cohort_curve without, with; /**< time counts from the landmark; group is BFL_COHORT_ALL */
    bfl_cohort_test test;
    const char *words; /**< why a landmark: immortal time */
} bfl_cohort_landmark;

typedef enum bfl_cell_kind { BFL_CELL_TEXT, BFL_CELL_COUNT, BFL_CELL_NUMBER, BFL_CELL_MISSING } bfl_cell_kind;

/** A cell of a table. */
typedef struct bfl_cell {
    bfl_cell_kind kind;
    const char *text; /**< as a reader sees it ("23.3", "0.04"); of MISSING: why ("not reached"), or "" */
    double number;    /**< of COUNT and NUMBER: the full value, which the CSV gives with 10 digits */
} bfl_cell;

/** A table: what `boneflare cohort` writes as ID.csv. */
typedef struct bfl_cohort_table {
    const char *id, *title;
    const char *note; /**< what a reader must know to read it right; "" */
    const char *const *columns;
    size_t column_count;
    const bfl_cell *cells; /**< row by row */
    size_t row_count;
} bfl_cohort_table;

/** A whole study. */
typedef struct bfl_cohort {
    const char *by;        /**< variable */
    const char *criterion; /**< id; criteria[criterion_index] */
    size_t criterion_index;
    const char *const *criteria, *const *criterion_names; /**< ids and names, in the order of responses and best */
    size_t criterion_count;
    double level;
    const char *rulebook_version, *rulebook_sha256;
    const bfl_cohort_patient *patients;
    size_t patient_count;
    const bfl_cohort_group *groups; /**< the largest first, those without a value last */
    size_t group_count;
    const int32_t *risk_days; /**< times of the at-risk table below the curves */
    size_t risk_count;
    const bfl_cohort_curve *curves; /**< for each endpoint: everybody, then each group */
    size_t curve_count;
    bfl_cohort_test tests[BFL_COHORT_TIMES]; /**< log-rank of the groups, by endpoint */
    const bfl_cohort_onset *onsets;          /**< everybody, then each group */
    size_t onset_count;
    const bfl_cohort_marker *markers;
    size_t marker_count;
    bfl_cohort_landmark landmark;
    bfl_cohort_forest forest;
    const bfl_cohort_table *tables;
    size_t table_count;
    const bfl_issue *issues; /**< of the study's data; slips of a published table are among them */
    size_t issue_count;
    const char *const *remarks; /**< what could not be done, and why, a sentence each */
    size_t remark_count;
} bfl_cohort;

/**
 * Assesses every record of a study and puts the cohort together.
 * @param study borrowed during the call
 * @param options NULL for the defaults
 * @param[out] out released with bfl_cohort_free(); untouched on failure
 * @return BFL_OK (also for a study without patients: the tables then say so), BFL_EINVAL (level or landmark out of range),
 * BFL_ENOTFOUND (no such variable or criterion; the message lists what there is), BFL_EPARSE (a policy of the rulebook's
 * overlay), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_cohort_build(const bfl_study *study, const bfl_rulebook *rulebook,
                                                 const bfl_cohort_options *options, bfl_cohort **out, bfl_error *err);
BFL_API void bfl_cohort_free(bfl_cohort *cohort);

/** A table by id ("response"); NULL when there is none. */
BFL_API const bfl_cohort_table *bfl_cohort_table_find(const bfl_cohort *cohort, const char *id);
/** The curve of an endpoint and group; NULL when there is none. */
BFL_API const bfl_cohort_curve *bfl_cohort_curve_find(const bfl_cohort *cohort, bfl_cohort_endpoint endpoint,
                                                      size_t group);

/** One table as CSV. @return BFL_OK, BFL_EIO, BFL_ENOMEM */
BFL_API BFL_MUST_USE bfl_status bfl_cohort_table_csv(const bfl_cohort_table *table, bfl_sink sink, bfl_error *err);
/** The cohort as one JSON object on one line; schema "boneflare.cohort/1". */
BFL_API BFL_MUST_USE bfl_status bfl_cohort_json(const bfl_cohort *cohort, bfl_sink sink, bfl_error *err);
/** A summary for a terminal. UTF-8. */
BFL_API BFL_MUST_USE bfl_status bfl_cohort_text(const bfl_cohort *cohort, bfl_sink sink, bfl_error *err);

/** Data sets laid out like ADaM's (docs/cohort.md lists the variables). */
typedef enum bfl_adam {
    BFL_ADAM_ADRS,  /**< responses: one row for each visit and criterion, and the best responses */
    BFL_ADAM_ADTR,  /**< tumour results: sum of diameters with change from baseline and nadir */
    BFL_ADAM_ADTTE, /**< times to events */
    BFL_ADAM_ADLB,  /**< laboratory values with change from baseline */
    BFL_ADAM_COUNT
} bfl_adam;
/** "adrs", "adtr", "adtte", "adlb". */
BFL_API const char *bfl_adam_word(bfl_adam dataset);
/** One data set as CSV. */
BFL_API BFL_MUST_USE bfl_status bfl_cohort_adam(const bfl_cohort *cohort, bfl_adam dataset, bfl_sink sink,
                                                bfl_error *err);

#ifdef __cplusplus
}
#endif
#endif
