/* SPDX-License-Identifier: Apache-2.0 */
/* Percentile bootstrap over patients. Each resample has its own stream of random numbers, so the interval depends on the seed,
 * the purpose and the data alone. */
#include "evaluate/trace.h"

#include "num/num.h"

void bfl_eval_bootstrap(const bfl_measure *m, size_t n, uint32_t purpose, bfl_statistic value, void *context,
                        bfl_eval_number *out) {
    size_t wanted = (size_t)bfl_rule_days(m->rulebook, BFL_NUM_EVALUATE_INTERVALS__BOOTSTRAP_COUNT), count = 0;
    if (!out->present || n < 2 || n > UINT32_MAX) return;
    uint32_t *pick = BFL_NEW_ARRAY(m->arena, n, uint32_t);
    double *values = BFL_NEW_ARRAY(m->arena, wanted, double);
    for (size_t b = 0; b < wanted; b++) {
        bfl_random random = bfl_random_stream(m->seed, b, purpose);
        for (size_t i = 0; i < n; i++) pick[i] = bfl_random_below(&random, (uint32_t)n);
        bfl_num_real drawn = value(context, pick);
        if (drawn.present) values[count++] = drawn.value;
    }
    if (2 * count < wanted) return;
    double *sorted = bfl_num_sorted(m->arena, values, count), tail = (1 - m->level) / 2;
    out->low = bfl_num_sample_quantile(sorted, count, tail).value;
    out->high = bfl_num_sample_quantile(sorted, count, 1 - tail).value;
    out->has_interval = true;
}
