#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Marginal likelihoods of the shapes of a course, by other means: forms.py DRIVER RULEBOOK [SEED]. Prints TAP.

The library uses normal equations and a closed form for the sign of a size. Here the level is integrated out through the dense
covariance of the values and its Cholesky factor, and the size by a sum over a fine grid. Bounds, which the library approximates
one after the other, are integrated here over a grid of level and size.
"""
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import tomllib

FORMS = ['stable', 'fall', 'rise', 'rise_then_fall', 'step']
PRIOR = {'stable': 'stable', 'fall': 'fall', 'rise': 'rise', 'rise_then_fall': 'rise_fall'}


def rules(root):
    book = {}
    for path in [*pathlib.Path(root).glob('course/*.toml'), *pathlib.Path(root).glob('variation/*.toml')]:
        for rule in tomllib.loads(path.read_text('utf-8'))['rule']:
            book[rule['id']] = rule.get('param', {})
    return book


# ---- the curves, written from docs/markers.md ----

def turning_points(days, parts, beyond):
    points = []
    for k in range(parts + beyond + 1):
        at = k * (len(days) - 1) / parts
        if k >= parts:
            points.append(days[-1] + (k - parts) * (days[-1] - days[0]) / parts)
        else:
            i = int(at)
            points.append(days[i] + (at - i) * (days[i + 1] - days[i]))
    return points


def ramp(day, start, end):
    return min(max((day - start) / (end - start), 0), 1)


def curves(book, days, changed):
    grid = book['marker.form.change_points']
    parts, beyond = grid['parts_count'], grid['beyond_count']
    at = turning_points(days, parts, beyond)
    times = [grid['fall_fast_days'], grid['fall_middle_days'], grid['fall_slow_days']]
    n = range(parts + beyond + 1)
    yield 'stable', [lambda day: 0]
    yield 'fall', [lambda day, o=at[k], t=t: math.exp(-max(day - o, 0) / t) - 1 for k in range(parts) for t in times]
    yield 'rise', [lambda day, o=at[k], e=at[e]: ramp(day, o, e) for k in range(parts) for e in n if e > k]
    yield 'rise_then_fall', [
        lambda day, o=at[k], p=at[p], e=at[e], b=b: ramp(day, o, p) - (1 + b) * ramp(day, p, e)
        for k in range(parts) for p in range(k + 1, parts) for e in n if e > p for b in (0, grid['below_fraction'])]
    steps = [d for d, c in list(zip(days, changed))[1:] if c or not any(changed)]
    yield 'step', [lambda day, s=s: 1 if day >= s else 0 for s in steps]


# ---- exact values: dense covariance ----

def cholesky(a):
    n = len(a)
    low = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            s = a[i][j] - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = math.sqrt(s) if i == j else s / low[j][j]
    return low


def whiten(low, b):
    x = []
    for i, row in enumerate(low):
        x.append((b[i] - sum(row[k] * x[k] for k in range(i))) / row[i])
    return x


def log_sum(logs):
    top = max(logs)
    return top + math.log(sum(math.exp(x - top) for x in logs))


def size_grid(sd, directed, steps=900):
    """(size, log prior density * width); half normal when directed."""
    low, high = (0.0 if directed else -7 * sd), 7 * sd
    width = (high - low) / steps
    density = math.log((2 if directed else 1) * width / (sd * math.sqrt(2 * math.pi)))
    return [(low + (i + 0.5) * width, density - (low + (i + 0.5) * width) ** 2 / (2 * sd * sd)) for i in range(steps)]


def exact_marginal(low, log_determinant, residual, h, grid):
    a, b = whiten(low, residual), whiten(low, h)
    aa, ab, bb = sum(x * x for x in a), sum(x * y for x, y in zip(a, b)), sum(y * y for y in b)
    constant = -0.5 * (len(a) * math.log(2 * math.pi) + log_determinant)
    return constant + log_sum([lp - 0.5 * (aa - 2 * s * ab + s * s * bb) for s, lp in grid])


# ---- bounds: level and size on a grid ----

def normal(t):
    return max(math.erfc(-t / math.sqrt(2)) / 2, 1e-300)


def bounded_marginal(values, centre, h, variance, level_sd, sizes):
    sd = math.sqrt(variance)
    levels = [(i + 0.5) * 0.02 - 2.4 for i in range(240)]
    total = []
    for size, log_prior in sizes:
        for level in levels:
            x = log_prior + math.log(0.02 / (level_sd * math.sqrt(2 * math.pi))) - level * level / (2 * level_sd ** 2)
            for (y, sign), hi in zip(values, h):
                t = (y - centre - level - size * hi) / sd
                if sign == '=':
                    x -= t * t / 2 + math.log(sd * math.sqrt(2 * math.pi))
                else:
                    x += math.log(normal(t if sign == '<' else -t))
                if x < -200:
                    break
            total.append(x)
    return log_sum(total)


# ---- a series by the book ----

def expected(book, analyte, rows):
    """{form: log marginal}, {form: probability} for rows of (day, value, sign, changed)."""
    days = [r[0] for r in rows]
    values = [(math.log(r[1]), r[2]) for r in rows]
    centre = sum(y for y, _ in values) / len(values)
    cv = book[f'marker.variation.{analyte.lower()}']
    variance = math.log1p((cv['cv_analytical_percent'] / 100) ** 2 + (cv['cv_within_percent'] / 100) ** 2)
    size, noise, prior = (book[f'marker.form.{k}'] for k in ('size', 'noise', 'prior'))
    changed = [r[3] for r in rows]
    step_prior = prior['step_fraction' if any(changed) else 'step_unsaid_fraction']
    exact = all(sign == '=' for _, sign in values)
    marginal, weight = {}, {}
    for form, functions in curves(book, days, changed):
        sd = size['step_sd'] if form == 'step' else size['change_sd']
        grid = size_grid(sd, form not in ('step',), 900 if exact else 180)
        logs = []
        for doubt, share in ((1, 1 - noise['doubt_fraction']), (noise['doubt_ratio'], noise['doubt_fraction'])):
            v = variance * doubt * doubt
            if exact:
                covariance = [[size['level_sd'] ** 2 + (v if i == j else 0) for j in range(len(days))] for i in range(len(days))]
                low = cholesky(covariance)
                determinant = 2 * sum(math.log(low[i][i]) for i in range(len(days)))
            for f in functions:
                h = [f(d) for d in days]
                one = (exact_marginal(low, determinant, [y - centre for y, _ in values], h, grid) if exact else
                       bounded_marginal(values, centre, h, v, size['level_sd'], grid))
                logs.append(one + math.log(share / len(functions)))
        marginal[form] = log_sum(logs)
        weight[form] = marginal[form] + math.log(step_prior if form == 'step' else prior[PRIOR[form] + '_fraction'])
    total = log_sum(list(weight.values()))
    return marginal, {form: math.exp(w - total) for form, w in weight.items()}


# ---- random series ----

def course(rng, count):
    day, base, rows = rng.randint(-10, 0), rng.uniform(40, 300), []
    bump, fall = rng.choice([0, 0, 0.6]), rng.choice([0, 0.004, -0.004])
    changed = rng.random() < 0.2 and count > 2
    for i in range(count):
        middle = bump * math.exp(-((day - 30) / 25) ** 2) - fall * max(day, 0)
        value = round(base * math.exp(middle + rng.gauss(0, 0.09)), 1)
        rows.append((day, value, '=', changed and i == count - 1))
        day += rng.choice([7, 14, 21, 21, 42, 90])
    return rows


def bounded(rng):
    rows = course(rng, rng.choice([3, 4]))
    rows = [(d, v, '=', False) for d, v, _, _ in rows]
    for i in rng.sample(range(len(rows)), rng.choice([1, 2])):
        d, v, _, _ = rows[i]
        rows[i] = (d, round(v * 0.8, 1), '>', False) if rng.random() < 0.3 else (d, round(v * 1.3, 1), '<', False)
    return rows


def library(driver, patients, overlay):
    with tempfile.TemporaryDirectory() as top:
        lines = ['patient,date,analyte,value,unit,ref_low,ref_high,method,note,source']
        for name, rows in patients.items():
            for day, value, sign, changed in rows:
                shown = ('' if sign == '=' else sign) + str(value)
                lines.append(f'{name},d{day},CEA,{shown},ng/mL,0,5,{"new" if changed else "old"} assay,,')
        pathlib.Path(top, 'labs.csv').write_text('\n'.join(lines) + '\n', 'utf-8')
        command = [driver, top] + ([json.dumps(overlay)] if overlay else [])
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = {}
    for line in output.splitlines():
        name, _, fitted, used, bounds, *rest = line.split(',')
        found[name] = {'fitted': fitted, 'used': int(used), 'bounds': int(bounds), 'best': rest[10],
                       'marginal': {f: float(rest[2 * i]) for i, f in enumerate(FORMS)},
                       'probability': {f: float(rest[2 * i + 1]) for i, f in enumerate(FORMS)}}
    return found


def worst(book, patients, found, key):
    index = 0 if key == 'marginal' else 1
    gaps = []
    for name, rows in patients.items():
        said = found[name]
        if said['fitted'] != '1' or said['used'] != len(rows):
            return math.inf
        wanted = expected(book, 'cea', rows)[index]
        gaps += [abs(wanted[f] - said[key][f]) for f in FORMS]
    return max(gaps)


def main():
    driver, root = sys.argv[1:3]
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    book = rules(root)
    failed = 0
    exact = {f'e{i:02}': course(rng, rng.choice([2, 3, 4, 5, 7, 9])) for i in range(8)}
    found = library(driver, exact, None)
    tests = [('log marginal likelihoods of exact series', worst(book, exact, found, 'marginal'), 2e-3),
             ('probabilities of exact series', worst(book, exact, found, 'probability'), 1e-4)]
    coarse = {'marker.form.change_points': {'parts_count': 2, 'beyond_count': 1}}
    small = {**book, 'marker.form.change_points': {**book['marker.form.change_points'], **coarse['marker.form.change_points']}}
    bounds = {f'b{i:02}': bounded(rng) for i in range(3)}
    found = library(driver, bounds, coarse)
    tests.append(('probabilities of series with bounds', worst(small, bounds, found, 'probability'), 0.03))
    print(f'1..{len(tests)}')
    for i, (name, gap, limit) in enumerate(tests, 1):
        good = gap <= limit
        failed += not good
        print(f'{"ok" if good else "not ok"} {i} - {name}: largest difference {gap:.2g}, allowed {limit:g}')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
