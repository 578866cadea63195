#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/published-cases.md: what the program says about 23 published cases, beside what was published.

    published_table.py PROGRAM [--check] [--root DIR]

--check compares with the page that is there and fails when it differs.
"""
import argparse
import csv
import decimal
import json
import pathlib
import subprocess
import sys

FLARE, PROGRESSION = ('flare_suspected', 'flare_confirmed'), ('progression',)
SAYS_SO = {'flare': FLARE, 'progression': PROGRESSION, 'liver_injury': ('none',), 'other': ('none',)}

HEAD = '''# Published cases

Twenty-three published patients, written down as case folders in `tests/cases/published` (facts only; a fact that was not printed
is an empty cell), each assessed on the day the question came up. Some were published with a second question later; those are
counted apart. `label` is what the authors said in the end. The engine never reads it.

**right**: the state says what the label says. **wrong**: it says the opposite. **open**: "undetermined", or no question asked where
there was one. For a liver injury or another cause, "none" (no question about the bone) is right and calling it a flare or a
progression is wrong; whether the program names that other cause is not counted here.

These cases were known while the rulebook was written, several are among its sources, and case reports are chosen for being
striking. The table shows that the rules reproduce what experts said about the facts as printed; it is no measure of accuracy.
'''
FOOT = '''
Written by `tools/published_table.py`; a test compares this page with a fresh run.
'''


def assess(program, folder, as_of):
    arguments = [program, 'assess', str(folder), '--format', 'json'] + (['--as-of', as_of] if as_of else [])
    done = subprocess.run(arguments, stdout=subprocess.PIPE, check=False)
    if done.returncode > 1:
        sys.exit(f'{" ".join(arguments)} exits {done.returncode}')
    return json.loads(done.stdout, parse_float=decimal.Decimal)


def judged(label, state):
    if state in SAYS_SO[label]:
        return 'right'
    return 'wrong' if state in FLARE + PROGRESSION else 'open'


def probability(bone):
    if bone['p_flare'] is None:
        return '-'
    low, high = bone['interval']
    return f'{bone["p_flare"]:.2f} ({low:.2f}-{high:.2f})'


def row_of(program, cases, row):
    found = assess(program, cases / row['id'], row['as_of'])
    state = found['bone']['state']
    followed = [v for v in found['visits'] if not v['baseline']]
    recist = (followed[-1]['recist']['overall'] if followed else None) or '-'
    return {**row, 'state': state, 'recist': recist, 'p': probability(found['bone']), 'judged': judged(row['label'], state),
            'expected': state in row['expected_state'].split('|')}


def words(state):
    return state.replace('_', ' ')


def table(rows):
    yield '| case | day | published as | state | p(flare), 95 % interval | RECIST as read | |'
    yield '|---|---|---|---|---|---|---|'
    for r in rows:
        mark = f'**{r["judged"]}**' if r['judged'] == 'wrong' else r['judged']
        note = f'{mark}: {r["note"]}' if r['judged'] != 'right' else mark
        yield (f'| `{r["id"]}` | {r["as_of"] or "all"} | {words(r["label"])} | {words(r["state"])} | {r["p"]} '
               f'| {r["recist"]} | {note} |')


def counts(rows):
    labels = list(dict.fromkeys(r['label'] for r in rows))
    yield '| published as | cases | right | open | wrong |'
    yield '|---|---|---|---|---|'
    for label in labels + ['all']:
        some = [r for r in rows if label in ('all', r['label'])]
        of = lambda word, some=some: sum(r['judged'] == word for r in some)
        yield f'| {words(label)} | {len(some)} | {of("right")} | {of("open")} | {of("wrong")} |'


def naive(rows):
    """What RECIST read literally would have made of the flares."""
    flares = [r for r in rows if r['label'] == 'flare']
    called = sum(r['recist'] == 'PD' for r in flares)
    return f'Of the {len(flares)} published flares, RECIST read literally calls {called} a progression on that day.'


def surprises(rows):
    odd = [r for r in rows if not r['expected']]
    if not odd:
        return 'Every state is among those that tests/cases/published/expect.csv holds to be honest for the facts as printed.'
    listed = '\n'.join(f'- `{r["id"]}` on {r["as_of"] or "all"}: {words(r["state"])}, where '
                       f'{words(r["expected_state"]).replace("|", " or ")} was expected ({r["note"]}).' for r in odd)
    return f'Not as expected in tests/cases/published/expect.csv:\n\n{listed}'


def page(program, root):
    cases = root / 'tests/cases/published'
    with open(cases / 'expect.csv', encoding='utf-8', newline='') as expected:
        rows = [row_of(program, cases, row) for row in csv.DictReader(expected)]
    firsts = {r['id']: r for r in reversed(rows)}
    first = [r for r in rows if firsts[r['id']] is r]
    later = [r for r in rows if firsts[r['id']] is not r]
    parts = [HEAD, *counts(first), '', naive(first), '', '## The question', '', *table(first), '', '## Later in the same patients', '',
             *table(later), '', '## Surprises', '', surprises(rows)]
    return '\n'.join(parts) + '\n' + FOOT


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument('program')
    arguments.add_argument('--check', action='store_true')
    arguments.add_argument('--root', type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    chosen = arguments.parse_args()
    target = chosen.root / 'docs/published-cases.md'
    text = page(chosen.program, chosen.root)
    if not chosen.check:
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding='utf-8')
    elif not target.exists() or target.read_text(encoding='utf-8') != text:
        sys.exit(f'{target} is not what the program says now: run tools/published_table.py {chosen.program}')


if __name__ == '__main__':
    main()
