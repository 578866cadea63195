/* SPDX-License-Identifier: Apache-2.0 */
/* Linear mixed model with a random intercept for each subject: repeated measures with uneven visits. */
#ifndef BFL_NUM_MIXED_H
#define BFL_NUM_MIXED_H

#include "num/state.h"

typedef struct bfl_num_mixed_data {
    size_t n;
    const double *y;
    const double *x; /* n * columns, row by row; the caller adds the column of ones */
    size_t columns;
    const uint32_t *subject; /* below subjects; those without a row do not count */
    size_t subjects;
    bool maximum_likelihood; /* else REML; ML only to compare fixed effects by likelihood */
    double level;
} bfl_num_mixed_data;

typedef struct bfl_num_mixed_term {
    bool aliased; /* a linear combination of columns before it: no estimate */
    double estimate, se;
    double df; /* inner-outer rule of Pinheiro and Bates (2000): between subjects for columns constant in each */
    double t, p, low, high;
    bool p_present; /* df above 0 */
} bfl_num_mixed_term;

typedef struct bfl_num_mixed {
    bfl_num_state
        state; /* TOO_FEW: no subject seen twice, one subject, or no degrees of freedom; CONSTANT: nothing varies within
                            subjects; SINGULAR: no column can be estimated */
    size_t n, subjects, columns;
    const bfl_num_mixed_term *terms;
    const double *covariance; /* columns * columns */
    double sd_subject, sd_residual;
    bool boundary;                /* the best subject variance is 0 */
    double intraclass;            /* part of the variance that lies between subjects */
    double loglik;                /* restricted unless maximum_likelihood */
    const double *subject_effect; /* best linear unbiased prediction, one for each subject; 0 without rows */
    double df_within, df_between;
} bfl_num_mixed;
bfl_num_mixed bfl_num_mixed_fit(bfl_arena *arena, const bfl_num_mixed_data *data);

/* Wald F of columns first .. first + count - 1 together. */
typedef struct bfl_num_mixed_test {
    bfl_num_state
        state; /* BAD_INPUT: no such columns; SINGULAR: none can be estimated; TOO_FEW: no degrees of freedom */
    double f, df1, df2, p;
} bfl_num_mixed_test;
bfl_num_mixed_test bfl_num_mixed_wald(bfl_arena *arena, const bfl_num_mixed *fit, size_t first, size_t count);

#endif
