# SPDX-License-Identifier: Apache-2.0
"""CEA as the rulebook assumes it, written down once more: a half kept, or 30 % up twice, not in the first six weeks."""
from ca125 import marker


def at_visit(limit, values):
    if len(values) < 2:
        return 'NE'
    for i, (day, value) in enumerate(values[1:], 1):
        lowest = min(v for _, v in values[:i])
        up = [v > limit and (v - lowest) * 10 >= 3 * lowest for _, v in values]
        if up[i] and day > 42:
            second = [k for k in range(i + 1, len(values)) if values[k][0] - day >= 28]
            if not second:
                return 'PDu'
            if up[second[0]]:
                return 'progression'
    baseline = values[0][1]
    for i, (day, value) in enumerate(values[1:], 1):
        second = [v for d, v in values[i + 1:] if d - day >= 28]
        if baseline > limit and second and 2 * value <= baseline and 2 * second[0] <= baseline:
            return 'response'
    return 'neither'


def assess(patient):
    return marker(patient, 'CEA', at_visit)
