/* SPDX-License-Identifier: Apache-2.0 */
#include "num/compare.h"

#include "num/distribution.h"

#include <math.h>
#include <string.h>

/* Above this size the exact distribution costs more than the approximation loses; R draws the line here too. */
enum { EXACT_BELOW = 50 };

double *bfl_num_ranks(bfl_arena *arena, const double *x, size_t n, double *ties) {
    uint32_t *order = bfl_num_order(arena, x, n);
    double *ranks = BFL_NEW_ARRAY(arena, n, double), tied = 0;
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && x[order[end]] <= x[order[first]];) end++;
        double t = (double)(end - first);
        for (size_t i = first; i < end; i++) ranks[order[i]] = ((double)first + 1 + (double)end) / 2;
        tied += t * t * t - t;
    }
    if (ties) *ties = tied;
    return ranks;
}

static bfl_num_state grouped_state(bfl_num_grouped data) {
    for (size_t i = 0; i < data.n; i++)
        if (data.group[i] >= data.groups) return BFL_NUM_BAD_INPUT;
    if (!bfl_num_finite(data.x, data.n)) return BFL_NUM_BAD_INPUT;
    return data.n ? BFL_NUM_OK : BFL_NUM_EMPTY;
}

bfl_num_kruskal bfl_num_kruskal_wallis(bfl_arena *arena, bfl_num_grouped data) {
    bfl_num_kruskal r = {grouped_state(data), 0, 0, 1};
    if (r.state != BFL_NUM_OK) return r;
    double ties, n = (double)data.n, used = 0, *ranks = bfl_num_ranks(arena, data.x, data.n, &ties);
    double *sums = BFL_NEW_ARRAY(arena, data.groups, double), *counts = BFL_NEW_ARRAY(arena, data.groups, double);
    for (size_t i = 0; i < data.n; i++) {
        sums[data.group[i]] += ranks[i] - (n + 1) / 2; /* about the mean rank: no cancellation later */
        counts[data.group[i]]++;
    }
    for (size_t g = 0; g < data.groups; g++) {
        if (counts[g] <= 0) continue;
        used++;
        r.statistic += sums[g] * sums[g] / counts[g];
    }
    double whole = n * n * n - n;
    if (used < 2)
        r.state = BFL_NUM_TOO_FEW;
    else if (ties >= whole)
        r.state = BFL_NUM_CONSTANT;
    if (r.state != BFL_NUM_OK) return (bfl_num_kruskal){r.state, 0, 0, 1};
    r.statistic *= 12 / (n * (n + 1)) / (1 - ties / whole);
    r.df = used - 1;
    r.p = bfl_num_p_chi_square(r.statistic, r.df);
    return r;
}

/* ---- rank sum ---- */

/* P(U <= u) for sizes m and n without ties, by the recursion of Mann and Whitney (1947): the largest number belongs to the
 * first group with probability m / (m + n), and then beats all n of the second. row[k] holds sizes (k, n so far). */
static double exact_tail(bfl_arena *arena, size_t m, size_t n, size_t u) {
    size_t width = m * n + 1;
    double *table = BFL_NEW_ARRAY(arena, (m + 1) * width, double), *scratch = BFL_NEW_ARRAY(arena, width, double);
    for (size_t k = 0; k <= m; k++) table[k * width] = 1; /* second group empty: U is 0 */
    for (size_t second = 1; second <= n; second++)
        for (size_t first = 1; first <= m; first++) {
            const double *fewer_first = table + (first - 1) * width;
            double *own = table + first * width, whole = (double)(first + second);
            for (size_t v = 0; v <= first * second; v++) {
                double from_first = v >= second ? fewer_first[v - second] * (double)first / whole : 0;
                scratch[v] = from_first + own[v] * (double)second / whole;
            }
            memcpy(own, scratch, (first * second + 1) * sizeof *own);
        }
    bfl_num_sum tail = {0};
    for (size_t v = 0; v <= u; v++) bfl_num_sum_add(&tail, table[m * width + v]);
    return bfl_num_sum_total(tail);
}

static double exact_p(bfl_arena *arena, size_t m, size_t n, double u) {
    size_t most = m * n, seen = (size_t)u;
    size_t nearer = seen < most - seen ? seen : most - seen; /* U is symmetric about m n / 2 */
    return fmin(1, 2 * exact_tail(arena, m, n, nearer));
}

static double normal_p(double m, double n, double u, double ties) {
    double all = m + n, off = u - m * n / 2;
    double variance = m * n / 12 * (all + 1 - ties / (all * (all - 1)));
    double distance = off > 0 ? off - 0.5 : off < 0 ? off + 0.5 : 0;
    return fmin(1, bfl_num_p_normal(distance / sqrt(variance)));
}

bfl_num_rank_sum bfl_num_wilcoxon(bfl_arena *arena, bfl_num_sample first, bfl_num_sample second) {
    bfl_num_rank_sum r = {.p = 1};
    if (!bfl_num_finite(first.x, first.n) || !bfl_num_finite(second.x, second.n))
        r.state = BFL_NUM_BAD_INPUT;
    else if (first.n == 0 || second.n == 0)
        r.state = first.n || second.n ? BFL_NUM_TOO_FEW : BFL_NUM_EMPTY;
    if (r.state != BFL_NUM_OK) return r;
    size_t n = first.n + second.n;
    double *all = BFL_NEW_ARRAY(arena, n, double), ties;
    memcpy(all, first.x, first.n * sizeof *all);
    memcpy(all + first.n, second.x, second.n * sizeof *all);
    double *ranks = bfl_num_ranks(arena, all, n, &ties), n1 = (double)first.n, n2 = (double)second.n, sum = 0;
    for (size_t i = 0; i < first.n; i++) sum += ranks[i];
    r.u = sum - n1 * (n1 + 1) / 2;
    if (ties >= (n1 + n2) * ((n1 + n2) * (n1 + n2) - 1)) {
        r.state = BFL_NUM_CONSTANT;
        return r;
    }
    r.exact = ties <= 0 && first.n < EXACT_BELOW && second.n < EXACT_BELOW;
    r.p = r.exact ? exact_p(arena, first.n, second.n, r.u) : normal_p(n1, n2, r.u, ties);
    return r;
}
