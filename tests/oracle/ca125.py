# SPDX-License-Identifier: Apache-2.0
"""CA-125 of the GCIG written down once more, category by category, with its own numbers."""
from timeline import visits


def doubled(limit, values):
    """Pairs (index, base) of values that are twice what they are compared with."""
    baseline = values[0][1]
    for i, (day, value) in enumerate(values[1:], 1):
        earlier = [v for _, v in values[:i]]
        if baseline <= limit:  # C: within the reference range at baseline
            base = limit
        elif min(earlier) <= limit:  # A: elevated, returned to normal
            base = limit
        else:  # B: elevated, never normal
            base = min(earlier)
        if value >= 2 * base:
            yield i, base


def at_visit(limit, values):
    """values: (day, value), the first the baseline."""
    if len(values) < 2:
        return 'NE'
    for i, base in doubled(limit, values):
        later = [v for day, v in values[i + 1:] if day >= values[i][0] + 7]
        if not later:
            return 'PDu'
        if later[0] >= 2 * base:
            return 'PD'
    day0, baseline = values[0]
    if baseline < 2 * limit or day0 < -14:
        return 'non-PD'
    found = set()
    for i in range(1, len(values)):
        until = [k for k in range(i + 1, len(values)) if values[k][0] >= values[i][0] + 28]
        if not until:
            continue
        kept = values[i:until[0] + 1]
        if all(2 * v <= baseline for _, v in kept):
            found.add('CR' if kept[0][1] <= limit and kept[-1][1] <= limit else 'PR')
    return 'CR' if 'CR' in found else 'PR' if found else 'SD'


def marker(patient, analyte, judge):
    when = visits(patient.rows)
    rows = sorted(((l.day, l.value, l.high) for l in patient.labs if l.analyte == analyte), key=lambda row: row[0])
    before = [row for row in rows if row[0] <= 0]
    after = [row for row in rows if row[0] > 0]
    if not before or not after:
        return ['-'] * len(when)
    values = [row[:2] for row in [before[-1], *after]]
    return ['-'] + [judge(before[-1][2], [v for v in values if v[0] <= w.last]) for w in when[1:]]


def assess(patient):
    return marker(patient, 'CA125', at_visit)
