#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every .json and .ndjson file beside this one is broken FHIR; `boneflare validate` must find exactly what expected.txt says.

    run_broken.py PROGRAM SOURCE_ROOT [--update]

expected.txt holds one line a problem, "NAME severity code row column", or "NAME refused WORDS" for an input that cannot be read
at all. Also: the codes that the reader can report, those that docs/fhir.md explains and those shown here are the same; inputs
too large or too odd to keep are made on the spot.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

OK, DATA, INPUT = 0, 1, 3
HERE = pathlib.Path(__file__).parent


def validate(program, path, *options):
    done = subprocess.run([program, 'validate', *options, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, timeout=120)
    return done.returncode, done.stdout.decode('utf-8'), done.stderr.decode('utf-8')


def found_in(program, path):
    """The lines of expected.txt, as found; and what is wrong with the run itself."""
    status, out, err = validate(program, path, '--json')
    if status == INPUT:
        return [f'{path.name} refused {err.strip().split(path.name)[-1].strip(": ")}'], []
    *lines, last = [json.loads(line) for line in out.splitlines()]
    found = [i for i in lines if 'code' in i]
    errors = sum(i['severity'] == 'error' for i in found)
    wrong = [] if status == (DATA if errors else OK) else [f'exit status {status} with {errors} errors']
    if last['summary']['errors'] != errors:
        wrong.append('the summary does not count the errors')
    wrong += [f'no action in {i}' for i in found if not i['action'] or not (i['found'] or i['expected'])]
    told = sum(line['account']['count'] for line in lines if 'account' in line)
    if path.suffix == '.json' and told != resources(path):
        wrong.append(f'the account tells of {told} resources')
    return sorted(f"{path.name} {i['severity']} {i['code']} {i['row']} {i['column'] or '-'}" for i in found), wrong


def resources(path):
    """How many resources there are: each must be in the account."""
    root = json.loads(path.read_text(encoding='utf-8'))
    if root['resourceType'] != 'Bundle':
        return 1
    return sum('resourceType' in entry['resource'] for entry in root['entry'])


def expected_lines():
    return (HERE / 'expected.txt').read_text(encoding='utf-8').splitlines()


def check_file(program, path, expected):
    found, wrong = found_in(program, path)
    mine = [line for line in expected if line.split(' ', 1)[0] == path.name]
    if not mine:
        wrong.append('expected.txt says nothing of it')
    return wrong + [f'missing: {line}' for line in mine if line not in found] + \
        [f'unexpected: {line}' for line in found if line not in mine]


def check_codes(root, expected):
    """What can be reported, what is explained, what is shown."""
    source = (root / 'src/format/fhir/issues.h').read_text(encoding='utf-8')
    library = {code: severity.lower() for code, severity in re.findall(r'X\([A-Z0-9_]+, "(fhir\.[a-z0-9_.]+)", ([A-Z]+),', source)}
    page = (root / 'docs/fhir.md').read_text(encoding='utf-8')
    explained = dict(re.findall(r'^\| `(fhir\.[a-z0-9_]+)` \| (note|warning|error) \|', page, re.M))
    shown = {line.split()[2]: line.split()[1] for line in expected if line.split()[1] != 'refused'}
    shown['fhir.file'] = 'note'  # check_folder
    wrong = []
    for where, codes in (('docs/fhir.md', explained), ('tests/cases/broken_fhir', shown)):
        wrong += [f'{code} ({severity}) is not in {where}' for code, severity in library.items() if codes.get(code) != severity]
        wrong += [f'{code} of {where} cannot be reported' for code in codes if code.startswith('fhir.') and code not in library]
    return wrong if len(library) > 25 else ['no codes found in src/format/fhir/issues.h']


def check_large(program, folder):
    """50 MB in one Bundle: read, every resource in the account."""
    patient = {'resourceType': 'Patient', 'id': 'p'}
    path = folder / 'large.json'
    count = 100000
    with path.open('w', encoding='utf-8') as out:
        out.write('{"resourceType":"Bundle","type":"collection","entry":[' + json.dumps({'resource': patient}))
        for i in range(count):
            lab = {'resourceType': 'Observation', 'id': f'o{i}', 'status': 'final', 'subject': {'reference': 'Patient/p'},
                   'code': {'coding': [{'system': 'http://loinc.org', 'code': '6768-6'}]},
                   'effectiveDateTime': f'{1950 + i % 70}-{1 + i % 12:02}-{1 + i % 28:02}T10:00:00+09:00',
                   'valueQuantity': {'value': 100, 'unit': 'U/L', 'system': 'http://unitsofmeasure.org', 'code': 'U/L'}, 'text': {'div': 'x' * 200}}
            out.write(',' + json.dumps({'resource': lab}))
        out.write(']}')
    size = path.stat().st_size
    status, out, err = validate(program, path, '--json')
    told = sum(json.loads(line)['account']['count'] for line in out.splitlines() if line.startswith('{"account"'))
    return [] if status in (OK, DATA) and told == count + 1 and size > 50e6 else [f'exit {status}, {told} of {count + 1}, {size} bytes, {err}']


def check_folder(program, folder):
    """A folder in which one file is broken, one is packed and one is good: the good one is read, the others are told."""
    mixed = folder / 'mixed'
    mixed.mkdir()
    (mixed / 'a.json').write_text('{"resourceType":', encoding='utf-8')
    (mixed / 'b.ndjson').write_text('{"resourceType":"Patient","id":"p","birthDate":"1960"}\n', encoding='utf-8')
    (mixed / 'c.ndjson.gz').write_bytes(b'\x1f\x8b')
    found, wrong = found_in(program, mixed)
    told = ['mixed error fhir.not_json 0 -', 'mixed note fhir.file 0 -']
    return wrong + ([] if found == told else [f'found {found}'])


def main():
    program, root = sys.argv[1], pathlib.Path(sys.argv[2])
    paths = sorted([*HERE.glob('*.json'), *HERE.glob('*.ndjson')])
    if '--update' in sys.argv:
        lines = [line for path in paths for line in found_in(program, path)[0]]
        (HERE / 'expected.txt').write_text(''.join(f'{line}\n' for line in lines), encoding='utf-8')
    expected = expected_lines()
    checks = [(path.name, check_file(program, path, expected)) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        checks.append(('a Bundle of 50 MB', check_large(program, pathlib.Path(folder))))
        checks.append(('a folder with broken and packed files', check_folder(program, pathlib.Path(folder))))
    checks.append(('the same codes in reader, manual and cases', check_codes(root, expected)))
    print(f'1..{len(checks)}')
    for number, (name, wrong) in enumerate(checks, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong:
            print(f'# {line}')
    return 1 if any(wrong for _, wrong in checks) else 0


if __name__ == '__main__':
    sys.exit(main())
