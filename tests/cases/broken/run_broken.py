#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every folder beside this file is a broken case folder, every folder in ../broken_sdtm a broken set of SDTM datasets;
`boneflare validate` must find exactly what expected.txt says.

    run_broken.py PROGRAM SOURCE_ROOT [--update]

expected.txt holds one line a problem, "severity code file:row column" (row 0: the whole file; column - : the row), or one line
"refused WORDS" for a folder that cannot be read at all. Also: the codes that the library can report, the codes that
docs/case-folder.md or (sdtm.*) docs/sdtm.md explains and the codes that these folders show are the same.
"""
import json
import pathlib
import re
import subprocess
import sys
import tomllib

OK, DATA, INPUT = 0, 1, 3


def validate(program, folder, *options):
    done = subprocess.run([program, 'validate', *options, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, timeout=60)
    return done.returncode, done.stdout.decode('utf-8'), done.stderr.decode('utf-8')


def line_of(issue):
    return f"{issue['severity']} {issue['code']} {issue['file']}:{issue['row']} {issue['column'] or '-'}"


def found_in(program, folder):
    """The sorted lines of expected.txt, as found; and what is wrong with the run itself."""
    status, out, err = validate(program, folder, '--json')
    if status == INPUT:
        return [f'refused {err.strip()}'], []
    *issues, last = [json.loads(line) for line in out.splitlines()]
    summary, wrong = last['summary'], []
    errors = sum(issue['severity'] == 'error' for issue in issues)
    if status != (DATA if errors else OK):
        wrong.append(f'exit status {status} with {errors} errors')
    if [summary['errors'], summary['errors'] + summary['warnings'] + summary['notes']] != [errors, len(issues)]:
        wrong.append(f'summary {summary} does not count the problems')
    wrong += [f'no action in {line_of(i)}' for i in issues if not i['action'] or not (i['found'] or i['expected'])]
    human_status, human, _ = validate(program, folder)
    if human_status != status or any(f"[{i['code']}]" not in human for i in issues):
        wrong.append('the text for people and the JSON disagree')
    return sorted(line_of(issue) for issue in issues), wrong


def matches(expected, found):
    if expected and expected[0].startswith('refused '):
        return len(found) == 1 and found[0].startswith('refused ') and expected[0][len('refused '):] in found[0]
    return sorted(expected) == found


def check_folder(program, folder):
    found, wrong = found_in(program, folder)
    expected = (folder / 'expected.txt').read_text(encoding='utf-8').splitlines()
    if not matches(expected, found):
        wrong += [f'missing: {line}' for line in expected if line not in found]
        wrong += [f'unexpected: {line}' for line in found if line not in expected]
    return wrong or ([] if expected else ['expected.txt is empty'])


def check_codes(root, folders):
    """What can be reported, what is explained, what is shown."""
    source = (root / 'src/record/record.h').read_text(encoding='utf-8')
    library = {code: severity.lower() for code, severity in re.findall(r'X\([A-Z0-9_]+, "([a-z0-9_.]+)", ([A-Z]+),', source)}
    page = ''.join((root / 'docs' / name).read_text(encoding='utf-8') for name in ('case-folder.md', 'sdtm.md'))
    explained = dict(re.findall(r'^\| `([a-z]+\.[a-z0-9_]+)` \| (note|warning|error) \|', page, re.M))
    shown = {}
    for folder in folders:
        for line in (folder / 'expected.txt').read_text(encoding='utf-8').splitlines():
            if not line.startswith('refused '):
                shown[line.split()[1]] = line.split()[0]
    wrong = []
    for name, codes in (('docs/case-folder.md or docs/sdtm.md', explained), ('tests/cases/broken', shown)):
        wrong += [f'{code} ({severity}) is not in {name}' for code, severity in library.items() if codes.get(code) != severity]
        wrong += [f'{code} of {name} cannot be reported' for code in codes if code not in library]
    return wrong if len(library) > 25 else ['no codes found in src/record/record.h']


def check_words(root):
    """Every analyte with its units and every drug class of the rulebook has its row in the manual."""
    page = (root / 'docs/case-folder.md').read_text(encoding='utf-8')
    rows = {row[0]: row[2] for row in re.findall(r'^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$', page, re.M)}
    usual = {'enzyme': ['U/L', 'ukat/L', 'nkat/L'], 'fraction': ['%']}
    expected = {}
    for analyte in tomllib.loads((root / 'rulebook/terms/analytes.toml').read_text(encoding='utf-8'))['analyte']:
        expected[analyte['id']] = ', '.join(analyte.get('units') or usual[analyte['kind']])
    for drug_class in tomllib.loads((root / 'rulebook/terms/drugs.toml').read_text(encoding='utf-8'))['class']:
        expected[drug_class['id']] = drug_class['intent']
    return [f'docs/case-folder.md: {word}: {rows.get(word)}, expected {last}' for word, last in expected.items() if rows.get(word) != last]


def main():
    program, root = sys.argv[1], pathlib.Path(sys.argv[2])
    here = pathlib.Path(__file__).parent
    folders = sorted(p.parent for kind in (here, here.parent / 'broken_sdtm') for p in kind.glob('*/expected.txt'))
    if '--update' in sys.argv:
        for folder in folders:
            (folder / 'expected.txt').write_text(''.join(f'{line}\n' for line in found_in(program, folder)[0]), encoding='utf-8')
    checks = [(f'{folder.parent.name}/{folder.name}', check_folder(program, folder)) for folder in folders]
    checks.append(('the same codes in library, manual and cases', check_codes(root, folders)))
    checks.append(('the analytes and drug classes of the rulebook are in the manual', check_words(root)))
    print(f'1..{len(checks)}')
    for number, (name, wrong) in enumerate(checks, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong:
            print(f'# {line}')
    return 1 if any(wrong for _, wrong in checks) else 0


if __name__ == '__main__':
    sys.exit(main())
