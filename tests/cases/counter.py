#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counter-cases: the pictures of an example with one decisive fact changed must move the verdict the other way.

    counter.py PROGRAM SOURCE_ROOT

tests/cases/counter/expect.csv says for each which example it is made from, whether p_flare must be lower than the example's, and
which states it must not have.
"""
import csv
import pathlib
import sys

import boneflare_cli as cli


def flare(program, folder, as_of, patient):
    bone = cli.assess(program, folder, as_of)[patient]['bone']
    return bone['state'], bone['p_flare'] or 0, [e['rule'] for e in bone['evidence']]


def problems(program, root, row):
    state, p, rules = flare(program, root / 'tests/cases/counter' / row['name'], row['as_of'], row['name'])
    parent_state, parent_p, _ = flare(program, root / 'examples' / row['parent'], row['parent_as_of'], row['parent'])
    said = f'{row["parent"]} {parent_state} {parent_p}, changed {state} {p}; evidence {", ".join(rules)}'
    if row['p_flare'] == 'lower' and not p < parent_p:
        yield f'p_flare is not lower: {said}'
    if state in row['state_not'].split('|'):
        yield f'still {state}: {said}'


def main(program, root):
    root = pathlib.Path(root)
    with open(root / 'tests/cases/counter/expect.csv', encoding='utf-8', newline='') as table:
        rows = list(csv.DictReader(table))
    folders = {p.name for p in (root / 'tests/cases/counter').iterdir() if p.is_dir()}
    wrong = 0
    for number, row in enumerate(rows, 1):
        try:
            found = list(problems(program, root, row))
        except (cli.Failed, KeyError) as refused:
            found = [repr(refused)]
        wrong += bool(found)
        print(f'{"not ok" if found else "ok"} {number} - {row["name"]}: {row["fact"]}')
        for line in found:
            print(f'# {line}')
    missing = folders ^ {row['name'] for row in rows}
    print(f'{"not ok" if missing else "ok"} {len(rows) + 1} - folders and expect.csv agree {sorted(missing) or ""}')
    print(f'1..{len(rows) + 1}')
    return 1 if wrong or missing or not rows else 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
