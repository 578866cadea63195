#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that what `boneflare assess` prints for every example is what docs say. Prints TAP.

    schema.py BONEFLARE ROOT

JSON: valid against docs/assessment.schema.json, one object a line, the documented order of keys, every rule, citation and
row that it names exists, probabilities add up. HTML: well formed, ids unique, links inside lead somewhere, nothing from
outside, every table with headers of a scope, every picture with a name. Both: the same bytes twice.
"""
import collections
import html.parser
import json
import pathlib
import re
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None

program, root = sys.argv[1], pathlib.Path(sys.argv[2])
SCHEMA = json.loads((root / 'docs/assessment.schema.json').read_text(encoding='utf-8'))
CASES = sorted(p for p in (root / 'examples').iterdir() if (p / 'patients.csv').exists())


def assess(*arguments):
    result = subprocess.run([program, 'assess', *map(str, arguments)], capture_output=True, timeout=120)
    if result.returncode not in (0, 1):
        raise AssertionError(f'exit {result.returncode}: {result.stderr.decode()}')
    return result.stdout


def walk(value, path=''):
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, f'{path}.{key}')
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from walk(inner, f'{path}[{i}]')


def known_rules():
    listed = subprocess.run([program, 'rules', 'list'], capture_output=True, check=True).stdout.decode()
    return set(re.findall(r'^\s*([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)', listed, re.M))


def known_citations():
    return set(re.findall(r'^\[([a-z0-9_]+)\]', (root / 'rulebook/citations.toml').read_text(encoding='utf-8'), re.M))


def check_keys(value, schema, path=''):
    """Objects have their keys in the order of the schema."""
    if '$ref' in schema:
        schema = SCHEMA['$defs'][schema['$ref'].rsplit('/', 1)[1]]
    for choice in schema.get('anyOf', []):
        if value is not None and '$ref' in choice:
            check_keys(value, choice, path)
    if isinstance(value, dict) and 'properties' in schema:
        assert list(value) == list(schema['properties']), f'{path}: keys {list(value)}'
        for key, inner in value.items():
            check_keys(inner, schema['properties'][key], f'{path}.{key}')
    if isinstance(value, list) and 'items' in schema:
        for inner in value:
            check_keys(inner, schema['items'], path + '[]')


def check_probabilities(report):
    for path, value in walk(report):
        if not isinstance(value, dict) or value.get('p_flare') is None or 'interval' not in value:
            continue
        total = value['p_flare'] + value['p_progression'] + value['p_other'] if 'p_other' in value else 1  # hindsight
        assert abs(total - 1) < 0.0021, f'{path}: probabilities add up to {total}'
        low, high = value['interval']
        assert low <= value['p_flare'] + 0.001 and value['p_flare'] <= high + 0.001, f'{path}: {low}..{high}'


def check_json(folder):
    text = assess(folder, '--format', 'json').decode()
    assert text == assess(folder, '--format', 'json').decode(), 'two runs differ'
    rules, citations = known_rules(), known_citations()
    reports = [json.loads(line) for line in text.splitlines()]
    assert reports and text.count('\n') == len(reports)
    for report in reports:
        if jsonschema:
            jsonschema.Draft202012Validator(SCHEMA).validate(report)
        check_keys(report, SCHEMA)
        check_probabilities(report)
        for path, value in walk(report):
            if path.endswith('.rule') and isinstance(value, str):
                assert value in rules, f'{path}: there is no rule {value}'
            if path.endswith('.source') and isinstance(value, list):
                assert set(value) <= citations, f'{path}: {value}'
            if re.search(r'\.events\[\d+\]$', path):
                file, _, row = value.rpartition(':')
                lines = (folder / file).read_text(encoding='utf-8-sig').splitlines()
                assert 2 <= int(row) <= len(lines), f'{path}: {value}'


class Page(html.parser.HTMLParser):
    VOID = {'meta', 'br', 'link', 'img', 'input', 'hr'}

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.problems, self.names = [], collections.Counter(), [], [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in self.VOID:
            self.open.append(tag)
        if 'id' in given:
            self.ids[given['id']] += 1
        if tag == 'a':
            self.links.append(given.get('href', ''))
        self.names += given.get('aria-labelledby', '').split()
        if tag == 'th' and given.get('scope') not in ('row', 'col', 'colgroup'):
            self.problems.append('th without a scope')
        if tag == 'svg' and given.get('aria-hidden') != 'true' and (given.get('role'), 'aria-labelledby' in given) != ('img', True):
            self.problems.append('svg without a name')
        if tag in ('script', 'link', 'img', 'iframe', 'object') or any(a.startswith('on') or a == 'src' for a in given):
            self.problems.append(f'<{tag}> asks for something or runs something')

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f'</{tag}> closes nothing at {self.getpos()}')


def check_html(folder, reader):
    text = assess(folder, '--format', 'html', '--for', reader).decode()
    assert text == assess(folder, '--format', 'html', '--for', reader).decode(), 'two runs differ'
    page = Page()
    page.feed(text)
    assert not page.problems, page.problems[:5]
    assert not page.open, page.open
    assert all(count == 1 for count in page.ids.values()), [i for i, n in page.ids.items() if n > 1]
    assert all(name in page.ids for name in page.names), [n for n in page.names if n not in page.ids]
    for link in page.links:
        inside = link.startswith('#') and link[1:] in page.ids
        assert inside or re.match(r'https?://', link), link
    coordinates = [float(x) for x in re.findall(r'<(?:text|rect|line|circle)[^>]* (?:x|x1|cx)="(-?[0-9.]+)"', text)]
    assert all(-10 <= x <= 1001 for x in coordinates), (min(coordinates), max(coordinates))
    assert 'nan' not in re.sub(r'[a-z]nan|nan[a-z]', '', text.lower()), 'a number is not one'


def main():
    checks = [(f'schema of the schema', lambda: jsonschema and jsonschema.Draft202012Validator.check_schema(SCHEMA))]
    for folder in CASES:
        checks.append((f'json {folder.name}', lambda f=folder: check_json(f)))
        for reader in ('clinician', 'patient'):
            checks.append((f'html {folder.name} {reader}', lambda f=folder, r=reader: check_html(f, r)))
    print(f'1..{len(checks)}')
    if not jsonschema:
        print('# python3-jsonschema is not installed: keys are checked, types are not')
    for number, (name, check) in enumerate(checks, 1):
        try:
            check()
            print(f'ok {number} - {name}')
        except Exception as problem:  # a test that breaks is a test that fails
            print(f'not ok {number} - {name}')
            for line in str(problem).splitlines()[:12]:
                print('#', line)


main()
