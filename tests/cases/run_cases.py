#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the example cases must say, at several dates: runs tests/cases/expect/*.json against the program.

    run_cases.py PROGRAM SOURCE_ROOT [NAME...]

An expectation file:

    {"case": "examples/kaneko2017", "patient": "kaneko2017",
     "at": [{"as_of": "d38", "why": "the CT of day 38",
             "expect": [{"path": "bone.state", "in": ["flare_suspected", "flare_confirmed"]}]}]}

A path walks the JSON: `a.b`, `a[0]`, `a[-1]`, `a[*]`, `a[key=value]` (every item whose key has that value). It yields a list of
values; one operator says what they must be:

    equals X     there is exactly one value, and it is X       values [..]  the values are these, in this order
    in [..]      exactly one value, and it is among these      not_in [..]  no value is among these
    has [..]     each of these is among the values             has_none [..] none of these is among the values
    has_one [..] at least one of these is among the values     matches RE   some value, as text, matches the expression
    at_least N   there are at least N values                   matches_none RE  no value, as text, matches it
    rounds X     exactly one number, X after rounding to the decimal places of X
"""
import decimal
import json
import pathlib
import re
import sys

import boneflare_cli as cli

STEP = re.compile(r'([A-Za-z_0-9]+)|\[(\*|-?\d+|[A-Za-z_.]+=[^\]]*)\]')


def walk(value, path):
    """All values at a path; nothing when a part is not there."""
    values = [value]
    for key, index in STEP.findall(path):
        found = []
        for v in values:
            if key:
                found += [v[key]] if isinstance(v, dict) and key in v else []
            elif not isinstance(v, list):
                continue
            elif index == '*':
                found += v
            elif '=' in index:
                name, wanted = index.split('=', 1)
                found += [item for item in v if plain(item.get(name)) == wanted]
            elif -len(v) <= int(index) < len(v):
                found.append(v[int(index)])
        values = found
    return values


def plain(value):
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def same(a, b):
    number = (int, decimal.Decimal)
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, number) and isinstance(b, number):
        return decimal.Decimal(a) == decimal.Decimal(b)
    return a == b


def among(value, several):
    return any(same(value, s) for s in several)


def rounds(value, wanted):
    step = decimal.Decimal(1).scaleb(decimal.Decimal(wanted).as_tuple().exponent)
    return decimal.Decimal(value).quantize(step, decimal.ROUND_HALF_UP) == decimal.Decimal(wanted)


OPERATORS = {
    'equals': lambda v, x: len(v) == 1 and same(v[0], x),
    'values': lambda v, x: len(v) == len(x) and all(map(same, v, x)),
    'in': lambda v, x: len(v) == 1 and among(v[0], x),
    'not_in': lambda v, x: not any(among(one, x) for one in v),
    'has': lambda v, x: all(among(one, v) for one in x),
    'has_none': lambda v, x: not any(among(one, v) for one in x),
    'has_one': lambda v, x: any(among(one, v) for one in x),
    'matches': lambda v, x: any(re.search(x, plain(one)) for one in v),
    'matches_none': lambda v, x: not any(re.search(x, plain(one)) for one in v),
    'rounds': lambda v, x: len(v) == 1 and v[0] is not None and rounds(v[0], x),
    'at_least': lambda v, x: len(v) >= x,
}


def check(assessment, expectation):
    """None when it holds, else what was found."""
    paths = expectation['path']
    values = [v for path in ([paths] if isinstance(paths, str) else paths) for v in walk(assessment, path)]
    operators = [k for k in expectation if k in OPERATORS]
    if len(operators) != 1:
        raise ValueError(f'an expectation has one operator: {expectation}')
    wanted = expectation[operators[0]]
    if OPERATORS[operators[0]](values, wanted):
        return None
    found = ', '.join(map(plain, values)) or 'nothing'
    return f'{paths} {operators[0]} {json.dumps(wanted, default=str)}; found {found[:600]}'


def results(program, root, expectations):
    """(name, None or what is wrong) for every expectation of one file."""
    for moment in expectations['at']:
        as_of = moment.get('as_of', '')
        patient = moment.get('patient', expectations.get('patient'))
        name = f'{expectations["case"]} {patient} {as_of or "all"}'
        try:
            assessment = cli.assess(program, root / expectations['case'], as_of)[patient]
        except (cli.Failed, KeyError, ValueError) as refused:
            for expectation in moment['expect']:
                yield f'{name}: {expectation["path"]}', f'not assessed: {refused!r}'
            continue
        for expectation in moment['expect']:
            yield f'{name}: {expectation.get("says", expectation["path"])}', check(assessment, expectation)


def main(program, root, *only):
    root = pathlib.Path(root)
    files = sorted((root / 'tests/cases/expect').glob('*.json'))
    number = wrong = 0
    for path in files:
        if only and path.stem not in only:
            continue
        expectations = json.loads(path.read_text(encoding='utf-8'), parse_float=decimal.Decimal)
        for name, problem in results(program, root, expectations):
            number += 1
            wrong += problem is not None
            print(f'{"not ok" if problem else "ok"} {number} - {name}')
            if problem:
                print(f'# {problem}')
    print(f'1..{number}')
    return 1 if wrong or not number else 0


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
