#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rulebook compiler: reads rulebook/**/*.toml, checks every row, writes constant C tables.

    rulebook.py compile RULEBOOK_DIR OUT_DIR   write rulebook_gen.h, rulebook_gen.c, terms_gen.c and rulebook.d
    rulebook.py check RULEBOOK_DIR             validate only
    rulebook.py list RULEBOOK_DIR              one line a rule: id, known, title
    rulebook.py hash RULEBOOK_DIR              the SHA-256 that `boneflare` prints for the rulebook without an overlay

Every error names the file and the rule; all of them are printed, then the exit code is 1. The schema is explained in
rulebook/README.md.
"""
import pathlib
import re
import sys
import tomllib

sys.dont_write_bytecode = True  # no __pycache__ beside the sources

import rulebook_c  # noqa: E402
import rulebook_terms  # noqa: E402
from rulebook_text import Exact, Problems, collapse, number, one_line

KNOWN = ('published', 'standard', 'expert', 'recalled')
SEEN = ('full', 'abstract', 'secondary', 'not opened')

# Every numeric parameter ends in one of these, so that nobody has to guess what 30 means.
# A bound may follow: _low _high _min _max _from _to (interval_fraction_low).
UNITS = '''
    percent fraction ratio probability odds logit log_odds lr or hr
    x_uln x_lln x_baseline x_nadir x_normal factor
    mm mm2 mm3 ml cm hu suv sul um
    hours days weeks months years days_of_month cycles
    u_l iu_l ukat_l mg_dl mmol_l umol_l g_dl g_l mg_l ug_l ng_ml pg_ml nmol_l pmol_l mmol_mol per_ul per_nl u_ml au_ml
    mg mg_day mg_m2 mg_kg kg celsius mm_hour bpm
    count cases patients lesions visits score points grade level order priority places weight sd z year
'''.split()
BOUNDS = 'low high min max from to'.split()
RULE_KEYS = {'id', 'title', 'text', 'known', 'sources', 'reason', 'param'}
FILE_KEYS = {'standard', 'version', 'name', 'prefix', 'fixed', 'rule'}
CITATION_KEYS = {'text', 'url', 'seen'}

ID = re.compile(r'[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)*')
KEY = re.compile(r'[a-z][a-z0-9]*(_[a-z0-9]+)*')
# n/N, an interval (29-77, 10 to 20, [11-38]) or at least the number of patients.
EVIDENCE = re.compile(r'\d+\s*/\s*\d+|\d[\d.,]*\s*%?\s*(-|–|to|\.\.)\s*\d|\bn\s*=\s*\d')


class Rule:
    """One [[rule]] of one file, checked."""

    def __init__(self, book, path, head, row):
        self.path, self.fixed = path, head.get('fixed', False)
        self.standard, self.version = head['standard'], head['version']
        self.id = row.get('id', '')
        problem = lambda text: book.problems.add(path, self.id or '(rule without an id)', text)
        self.title = one_line(row.get('title', ''))
        self.text = one_line(row.get('text', ''))
        self.known = row.get('known', '')
        self.reason = one_line(row.get('reason', ''))
        self.sources = row.get('sources', [])
        self.check_head(head, row, problem)
        self.check_sources(book, problem)
        self.params = {}
        for key, value in row.get('param', {}).items():
            self.add_parameter(key, value, problem)
        self.check_grades(problem)

    def check_head(self, head, row, problem):
        for key in row.keys() - RULE_KEYS:
            problem(f"unknown key '{key}'; the keys of a rule are {', '.join(sorted(RULE_KEYS))}")
        if not ID.fullmatch(self.id):
            problem(f"id '{self.id}' is not well formed: lower case letters, digits, '_' and '.', starting with a letter")
        elif not self.id.startswith(head['prefix'] + '.'):
            problem(f"id does not start with the prefix of the file, '{head['prefix']}.'")
        for key in ('title', 'text'):
            if not getattr(self, key):
                problem(f"'{key}' is missing or empty")
        if self.known not in KNOWN:
            problem(f"known = '{self.known}' is not one of {', '.join(KNOWN)}")
        if self.known == 'expert' and not self.reason:
            problem("an expert rule needs a reason: why this number and not another")
        if self.known == 'published' and not EVIDENCE.search(self.reason):
            problem("a published rule needs a reason with n/N or an interval, as '7/33' or '29-77 days'")

    def check_sources(self, book, problem):
        if not isinstance(self.sources, list) or not all(isinstance(s, str) for s in self.sources):
            problem("'sources' is not a list of citation keys")
            self.sources = []
        if not self.sources and self.known != 'expert':
            problem(f"a {self.known or 'sourced'} rule needs at least one source")
        for source in self.sources:
            if source not in book.citations:
                problem(f"source '{source}' is not in citations.toml")
        if len(set(self.sources)) != len(self.sources):
            problem("a source is named twice")

    def add_parameter(self, key, value, problem):
        if not KEY.fullmatch(key):
            problem(f"parameter '{key}' is not well formed: lower case letters, digits and single '_'")
        if isinstance(value, str) and not isinstance(value, Exact):
            self.params[key] = one_line(value)
        elif isinstance(value, bool) or not isinstance(value, (int, Exact)):
            problem(f"parameter '{key}' is neither a number nor a text")
        else:
            self.params[key] = number(value, lambda text: problem(f"parameter '{key}': {text}"))
            if not unit_of(key):
                problem(f"parameter '{key}' does not end in its unit (the list is UNITS in tools/rulebook.py)")

    def check_grades(self, problem):
        """CTCAE thresholds rise (or, for low values, fall) from grade 1 to grade 4."""
        courses = {}
        for key, value in self.params.items():
            match = re.fullmatch(r'(.*?)grade([1-5])(_.*)?', key)
            if match and isinstance(value, rulebook_c.Number):
                courses.setdefault((match[1], match[3]), []).append((int(match[2]), value.value, key))
        for course in courses.values():
            course.sort()
            steps = [b[1] - a[1] for a, b in zip(course, course[1:])]
            if not (all(s > 0 for s in steps) or all(s < 0 for s in steps)):
                problem('grades are not monotone: ' + ', '.join(f'{key} = {value}' for _, value, key in course))


def unit_of(key):
    """The unit a parameter name ends in, or None."""
    for bound in BOUNDS:
        key = key.removesuffix('_' + bound)
    return next((unit for unit in UNITS if key == unit or key.endswith('_' + unit)), None)


class Rulebook:
    """Everything under one folder, checked."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.problems = Problems()
        self.rules, self.citations, self.version = {}, {}, ''
        self.files = sorted(self.root.rglob('*.toml'))
        documents = {path: self.read(path) for path in self.files}
        self.read_version(documents.pop(self.root / 'rulebook.toml', None))
        self.read_citations(documents.pop(self.root / 'citations.toml', {}))
        terms = {path: documents.pop(path) for path in list(documents) if path.parent == self.root / 'terms'}
        prefixes = {}
        for path, document in documents.items():
            self.read_rules(path, document, prefixes)
        self.check_constants()
        self.terms = rulebook_terms.Terms(terms, self.rules, self.problems, self.citations)
        self.check_words()

    def read(self, path):
        try:
            return tomllib.loads(path.read_text('utf-8'), parse_float=Exact)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.problems.add(path, '', f'not TOML: {error}')
            return {}

    def read_version(self, document):
        path = self.root / 'rulebook.toml'
        if document is None:
            self.problems.add(path, '', 'missing: it holds the version of the rulebook')
            return
        self.version = document.get('version', '')
        if not re.fullmatch(r'\d{4}\.\d{2}(\.\d+)?', str(self.version)):
            self.problems.add(path, '', f"version '{self.version}' is not written as 2026.11")

    def read_citations(self, document):
        path = self.root / 'citations.toml'
        for key, row in document.items():
            problem = lambda text: self.problems.add(path, key, text)
            if not KEY.fullmatch(key):
                problem('a citation key has lower case letters, digits and single underscores')
            if not isinstance(row, dict):
                problem('is not a table: write [key] and under it text, url, seen')
                continue
            for unknown in row.keys() - CITATION_KEYS:
                problem(f"unknown key '{unknown}'; the keys of a citation are text, url, seen")
            if not row.get('text'):
                problem("'text' is missing or empty")
            if not re.fullmatch(r'|https://[^\s"<>]+', row.get('url', '')):
                problem(f"url '{row.get('url')}' is neither empty nor an https address")
            if row.get('seen') not in SEEN:
                problem(f"seen = '{row.get('seen', '')}' is not one of {', '.join(SEEN)}")
            self.citations[key] = {'text': one_line(row.get('text', '')), 'url': row.get('url', ''),
                                   'seen': row.get('seen', '')}

    def read_rules(self, path, document, prefixes):
        missing = [key for key in ('standard', 'version', 'name', 'prefix') if not isinstance(document.get(key), str)]
        for key in missing:
            self.problems.add(path, '', f"'{key}' is missing at the head of the file or is not a text")
        for key in document.keys() - FILE_KEYS:
            self.problems.add(path, '', f"unknown key '{key}'; the head of a file is standard, version, name, prefix")
        if missing:
            return
        where = path.relative_to(self.root)
        if where != pathlib.Path(document['standard'], document['version'] + '.toml'):
            self.problems.add(path, '', f"the file is not where its head says: {document['standard']}/{document['version']}.toml")
        if document['prefix'] in prefixes:
            self.problems.add(path, '', f"prefix '{document['prefix']}' is taken by {prefixes[document['prefix']]}")
        prefixes[document['prefix']] = where
        for row in document.get('rule', []):
            rule = Rule(self, path, document, row)
            if rule.id in self.rules:
                self.problems.add(path, rule.id, f'id is already in {self.rules[rule.id].path.relative_to(self.root)}')
            self.rules[rule.id] = rule
        self.rules = dict(sorted(self.rules.items()))

    def check_constants(self):
        """Two ids may differ and still give one C constant: a.b_c and a.b.c."""
        seen = {}
        for rule in self.rules.values():
            name = rulebook_c.constant(rule.id)
            if name in seen:
                self.problems.add(rule.path, rule.id, f"gives the same C constant as '{seen[name]}'")
            seen[name] = rule.id

    def check_words(self):
        """A text parameter that names an analyte or a drug class names a known one."""
        for rule in self.rules.values():
            for key, value in rule.params.items():
                known = {'analyte': self.terms.analytes, 'drug_class': self.terms.classes}
                for word, table in known.items():
                    if (key == word or key.endswith('_' + word)) and isinstance(value, str) and value not in table:
                        self.problems.add(rule.path, rule.id, f"{key} = '{value}' is not in rulebook/terms")

    def canonical(self):
        """The text the hash is taken over; src/rules/hash.c writes the same bytes."""
        lines = [f'rulebook\t{self.version}', f'terms\t{self.terms.sha256()}']
        for rule in self.rules.values():
            lines += [f'rule\t{rule.id}', f'standard\t{rule.standard}\t{rule.version}', f'title\t{rule.title}',
                      f'text\t{rule.text}', f'known\t{rule.known}', f'reason\t{rule.reason}']
            lines += [f'source\t{source}' for source in rule.sources]
            lines += [f'number\t{key}\t{value.canonical()}' if isinstance(value, rulebook_c.Number) else
                      f'words\t{key}\t{value}' for key, value in rule.params.items()]
        for key, row in sorted(self.citations.items()):
            lines += [f"citation\t{key}\t{row['text']}", f"url\t{row['url']}", f"seen\t{row['seen']}"]
        return ''.join(line + '\n' for line in lines)


def depfile(book, out):
    tools = pathlib.Path(__file__).parent
    sources = book.files + sorted({book.root, *(path.parent for path in book.files)}) + sorted(tools.glob('rulebook*.py'))
    names = ' \\\n  '.join(str(path).replace(' ', '\\ ') for path in sources)
    return f'{out}/rulebook_gen.h: {names}\n'


def compile_book(book, out):
    out_dir = pathlib.Path(out)
    out_dir.mkdir(parents=True, exist_ok=True)
    outputs = {'rulebook_gen.h': rulebook_c.header(book), 'rulebook_gen.c': rulebook_c.tables(book),
               'terms_gen.c': rulebook_terms.tables(book.terms) + rulebook_terms.places(book.terms),
               'rulebook.d': depfile(book, out)}
    for name, text in outputs.items():
        (out_dir / name).write_text(text, 'utf-8')


def main(args):
    if len(args) < 2 or args[0] not in ('compile', 'check', 'list', 'hash') or len(args) != (3 if args[0] == 'compile' else 2):
        sys.exit(__doc__)
    book = Rulebook(args[1])
    if book.problems:
        book.problems.show(sys.stderr)
        sys.exit(1)
    if args[0] == 'compile':
        compile_book(book, args[2])
    elif args[0] == 'list':
        for rule in book.rules.values():
            print(f'{rule.id:48} {rule.known:9} {rule.title}')
    elif args[0] == 'hash':
        print(rulebook_c.sha256(book.canonical()))


if __name__ == '__main__':
    main(sys.argv[1:])
