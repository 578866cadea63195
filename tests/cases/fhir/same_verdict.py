#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same facts as a case folder and as FHIR give the same assessment: same_verdict.py PROGRAM SOURCE_ROOT

Compared is the whole JSON but where each fact is written: events point to the Bundle's resource instead of the table's row, and
an issue counts by its code. Notes on FHIR itself (fhir.*) have no counterpart.
"""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import boneflare_cli as cli  # noqa: E402

TABLES = 'patients|therapy|lesions|labs|clinical|molecular|pathology|notes'


def issues(assessment):
    return sorted((i['code'], i['severity']) for i in assessment['issues'] if not i['code'].startswith('fhir.'))


def translated(value, name, ids):
    """Events "kaneko2017.json:12" as the table and row that resource was made from."""
    if isinstance(value, dict):
        return {key: translated(v, name, ids) for key, v in value.items() if key != 'issues'}
    if isinstance(value, list):
        return [translated(v, name, ids) for v in value]
    if not isinstance(value, str):
        return value
    row = re.compile(rf'-({TABLES})-(\d+)$')
    return re.sub(re.escape(name) + r'\.json:(\d+)', lambda m: '{}.csv:{}'.format(*row.search(ids[int(m[1]) - 1]).groups()), value)


def differences(a, b, path=''):
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        for key in a:
            yield from differences(a[key], b[key], f'{path}.{key}')
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, f'{path}[{i}]')
    elif a != b:
        yield f'{path}: {str(a)[:200]} | {str(b)[:200]}'


def compare(program, folder, path):
    ids = [entry['resource']['id'] for entry in json.loads(path.read_text(encoding='utf-8'))['entry']]
    tables, bundle = cli.assess(program, folder), cli.assess(program, path)
    renamed = {key.replace('_', '-'): key for key in tables}
    if set(bundle) != set(renamed):
        return [f'patients {sorted(bundle)}, expected {sorted(renamed)}']
    wrong = []
    for key, fhir in bundle.items():
        told = tables[renamed[key]]
        if issues(told) != issues(fhir):
            wrong.append(f'{key}: issues {issues(told)} | {issues(fhir)}')
        fhir['patient'] = renamed[key]
        told.pop('issues')
        wrong += [f'{key}{line}' for line in differences(told, translated(fhir, folder.name, ids))]
    return wrong


def main(program, root):
    root = pathlib.Path(root)
    paths = sorted((root / 'tests/cases/fhir').glob('*.json'))
    bad = not paths
    print(f'1..{len(paths)}')
    for number, path in enumerate(paths, 1):
        wrong = compare(program, root / 'examples' / path.stem, path)
        bad |= bool(wrong)
        print(f'{"not ok" if wrong else "ok"} {number} - {path.stem} as FHIR')
        for line in wrong[:20]:
            print(f'# {line}')
    return int(bad)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3]))
