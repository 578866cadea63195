/* SPDX-License-Identifier: Apache-2.0 */
/* Small symmetric positive matrices, p * p, row by row. Inside num. */
#ifndef BFL_NUM_MATRIX_H
#define BFL_NUM_MATRIX_H

#include "num/state.h"

/* Cholesky factor in place, the lower triangle: a = L L'. A column whose pivot falls to `tolerance` times its diagonal, or to
 * `floor`, depends on those before it: dropped[j] (NULL allowed), its row and column become 0. Returns the rank. */
size_t bfl_num_cholesky(double *a, size_t p, double tolerance, double floor, bool *dropped);
/* Solves L L' x = b in place; dropped columns get 0. */
void bfl_num_cholesky_solve(const double *factor, size_t p, double *b);
/* Inverse of L L' into `out`; rows and columns of dropped columns are 0. */
void bfl_num_cholesky_inverse(const double *factor, size_t p, double *out);
/* b' a^-1 b, and log |a| over the columns kept. */
double bfl_num_cholesky_form(const double *factor, size_t p, const double *b, double *scratch);
double bfl_num_cholesky_log_determinant(const double *factor, size_t p);

#endif
