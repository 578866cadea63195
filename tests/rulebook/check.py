#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rulebook compiler against broken rulebooks: check.py [BONEFLARE_BINARY]. Prints TAP.

broken/NAME.toml begins with `# at:` (which file of the good rulebook it stands in for, or adds) and `# expect:` (what the
compiler must say, exit code 1). With the binary, both must print the same hash of the rulebook.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMPILER = [sys.executable, str(ROOT / 'tools/rulebook.py')]
number = failed = 0


def report(name, problems):
    global number, failed
    number += 1
    failed += bool(problems)
    print(f"{'not ok' if problems else 'ok'} {number} - {name}")
    for problem in problems:
        print('# ' + problem)


def compiler(*words):
    return subprocess.run([*COMPILER, *map(str, words)], capture_output=True, text=True, timeout=60)


def broken_case(case):
    lines = case.read_text('utf-8').splitlines()
    at, expected = lines[0].removeprefix('# at: '), lines[1].removeprefix('# expect: ')
    with tempfile.TemporaryDirectory() as top:
        book = pathlib.Path(top, 'book')
        shutil.copytree(HERE / 'good', book)
        target = book / at
        target.parent.mkdir(exist_ok=True)
        shutil.copy(case, target)
        result = compiler('check', book)
        built = compiler('compile', book, pathlib.Path(top, 'out'))
        problems = []
        if result.returncode != 1 or built.returncode != 1:
            problems.append(f'exit codes {result.returncode} and {built.returncode}, expected 1')
        if expected not in result.stderr:
            problems += [f'expected: {expected}', *(f'printed:  {line}' for line in result.stderr.splitlines())]
        if pathlib.Path(top, 'out').exists():
            problems.append('wrote tables from a broken rulebook')
        return problems


def good_case():
    """What the tables hold: constants, exact decimals, escapes, one-line texts; the same bytes twice."""
    with tempfile.TemporaryDirectory() as top:
        for name in ('a', 'b'):
            result = compiler('compile', HERE / 'good', pathlib.Path(top, name))
            if result.returncode:
                return result.stderr.splitlines()
        problems = [f'{file} differs between two runs' for file in ('rulebook_gen.h', 'rulebook_gen.c', 'terms_gen.c')
                    if pathlib.Path(top, 'a', file).read_bytes() != pathlib.Path(top, 'b', file).read_bytes()]
        everything = ''.join(path.read_text('utf-8') for path in sorted(pathlib.Path(top, 'a').iterdir()))
        for text in ('BFL_RULE_SIGN_PUBLISHED,', 'BFL_NUM_SIGN_PUBLISHED__WINDOW_DAYS_LOW,', 'BFL_TXT_SIGN_PUBLISHED__LABEL,',
                     '{"rise_percent", true, {1550LL, -2}, "15.50"}', '{"large_count", true, {1LL, 3}, "1e3"}',
                     '{"small_fraction", true, {-1LL, -18}, "-0.000000000000000001"}', r'"a \"word\" \?\?/ µ"',
                     '"A text on two lines is one line."', '{"alp3", 1}', 'good/sign/1.toml', 'good/sign \\'):
            if text not in everything:
                problems.append(f'the output has no {text}')
        return problems


def hash_case(binary):
    """The compiler and the library hash the real rulebook alike; the hash moves with a number."""
    here = compiler('hash', ROOT / 'rulebook').stdout.strip()
    there = subprocess.run([binary, 'rules', 'list'], capture_output=True, text=True, timeout=60).stdout
    problems = [] if re.search(f'^sha256 {here}$', there, re.M) and len(here) == 64 else [f'the hashes differ: {here}']
    with tempfile.TemporaryDirectory() as top:
        book = pathlib.Path(top, 'book')
        shutil.copytree(HERE / 'good', book)
        first = compiler('hash', book).stdout
        rules = book / 'sign/1.toml'
        rules.write_text(rules.read_text('utf-8').replace('15.50', '15.5'), 'utf-8')
        if compiler('hash', book).stdout != first:
            problems.append('15.5 and 15.50 hash differently')
        rules.write_text(rules.read_text('utf-8').replace('15.5', '15.6'), 'utf-8')
        if compiler('hash', book).stdout == first:
            problems.append('the hash did not change with a number')
        analytes = book / 'terms/analytes.toml'
        second = compiler('hash', book).stdout
        analytes.write_text(analytes.read_text('utf-8').replace('20000', '20001'), 'utf-8')
        if compiler('hash', book).stdout == second:
            problems.append('the hash did not change with a bound of an analyte')
    return problems


def main():
    cases = sorted((HERE / 'broken').glob('*.toml'))
    print(f'1..{len(cases) + 1 + (len(sys.argv) > 1)}')
    report('good', good_case())
    for case in cases:
        report(case.stem, broken_case(case))
    if len(sys.argv) > 1:
        report('hash', hash_case(sys.argv[1]))
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
