#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Public FHIR data beside the checkout, when it is there: read without an error, every resource in the account.

    read_data.py PROGRAM SOURCE_ROOT [--accept]

Prints the account of each set: mCODE STU4's examples, US Core's, Synthea's Bundles and Bulk Data, a cancer registry's Bundles, the
CSV layout of the mCODE Extraction Framework. What was used, kept, dropped and unknown, by type and kind, is that of
accounts.txt; --accept writes it anew.
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

SETS = ('mcode-ig-examples', 'us-core-examples', 'ccrr', 'synthea-r4', 'synthea-r4/lung-cancer-bundles',
        'mef-csv/test/sample-client-data')
ACCOUNTS = pathlib.Path(__file__).parent / 'accounts.txt'
# The example's range of haematocrit is exchanged: low 46, high 38.
EXPECTED_ERRORS = {'us-core-examples': ['lab.range_order']}
LEAST_USED = {'mcode-ig-examples': 50, 'ccrr': 10, 'synthea-r4': 10000, 'synthea-r4/lung-cancer-bundles': 100,
              'mef-csv/test/sample-client-data': 25}


def resources(folder):
    """How many there are."""
    count = 0
    for path in sorted(folder.iterdir()):
        if path.suffix == '.ndjson':
            count += sum(1 for line in path.open(encoding='utf-8') if line.strip())
        elif path.suffix == '.json':
            root = json.loads(path.read_text(encoding='utf-8'))
            count += len(root['entry']) if root['resourceType'] == 'Bundle' else 1
        elif path.suffix == '.csv':
            with path.open(encoding='utf-8', newline='') as stream:
                rows = [r for r in csv.DictReader(stream) if any(r.values())]
            count += sum(sum(bool(r[c]) for c in ('stageGroup', 't', 'n', 'm')) if 'stageGroup' in r else 1 for r in rows)
    return count


def account_lines(name, account):
    """As they are pinned: the set, what became of how many, of what. The unknown by type only: their kinds are the data's words."""
    counts = {}
    for a in account:
        key = (a['outcome'], a['type'], a['what'] if a['outcome'] != 'unknown' else '')
        counts[key] = counts.get(key, 0) + a['count']
    return ['\t'.join((name, outcome, str(n), kind, what)).rstrip() for (outcome, kind, what), n in sorted(counts.items())]


def round_trip(program, folder, name):
    """Written as FHIR and read again, the records are the same: their case folders are equal byte for byte."""
    with tempfile.TemporaryDirectory() as work:
        steps = ((folder, 'fhir', 'fhir'), (folder, 'case-folder', 'plain'), (f'{work}/fhir', 'case-folder', 'back'))
        for source, form, out in steps:
            done = subprocess.run([program, 'convert', str(source), '--to', form, '--out', f'{work}/{out}'], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, check=False)
            if done.returncode > 1:
                return [done.stderr.decode('utf-8', 'replace').strip()]
        plain, back = pathlib.Path(work, 'plain'), pathlib.Path(work, 'back')
        tables = sorted({p.name for p in plain.iterdir()} | {p.name for p in back.iterdir()})
        return [f'{name}: {t} is another after FHIR' for t in tables
                if not (plain / t).exists() or not (back / t).exists() or (plain / t).read_bytes() != (back / t).read_bytes()]


def pinned(name):
    return [line for line in ACCOUNTS.read_text(encoding='utf-8').splitlines() if line.startswith(name + '\t')]


def check(program, folder, name, told):
    begin = time.monotonic()
    done = subprocess.run([program, 'validate', '--json', str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode > 1:
        return [done.stderr.decode('utf-8', 'replace').strip()]
    lines = [json.loads(line) for line in done.stdout.decode('utf-8').splitlines()]
    account = [line['account'] for line in lines if 'account' in line]
    total = {o: sum(a['count'] for a in account if a['outcome'] == o) for o in ('used', 'kept', 'dropped', 'unknown')}
    errors = [line['code'] for line in lines if line.get('severity') == 'error']
    print(f'# {name}: {lines[-1]["summary"]["patients"]} patients, {total}, {time.monotonic() - begin:.2f} s')
    kinds = {}
    for a in account:
        kinds.setdefault(a['type'], {}).setdefault(a['outcome'], 0)
        kinds[a['type']][a['outcome']] += a['count']
    for kind, outcomes in sorted(kinds.items()):
        print(f'#   {kind}: {", ".join(f"{o} {n}" for o, n in outcomes.items())}')
    told += account_lines(name, account)
    wrong = [] if errors == EXPECTED_ERRORS.get(name, []) else [f'errors {errors}']
    if sum(total.values()) != resources(folder):
        wrong.append(f'{sum(total.values())} resources in the account, {resources(folder)} in the files')
    if total['used'] < LEAST_USED.get(name, 1):
        wrong.append(f'only {total["used"]} used')
    wrong += round_trip(program, folder, name)
    if '--accept' not in sys.argv:
        was, now = set(pinned(name)), set(account_lines(name, account))
        wrong += [f'no longer: {line}' for line in sorted(was - now)[:20]] + [f'now: {line}' for line in sorted(now - was)[:20]]
    return wrong


def main(program, root):
    data = pathlib.Path(root) / '../shared/data/fhir'
    if not data.is_dir():
        print('1..0 # SKIP no public data beside the checkout')
        return 0
    bad, told = 0, []
    print(f'1..{len(SETS)}')
    for number, name in enumerate(SETS, 1):
        wrong = check(program, data / name, name, told)
        bad |= bool(wrong)
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        for line in wrong:
            print(f'# {line}')
    if '--accept' in sys.argv:
        ACCOUNTS.write_text(''.join(f'{line}\n' for line in told), encoding='utf-8')
    return bad


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3]))
