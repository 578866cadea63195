#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same facts written differently give the same verdict.

    metamorphic.py PROGRAM SOURCE_ROOT

Every example is copied with its rows shuffled, its calendar dates shifted, its units converted, its patients renamed, its columns
in another order and every field quoted, and with CRLF line ends. Each copy is assessed at the dates of tests/cases/expect.
"""
import csv
import decimal
import io
import json
import pathlib
import random
import re
import sys
import tempfile

import boneflare_cli as cli

DATE_COLUMNS = ('date', 'start', 'stop', 'birth_date', 'death_date', 'day0')
CYCLE_YEARS = 28  # month lengths and leap years repeat, so partial dates shift exactly too
PER_UKAT = decimal.Decimal(60)
CALCIUM_MG_DL_PER_MMOL_L = decimal.Decimal('4.0078')
TOLERANCE = decimal.Decimal('0.011')  # converted units are rounded; multiples of a limit have two decimals
PREFIX = 'zz_'


def read(folder):
    """{file: (columns, rows)}"""
    tables = {}
    for path in sorted(folder.glob('*.csv')):
        lines = list(csv.reader(io.StringIO(path.read_text(encoding='utf-8'), newline='')))
        tables[path.name] = (lines[0], [dict(zip(lines[0], row)) for row in lines[1:]])
    return tables


def write(folder, tables, line_end='\n', quoting=csv.QUOTE_MINIMAL):
    for name, (columns, rows) in tables.items():
        with open(folder / name, 'w', encoding='utf-8', newline='') as out:
            writer = csv.DictWriter(out, columns, lineterminator=line_end, quoting=quoting)
            writer.writeheader()
            writer.writerows(rows)


def mapped(tables, change):
    """The tables with change(file, row) applied to a copy of every row."""
    result = {}
    for name, (columns, rows) in tables.items():
        copies = [dict(row) for row in rows]
        for row in copies:
            change(name, row)
        result[name] = (columns, copies)
    return result


def shuffled(tables, seed):
    order = random.Random(seed)
    result = {}
    for name, (columns, rows) in tables.items():
        rows = list(rows)
        order.shuffle(rows)
        result[name] = (columns, rows)
    return result


def earlier(date):
    """A civil date, whole or partial, CYCLE_YEARS earlier; relative days stay."""
    return re.sub(r'^(\d{4})', lambda m: str(int(m.group(1)) - CYCLE_YEARS), date) if re.match(r'^\d{4}', date) else date


def shifted(_, row):
    for column in DATE_COLUMNS:
        if column in row:
            row[column] = earlier(row[column])


def divide(row, unit, by):
    for column in ('value', 'ref_low', 'ref_high'):
        if re.match(r'^[0-9.]', row[column]):
            row[column] = format((decimal.Decimal(row[column]) / by).quantize(decimal.Decimal('1e-9')), 'f')
    row['unit'] = unit


def converted(name, row):
    if name != 'labs.csv':
        return
    if row['unit'] in ('U/L', 'IU/L'):
        divide(row, 'ukat/L', PER_UKAT)
    elif row['analyte'] == 'CA' and row['unit'] == 'mg/dL':
        divide(row, 'mmol/L', CALCIUM_MG_DL_PER_MMOL_L)
    elif row['analyte'] == 'CA' and row['unit'] == 'mmol/L':
        divide(row, 'mg/dL', 1 / CALCIUM_MG_DL_PER_MMOL_L)


def renamed(_, row):
    if row['patient'] != '*':
        row['patient'] = PREFIX + row['patient']


def reordered(tables):
    return {name: (list(reversed(columns)), rows) for name, (columns, rows) in tables.items()}


def variants(tables):
    """(name, tables, how to write them, as_of changed with them, is the patient renamed, tolerance)"""
    same = lambda as_of: as_of
    for seed in (1, 2, 3):
        yield f'rows shuffled ({seed})', shuffled(tables, seed), {}, same, False, 0
    yield 'dates shifted', mapped(tables, shifted), {}, earlier, False, 0
    yield 'units converted', mapped(tables, converted), {}, same, False, TOLERANCE
    yield 'patient renamed', mapped(tables, renamed), {}, same, True, 0
    yield 'columns reversed, all quoted', reordered(tables), {'quoting': csv.QUOTE_ALL}, same, False, 0
    yield 'CRLF', tables, {'line_end': '\r\n'}, same, False, 0


# ---- what must not change ----

SPOKEN = {'date', 'events', 'event', 'finding', 'because', 'reasons', 'why', 'action', 'patient_action', 'changes', 'points', 'by',
          'issues', 'patient', 'best_reasons', 'conflicts', 'for', 'against', 'reason', 'readings', 'source'}


def verdict(assessment):
    """The assessment without its sentences and places: numbers, states, rules."""
    def bare(value):
        if isinstance(value, dict):
            return {key: bare(v) for key, v in value.items() if key not in SPOKEN}
        if isinstance(value, list):
            return sorted((bare(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True, default=str))
        return value
    return bare(assessment)


def differences(a, b, tolerance, path=''):
    """Paths at which two verdicts differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(a.keys() | b.keys()):
            yield from differences(a.get(key), b.get(key), tolerance, f'{path}.{key}')
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, tolerance, f'{path}[{i}]')
    elif is_number(a) and is_number(b):
        if abs(decimal.Decimal(a) - decimal.Decimal(b)) > tolerance:
            yield f'{path}: {a} became {b}'
    elif a != b:
        yield f'{path}: {json.dumps(a, default=str)[:200]} became {json.dumps(b, default=str)[:200]}'


def is_number(value):
    return isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool)


def moments(root):
    """{case: as_of dates}"""
    found = {}
    for path in sorted((root / 'tests/cases/expect').glob('*.json')):
        expectations = json.loads(path.read_text(encoding='utf-8'))
        found[expectations['case']] = sorted({m.get('as_of', '') for m in expectations['at']} | {''})
    return found


def problems(program, folder, as_of, variant):
    name, tables, how, moved, new_name, tolerance = variant
    with tempfile.TemporaryDirectory() as copy:
        write(pathlib.Path(copy), tables, **how)
        before, after = cli.assess(program, folder, as_of), cli.assess(program, copy, moved(as_of))
    if len(before) != len(after):
        yield f'{len(before)} patients became {len(after)}'
    for patient, assessment in before.items():
        other = after.get(PREFIX + patient if new_name else patient)
        yield from differences(verdict(assessment), verdict(other or {}), tolerance, patient)


def main(program, root):
    root = pathlib.Path(root)
    number = wrong = 0
    for case, dates in moments(root).items():
        tables = read(root / case)
        for variant in variants(tables):
            for as_of in dates:
                try:
                    found = list(problems(program, root / case, as_of, variant))
                except cli.Failed as refused:
                    found = [str(refused)]
                number += 1
                wrong += bool(found)
                print(f'{"not ok" if found else "ok"} {number} - {case} {as_of or "all"}: {variant[0]}')
                for line in found[:8]:
                    print(f'# {line}')
    print(f'1..{number}')
    return 1 if wrong or not number else 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
