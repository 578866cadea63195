/* SPDX-License-Identifier: Apache-2.0 */
#include "num/state.h"

#include <math.h>

const char *bfl_num_state_name(bfl_num_state state) {
    static const char *const names[] = {"ok",        "no observations", "too few observations", "no variation",
                                        "no events", "singular",        "no finite estimate",   "not converged",
                                        "bad input"};
    return (size_t)state < sizeof names / sizeof *names ? names[state] : "unknown";
}

bfl_num_real bfl_num_some(double value) { return isfinite(value) ? (bfl_num_real){value, true} : bfl_num_none(); }

bfl_num_real bfl_num_none(void) { return (bfl_num_real){0, false}; }

bool bfl_num_finite(const double *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return false;
    return true;
}

bool bfl_num_level_valid(double level) { return level > 0 && level < 1; }
