# SPDX-License-Identifier: Apache-2.0
"""PSA of PCWG3 written down once more: 50 % down twice, or 25 % and 2 ng/mL up from the lowest twice."""
from timeline import visits


def at_visit(baseline, values):
    if not values:
        return 'NE'
    for i, (day, value) in enumerate(values):
        lowest = min([baseline] + [v for _, v in values[:i]])
        up = [v - lowest >= 2 and (v - lowest) * 100 >= 25 * lowest for _, v in values]
        if up[i] and (lowest < baseline or day >= 84):
            second = [k for k in range(i + 1, len(values)) if values[k][0] - day >= 21]
            if not second:
                return 'PDu'
            if up[second[0]]:
                return 'progression'
    for i, (day, value) in enumerate(values):
        second = [v for d, v in values[i + 1:] if d - day >= 21]
        if second and 2 * value <= baseline and 2 * second[0] <= baseline:
            return 'response'
    return 'neither'


def assess(patient):
    when = visits(patient.rows)
    psa = sorted((l.day, l.value) for l in patient.labs if l.analyte == 'PSA')
    before = [v for day, v in psa if day <= 0]
    after = [(day, v) for day, v in psa if day > 0]
    if not before or not after:
        return ['-'] * len(when)
    return ['-'] + [at_visit(before[-1], [(d, v) for d, v in after if d <= w.last]) for w in when[1:]]
