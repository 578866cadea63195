#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The numbers of an evaluation counted again: evaluate.py DRIVER PROGRAM. Prints TAP.

The driver prints every call; here tables, Wilson intervals, Brier score, AUC by pairs, the recalibration by bisection of its score
equations, net benefit, days and medians are worked out from the definitions, and compared with the program's JSON.
"""
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile

METHODS = ['boneflare', 'recist11', 'irecist', 'pcwg3', 'mda2004', 'alp_jung', 'always_wait', 'always_continue']
NEVER, SOON, LEAST = 2 ** 31 - 1, 84, 0.001


def traces(driver, folder):
    output = subprocess.run([driver, folder / 'cases', folder / 'truth.csv'], capture_output=True, text=True, check=True).stdout
    patients = {}
    for row in csv.reader(output.splitlines()):
        if row[0] == 'p':
            numbers = [int(x) for x in row[3:]]
            n = len(METHODS)
            one = {'class': row[2], 'failed': numbers[1], 'end': numbers[2], 'stop': dict(zip(METHODS, numbers[3:3 + n])), 'questions': []}
            rest = numbers[3 + n:]
            one['first'] = [dict(zip(('asked', 'day', 'open', 'right'), [*f[:3], dict(zip(METHODS, f[3:]))]))
                            for f in (rest[:3 + n], rest[3 + n:])]
            patients[row[1]] = one
        else:
            p = float(row[5]) if row[4] == '1' else LEAST
            patients[row[1]]['questions'].append({'day': int(row[2]), 'ill': row[3] == '1', 'has': row[4] == '1',
                                                  'raw': float(row[5]), 'p': min(max(p, LEAST), 1 - LEAST),
                                                  'calls': dict(zip(METHODS, row[6:]))})
    return list(patients.values())


def wilson(events, trials):
    z, p = 1.959963984540054, events / trials
    middle = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return middle - half, middle + half


def ratio(pairs):
    """Share over patients' (events, trials); the Wilson interval where it applies."""
    events, trials = sum(e for e, _ in pairs), sum(t for _, t in pairs)
    patients = sum(t > 0 for _, t in pairs)
    if not trials:
        return None
    if trials == patients:
        return events / trials, wilson(events, patients)
    if events in (0, trials):
        return events / trials, wilson(0 if events == 0 else patients, patients)
    return events / trials, None


def per_patient(patients, inside, method, trial, event):
    pairs = []
    for patient in patients:
        asked = [q for q in patient['questions'] if inside(q) and trial(q, q['calls'][method])]
        pairs.append((sum(event(q, q['calls'][method]) for q in asked), len(asked)))
    return ratio(pairs)


SHARES = {
    'wrong': (lambda q, c: True, lambda q, c: q['ill'] != (c == 'stop')),
    'abstention': (lambda q, c: True, lambda q, c: c == 'wait'),
    'sensitivity': (lambda q, c: q['ill'] and c != 'wait', lambda q, c: c == 'stop'),
    'specificity': (lambda q, c: not q['ill'] and c != 'wait', lambda q, c: c == 'keep'),
    'ppv': (lambda q, c: c == 'stop', lambda q, c: q['ill']),
    'npv': (lambda q, c: c == 'keep', lambda q, c: not q['ill']),
}


def days(patients, method):
    lost = [max(min(p['failed'], p['end']) - min(p['stop'][method], p['end']), 0) for p in patients]
    missed = [max(min(p['stop'][method], p['end']) - min(p['failed'], p['end']), 0) for p in patients]
    return sum(lost) / len(lost), sum(missed) / len(missed)


def soon(patients, method, which):
    asked = [p['first'][which] for p in patients if p['first'][which]['asked']]
    right = [f['right'][method] <= f['open'] and f['right'][method] - f['day'] <= SOON for f in asked]
    return ratio([(r, 1) for r in right])


def auc(questions):
    ill, well = [q['p'] for q in questions if q['ill']], [q['p'] for q in questions if not q['ill']]
    if not ill or not well:
        return None
    return sum((a > b) + 0.5 * (a == b) for a in ill for b in well) / (len(ill) * len(well))


def bisect(f, low, high):
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return (low + high) / 2


def recalibrate(questions):
    """Slope and intercept at which the score of the logistic regression is 0, nested bisection; None where they run away."""
    x, y = [math.log(q['p'] / (1 - q['p'])) for q in questions], [q['ill'] for q in questions]
    ill, well = [a for a, b in zip(x, y) if b], [a for a, b in zip(x, y) if not b]
    if not ill or not well or not (min(well) < max(ill) and min(ill) < max(well)):
        return None
    expected = lambda a, b: [1 / (1 + math.exp(-max(min(a + b * t, 700), -700))) for t in x]
    intercept = lambda b: bisect(lambda a: sum(y) - sum(expected(a, b)), -60, 60)
    slope = bisect(lambda b: sum(t * (k - p) for t, k, p in zip(x, y, expected(intercept(b), b))), -20, 20)
    return slope, intercept(slope)


class Comparison:
    def __init__(self):
        self.checked, self.wrong = 0, []

    def number(self, where, found, wanted, by=2e-6):
        self.checked += 1
        if wanted is None or found is None:
            if (wanted is None) != (found is None):
                self.wrong.append(f'{where}: found {found}, expected {wanted}')
        elif abs(found - wanted) > by:
            self.wrong.append(f'{where}: found {found}, expected {wanted}')

    def share(self, where, found, wanted):
        self.number(where, found and found['value'], wanted and wanted[0])
        if wanted and wanted[1]:
            self.number(where + ' low', found.get('low'), wanted[1][0])
            self.number(where + ' high', found.get('high'), wanted[1][1])
        elif found and 'low' in found and not found['low'] - 1e-9 <= found['value'] <= found['high'] + 1e-9:
            self.wrong.append(f'{where}: {found} is not inside its interval')


def window_of(name):
    numbers = [int(w) for w in name.split() if w.isdigit()]
    if name.startswith('up to'):
        return lambda q: q['day'] <= numbers[0]
    if name.startswith('after'):
        return lambda q: q['day'] > numbers[0]
    return lambda q: numbers[0] <= q['day'] <= numbers[1]


def compare_group(c, patients, group):
    members = [p for p in patients if group['by'] != 'class' or p['class'] == group['name']]
    inside = window_of(group['name']) if group['by'] == 'window' else lambda q: True
    questions = [q for p in members for q in p['questions'] if inside(q)]
    where = f'{group["by"]} {group["name"]}'
    c.number(where + ' questions', group['questions'], len(questions))
    c.number(where + ' progressions', group['progressions'], sum(q['ill'] for q in questions))
    for method in METHODS:
        found = group['methods'][method]
        for name, (trial, event) in SHARES.items():
            c.share(f'{where} {method} {name}', found[name], per_patient(members, inside, method, trial, event))
        if group['by'] == 'window':
            continue
        lost, missed = days(members, method)
        c.number(f'{where} {method} lost', found['days_lost']['value'], lost)
        c.number(f'{where} {method} missed', found['days_missed']['value'], missed)
        for which, name in enumerate(('right_soon_flare', 'right_soon_progression')):
            c.share(f'{where} {method} {name}', found[name], soon(members, method, which))
    brier = sum((q['p'] - q['ill']) ** 2 for q in questions) / len(questions) if questions else None
    c.number(where + ' brier', group['brier'] and group['brier']['value'], brier)
    c.number(where + ' auc', group['auc'] and group['auc']['value'], auc(questions))
    fit = recalibrate(questions)
    c.number(where + ' slope', group['slope'] and group['slope']['value'], fit and fit[0], 1e-4)
    c.number(where + ' intercept', group['intercept'] and group['intercept']['value'], fit and fit[1], 1e-4)


def compare_curves(c, patients, found):
    questions = [q for p in patients for q in p['questions']]
    for bin_ in found['reliability']:
        inside = [q for q in questions if bin_['from'] <= q['p'] < bin_['to']]
        c.number(f'bin {bin_["from"]}', bin_['count'], len(inside))
        c.number(f'bin {bin_["from"]} progressed', bin_['progressions'], sum(q['ill'] for q in inside))
    for point in found['decision_curve']:
        t, n = point['threshold'], len(questions)
        benefit = lambda stops, t=t, n=n: (sum(q['ill'] for q in stops) - sum(not q['ill'] for q in stops) * t / (1 - t)) / n
        c.number(f'benefit {t}', point['boneflare_probability'], benefit([q for q in questions if q['has'] and q['raw'] >= t - 1e-12]))
        c.number(f'benefit {t} all', point['stop_all'], benefit(questions))
        for method in METHODS:
            c.number(f'benefit {t} {method}', point[method], benefit([q for q in questions if q['calls'][method] == 'stop']))


def main():
    driver, program = sys.argv[1:3]
    print('1..2')
    failed = 0
    for i, world in enumerate(('default', 'wrong'), 1):
        with tempfile.TemporaryDirectory() as top:
            folder = pathlib.Path(top) / 'set'
            subprocess.run([program, 'simulate', '--out', folder, '--patients', '24', '--seed', '77100', '--world', world],
                           capture_output=True, check=True)
            found = json.loads(subprocess.run([program, 'evaluate', folder, '--format', 'json'], capture_output=True, check=True).stdout)
            patients = traces(driver, folder)
        c = Comparison()
        for group in found['groups']:
            compare_group(c, patients, group)
        compare_curves(c, patients, found)
        for line in c.wrong[:10]:
            print(f'# {line}')
        failed += bool(c.wrong) or c.checked < 1000
        print(f'{"not ok" if c.wrong or c.checked < 1000 else "ok"} {i} - {c.checked} numbers of an evaluation, world {world}')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
