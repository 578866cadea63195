#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every case folder here, written as FHIR and read again, is the same record and gets the same assessment.

    round_trip.py PROGRAM SOURCE_ROOT

The tables are compared cell by cell: the folder as the program writes it, and the folder written from the FHIR. Only an empty
cell `source` may be filled: the reader names the resource there. The assessments are compared but for where each fact is
written. Writing twice gives the same bytes.
"""
import csv
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import boneflare_cli as cli  # noqa: E402

# Sealing drops the second of two equal rows: those that were written back have other rows, and other issues.
ASSESSED = ('examples', 'tests/cases/published', 'tests/cases/counter')


def folders(root):
    for base in ('examples', 'tests/cases/published', 'tests/cases/counter', 'tests/cases/broken'):
        for folder in sorted((root / base).iterdir()):
            if folder.is_dir() and any(folder.glob('*.csv')):
                yield base, folder


def convert(program, source, form, out):
    cli.run(program, 'convert', source, '--to', form, '--out', out)
    return out


def table(path):
    with path.open(encoding='utf-8', newline='') as stream:
        return list(csv.DictReader(stream))


def cells(a, b, name):
    if len(a) != len(b):
        yield f'{name}: {len(a)} rows, {len(b)} from FHIR'
    for x, y in zip(a, b):
        for key in x:
            if x[key] != y.get(key) and (x[key] or key != 'source'):
                yield f'{name}, {key}: {x[key]!r}, {y.get(key)!r} from FHIR'


def same_tables(a, b):
    names = sorted({p.name for p in a.glob('*.csv')} | {p.name for p in b.glob('*.csv')})
    for name in names:
        if not (a / name).exists() or not (b / name).exists():
            yield f'{name} is only in one of the two'
        else:
            yield from cells(table(a / name), table(b / name), name)


def told(value):
    """The assessment without places: "labs.csv:12" and "bundles.ndjson:1" are where, not what."""
    if isinstance(value, dict):
        return {k: told(v) for k, v in value.items() if k not in ('events', 'issues', 'source')}
    if isinstance(value, list):
        return [told(v) for v in value]
    return re.sub(r'[\w.]+\.(csv|ndjson|json):\d+', 'PLACE', value) if isinstance(value, str) else value


def same_assessment(program, folder, bundles):
    a, b = cli.assess(program, folder), cli.assess(program, bundles)
    if set(a) != set(b):
        yield f'patients {sorted(a)}, {sorted(b)} from FHIR'
    for patient in sorted(set(a) & set(b)):
        if told(a[patient]) != told(b[patient]):
            yield f'the assessment of {patient} differs'


def check(program, base, folder, work):
    plain = convert(program, folder, 'case-folder', work / 'plain')
    bundles = convert(program, folder, 'fhir', work / 'fhir')
    again = convert(program, folder, 'fhir', work / 'again')
    back = convert(program, bundles, 'case-folder', work / 'back')
    yield from same_tables(plain, back)
    if (bundles / 'bundles.ndjson').read_bytes() != (again / 'bundles.ndjson').read_bytes():
        yield 'written twice, the bytes differ'
    if base in ASSESSED:
        yield from same_assessment(program, folder, bundles)


def main(program, root):
    done, bad = 0, 0
    for base, folder in folders(pathlib.Path(root)):
        with tempfile.TemporaryDirectory() as work:
            try:
                wrong = list(check(program, base, folder, pathlib.Path(work)))
            except cli.Failed as refused:
                wrong = [] if base == 'tests/cases/broken' else [str(refused)]
                if not wrong:
                    continue  # nothing of it can be read, which the tests of broken folders show
        done += 1
        bad += bool(wrong)
        print(f'{"not ok" if wrong else "ok"} {done} - {base}/{folder.name}')
        for line in wrong[:10]:
            print(f'# {line}')
    print(f'1..{done}')
    return int(bad > 0 or done < 60)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3]))
