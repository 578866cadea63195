/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stiff ordinary differential equations: Boost.Odeint's rosenbrock4 (Hairer and Wanner IV.7) with its step control and dense output,
 * behind a C face. A solver steps over what it does not see, so every jump (a dose, an event) is a break: it stops exactly
 * there, lets the caller change the state, and starts anew.
 */
#ifndef BFL_SHIM_STIFF_H
#define BFL_SHIM_STIFF_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BFL_STIFF_LARGEST = 16 }; /* equations of a system */

typedef enum bfl_stiff_status {
    BFL_STIFF_OK = 0,
    BFL_STIFF_STEPS,  /* more steps than allowed */
    BFL_STIFF_FAILED, /* no step size meets the tolerance, or the state is not finite */
    BFL_STIFF_MEMORY,
    BFL_STIFF_INVALID /* an argument */
} bfl_stiff_status;

typedef struct bfl_stiff_problem {
    size_t n; /* equations, 1 to BFL_STIFF_LARGEST */
    /* slope[i] = dx_i/dt. None of these functions may jump out. */
    void (*slope)(const void *context, double t, const double *x, double *slope);
    /* jacobian[i * n + k] = d slope_i / d x_k, by_time[i] = d slope_i / dt; both are zero on entry. */
    void (*jacobian)(const void *context, double t, const double *x, double *jacobian, double *by_time);
    /* At the k-th break, before going on from it; NULL = nothing happens there. May change x and the context. */
    void (*at_break)(void *context, size_t k, double *x);
    void *context;
    double relative, absolute; /* tolerance of a step */
    size_t steps_max;          /* of the whole */
    const double *breaks;      /* ascending, inside (start, end) */
    size_t break_count;
    double start, end;
    const double *samples; /* ascending, inside [start, end]; at a break: the state before it */
    size_t sample_count;
} bfl_stiff_problem;

/* Solves from x at `start`; out[s * n + i] = x_i at samples[s]; x is the state at `end`; *steps those tried (NULL allowed). On
 * failure x and out hold nothing of use. */
bfl_stiff_status bfl_stiff_solve(const bfl_stiff_problem *problem, double *x, double *out, size_t *steps);

#ifdef __cplusplus
}
#endif
#endif
