#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The library against the oracles on random timelines: compare.py DRIVER [COUNT] [SEED]. Prints TAP, one line a criterion."""
import subprocess
import sys
import tempfile
from fractions import Fraction

import ca125
import cea
import ctcae
import generate
import irecist
import mda
import pcwg
import percist
import psa
import recist
import timeline


def library(driver, folder):
    """{patient: {'visit': [...], 'mda2004': [...], 'irecist': [...], 'best': [...], 'grade': [...], 'liver': [...]}}"""
    output = subprocess.run([driver, folder], capture_output=True, text=True, check=True).stdout
    result = {}
    for line in output.splitlines():
        patient, kind, *rest = line.split(',')
        result.setdefault(patient, {}).setdefault(kind, []).append(rest)
    return result


def rounded(value, places):
    """Half away from zero, as the library prints it; '' when missing."""
    if value is None:
        return None
    scaled = abs(value) * 10 ** places
    whole = int(scaled)
    whole += scaled - whole >= Fraction(1, 2)
    return Fraction(whole if value >= 0 else -whole, 10 ** places)


def number(text):
    return Fraction(text) if text else None


def expected_visits(days, courses):
    for i, day in enumerate(days):
        target, nontarget, new, overall, total, nadir, change, nadir_change = courses[recist.LITERAL][i]
        yield (str(day), target, nontarget, new, overall, courses[recist.NOTE][i][3], courses[recist.SOFT][i][3],
               rounded(total, 2), rounded(nadir, 2), rounded(change, 1), rounded(nadir_change, 1))


def differences(patient, said):
    """(criterion, expected, found) for everything that differs."""
    days, courses, measurable, best = recist.assess(patient)
    expected = list(expected_visits(days, courses))
    found = [(*v[:7], *(number(x) for x in v[7:])) for v in said.get('visit', [])]
    if expected != found:
        yield 'recist', expected, found
    expected = [['measurable' if measurable else 'not', *best]]
    if expected != said.get('best'):
        yield 'best', expected, said.get('best')
    soft = [v[3] for v in courses[recist.SOFT]]
    expected = mda.assess(patient, soft)
    if expected != [m[1] for m in said.get('mda2004', [])]:
        yield 'mda', expected, said.get('mda2004')
    expected, best = irecist.assess(patient)
    found = [v[1] for v in said.get('irecist', [])], dict(said.get('best_word', [])).get('irecist')
    if (expected, best) != found:
        yield 'irecist', (expected, best), found
    expected = pcwg.assess(patient, soft)
    found = tuple([v[1] for v in said.get(id, [])] for id in ('pcwg3_bone', 'pcwg3'))
    if expected != found:
        yield 'pcwg3', expected, found
    expected, found = percist.assess(patient), [v[1] for v in said.get('percist10', [])]
    if expected != found:
        yield 'percist', expected, found
    expected, found = psa.assess(patient), [v[1] for v in said.get('psa_pcwg3', [])]
    if expected != found:
        yield 'psa', expected, found
    for oracle, id in ((ca125, 'ca125_gcig'), (cea, 'cea')):
        expected, found = oracle.assess(patient), [v[1] for v in said.get(id, [])]
        if expected != found:
            yield oracle.__name__, expected, found
    expected = ctcae.grades(patient)
    found = {(int(g[0]), g[1], g[2]): (int(g[3]), g[4]) for g in said.get('grade', [])}
    if expected != found:
        yield 'ctcae', expected, found
    expected = ctcae.liver(patient)
    found = {int(l[0]): (l[5], l[6] == 'entry', l[7] == 'hy') for l in said.get('liver', [])}
    if expected != found:
        yield 'dili', expected, found


# Every word that a criterion must reach on the random timelines.
WORDS = {
    'mda2004': ('CR', 'PR', 'SD', 'PD', 'NE'),
    'irecist': ('iCR', 'iPR', 'iSD', 'non-iCR/non-iUPD', 'iUPD', 'iCPD', 'NE'),
    'pcwg3_bone': ('non-PD', 'PDu', 'PD', 'NE'),
    'pcwg3': ('CR', 'PR', 'SD', 'non-PD', 'PDu', 'PD', 'NE'),
    'percist10': ('CMR', 'PMR', 'SMD', 'PMD', 'NE'),
    'psa_pcwg3': ('response', 'neither', 'PDu', 'progression', 'NE'),
    'ca125_gcig': ('CR', 'PR', 'SD', 'non-PD', 'PDu', 'PD', 'NE'),
    'cea': ('response', 'neither', 'PDu', 'progression', 'NE'),
}


def describe(patient):
    return '\n'.join(f'#   {row}' for row in [*patient.rows, *patient.labs, *patient.notes])


def main(driver, count='2000', seed='1'):
    failures, kinds = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        generate.folder(folder, int(count), int(seed))
        patients = timeline.read(folder)
        said = library(driver, folder)
    for id, patient in patients.items():
        for criterion, expected, found in differences(patient, said.get(id, {})):
            if not failures.get(criterion):
                print(f'# {id} {criterion}\n#   oracle  {expected}\n#   library {found}\n{describe(patient)}')
            failures[criterion] = failures.get(criterion, 0) + 1
        for visit in said.get(id, {}).get('visit', [])[1:]:
            for kind in (f'overall {visit[4]}', f'note {visit[5]}', f'target {visit[1]}', f'new {visit[3]}'):
                kinds[kind] = kinds.get(kind, 0) + 1
        for criterion in WORDS:
            for _, word in said.get(id, {}).get(criterion, [])[1:]:
                kinds[f'{criterion} {word}'] = kinds.get(f'{criterion} {word}', 0) + 1
    names = ('recist', 'best', 'mda', 'irecist', 'pcwg3', 'percist', 'psa', 'ca125', 'cea', 'ctcae', 'dili')
    print(f'1..{len(names) + 1}')
    for n, name in enumerate(names, 1):
        bad = failures.get(name, 0)
        print(f"{'not ' if bad else ''}ok {n} - {name}: {len(patients) - bad} of {len(patients)} random timelines agree")
    # A generator that never reaches a response would let everything pass.
    words = ('CR', 'PR', 'SD', 'PD', 'NE')
    rare = [k for k in [f'{what} {w}' for what in ('overall', 'note', 'target') for w in words] +
            [f'new {w}' for w in ('none', 'equivocal', 'unequivocal')] +
            [f'{criterion} {w}' for criterion, own in WORDS.items() for w in own] if kinds.get(k, 0) < int(count) // 200]
    print(f"{'not ' if rare else ''}ok {len(names) + 1} - every response is reached" + (f": rare {rare}" if rare else ''))
    return 1 if failures or rare else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
