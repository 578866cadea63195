# SPDX-License-Identifier: Apache-2.0
"""Runs the program under test and reads its JSON. Numbers stay exact decimals."""
import decimal
import json
import subprocess

DONE = (0, 1)  # 1: done as far as possible, something in the data cannot be used


class Failed(Exception):
    """The program refused, with what it said."""


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode not in DONE:
        said = done.stderr.decode('utf-8', 'replace').strip()
        raise Failed(f'boneflare {" ".join(map(str, arguments))} exits {done.returncode}: {said}')
    return done.stdout.decode('utf-8')


def records(text):
    """One JSON object a line."""
    return [json.loads(line, parse_float=decimal.Decimal) for line in text.splitlines() if line.strip()]


def assess(program, folder, as_of=''):
    """The assessments of a case folder: {patient id: object}."""
    arguments = ['assess', folder, '--format', 'json'] + (['--as-of', as_of] if as_of else [])
    return {r['patient']['id'] if isinstance(r['patient'], dict) else r['patient']: r
            for r in records(run(program, *arguments))}
