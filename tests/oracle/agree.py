#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Folders, registry, rulebook and manual name the same criteria: agree.py REPOSITORY"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
folders = {path.name for path in (root / 'src/criteria').iterdir() if path.is_dir()}
doors = {name for name in folders if (root / 'src/criteria' / name / f'{name}.h').exists()}
rules = {name for name in folders if list((root / 'rulebook' / name).glob('*.toml'))}
criteria = (root / 'src/criteria/criteria.c').read_text('utf-8')
registry = re.findall(r'= \{"(\w+)", "[^"]+", \w+\}', criteria)
manual = (root / 'docs/criteria.md').read_text('utf-8')
codes = set(re.findall(r'"(recist\.\w+)"', ''.join(p.read_text('utf-8') for p in (root / 'src/criteria').rglob('*.c'))))
problems = [f'src/criteria/{n} has no door header {n}.h' for n in sorted(folders - doors)]
problems += [f'src/criteria/{n} has no rulebook/{n}/' for n in sorted(folders - rules)]
problems += [f'criteria.c does not include {n}/{n}.h' for n in sorted(folders) if f'criteria/{n}/{n}.h' not in criteria]
problems += [f'docs/criteria.md does not name {n}' for n in [*registry, *sorted(codes)] if f'`{n}`' not in manual]
if len(registry) < 4:
    problems.append(f'the registry holds only {registry}')
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
