#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every number of the criteria's rules is nudged by an overlay; the random timelines must notice: nudge.py DRIVER RULEBOOK.

compare.py compares the same timelines with oracles that hold their own numbers, so a change noticed here fails there.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib
from fractions import Fraction

import generate

FILES = ('recist/1.1.toml', 'irecist/2017.toml', 'pcwg/3.toml', 'percist/1.0.toml', 'psa/pcwg3.toml', 'ca125/gcig.toml', 'cea/1.toml', 'mda/2004.toml', 'ctcae/5.0.toml', 'dili/2011.toml')
# Reached by unit tests alone: the random timelines hold no such analyte, or tell nothing apart from an issue.
ELSEWHERE = ('ctcae5.amylase', 'ctcae5.lipase', 'ctcae5.creatinine', 'ctcae5.anemia', 'ctcae5.platelets')
HELD_BY_UNIT_TESTS = (('irecist.confirm.window', 'maximum_days'),)  # only matters where late confirmation is refused
# A thinner slice changes nothing: twice its thickness stays below the 10 mm that are asked for anyway.
INERT = ('recist11.measurable.slice slice_mm = 4.95',)


def numbers(rulebook):
    for name in FILES:
        for rule in tomllib.loads((pathlib.Path(rulebook) / name).read_text('utf-8'), parse_float=Fraction)['rule']:
            for key, value in rule.get('param', {}).items():
                if not isinstance(value, str) and rule['id'] not in ELSEWHERE and (rule['id'], key) not in HELD_BY_UNIT_TESTS:
                    yield rule['id'], key, Fraction(value)


def nudged(key, value):
    """Days and counts move by one, everything else by one per cent, both ways."""
    step = Fraction(1) if key.endswith(('_days', '_lesions')) else value / 100
    return [float(value + step), float(value - step)]


class Timelines:
    """A folder of random patients and what the library says of them by the book."""

    def __init__(self, driver, root, seed):
        self.driver, self.folder = driver, pathlib.Path(root) / str(seed)
        self.folder.mkdir()
        generate.folder(self.folder, 800, seed)
        self.by_the_book = self.run()

    def run(self, *overlay):
        return subprocess.run([self.driver, self.folder, *overlay], capture_output=True, text=True, check=True).stdout

    def notice(self, overlay):
        return self.run(overlay) != self.by_the_book


def main(driver, rulebook):
    unnoticed = []
    with tempfile.TemporaryDirectory() as root:
        sets = [Timelines(driver, root, seed) for seed in (1, 2, 3, 4)]
        todo = list(numbers(rulebook))
        for rule, key, value in todo:
            for other in nudged(key, value):
                other = int(other) if other == int(other) else round(other, 6)
                name, overlay = f'{rule} {key} = {other}', json.dumps({rule: {key: other}})
                if name not in INERT and not any(timelines.notice(overlay) for timelines in sets):
                    unnoticed.append(name)
    print(f'1..1\n# {len(todo)} numbers nudged both ways')
    for line in unnoticed:
        print(f'# not noticed: {line}')
    print(f"{'not ' if unnoticed else ''}ok 1 - every nudged number is noticed")
    return 1 if unnoticed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
