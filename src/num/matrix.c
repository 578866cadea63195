/* SPDX-License-Identifier: Apache-2.0 */
#include "num/matrix.h"

#include <math.h>

size_t bfl_num_cholesky(double *a, size_t p, double tolerance, double floor, bool *dropped) {
    size_t rank = 0;
    for (size_t j = 0; j < p; j++) {
        double diagonal = a[j * p + j], pivot = diagonal;
        for (size_t k = 0; k < j; k++) pivot -= a[j * p + k] * a[j * p + k];
        bool keep = pivot > tolerance * diagonal && pivot > floor;
        double root = keep ? sqrt(pivot) : 0;
        a[j * p + j] = root;
        if (dropped) dropped[j] = !keep;
        rank += keep;
        for (size_t i = j + 1; i < p; i++) {
            double below = a[i * p + j];
            for (size_t k = 0; k < j; k++) below -= a[i * p + k] * a[j * p + k];
            a[i * p + j] = keep ? below / root : 0;
            a[j * p + i] = 0;
        }
        if (keep) continue;
        for (size_t k = 0; k < j; k++) a[j * p + k] = 0;
    }
    return rank;
}

static void solve_lower(const double *l, size_t p, double *b) {
    for (size_t i = 0; i < p; i++) {
        double left = b[i];
        for (size_t k = 0; k < i; k++) left -= l[i * p + k] * b[k];
        b[i] = l[i * p + i] > 0 ? left / l[i * p + i] : 0;
    }
}

void bfl_num_cholesky_solve(const double *factor, size_t p, double *b) {
    solve_lower(factor, p, b);
    for (size_t i = p; i-- > 0;) {
        double left = b[i];
        for (size_t k = i + 1; k < p; k++) left -= factor[k * p + i] * b[k];
        b[i] = factor[i * p + i] > 0 ? left / factor[i * p + i] : 0;
    }
}

void bfl_num_cholesky_inverse(const double *factor, size_t p, double *out) {
    for (size_t j = 0; j < p; j++) {
        double *column = out + j * p; /* symmetric: a row is a column */
        for (size_t i = 0; i < p; i++) column[i] = i == j && factor[j * p + j] > 0 ? 1 : 0;
        bfl_num_cholesky_solve(factor, p, column);
    }
}

double bfl_num_cholesky_form(const double *factor, size_t p, const double *b, double *scratch) {
    double sum = 0;
    for (size_t i = 0; i < p; i++) scratch[i] = b[i];
    solve_lower(factor, p, scratch);
    for (size_t i = 0; i < p; i++) sum += scratch[i] * scratch[i];
    return sum;
}

double bfl_num_cholesky_log_determinant(const double *factor, size_t p) {
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        if (factor[i * p + i] > 0) sum += 2 * log(factor[i * p + i]);
    return sum;
}
