# SPDX-License-Identifier: Apache-2.0
"""Reads and checks rulebook/terms (analytes, drugs, TNM categories) and writes their C tables."""
import re

from rulebook_c import GENERATED, maybe, quote, table
from rulebook_text import Exact, number, one_line, sha256

KINDS = {'enzyme': 'ENZYME', 'concentration': 'CONCENTRATION', 'fraction': 'FRACTION', 'count': 'COUNT_OF', 'other': 'OTHER'}
ROLES = ('bone', 'liver', 'tumour', 'calcium', 'haematology', 'isozyme', 'other')
INTENTS = ('anticancer', 'bone_agent', 'radiotherapy', 'surgery', 'supportive')
# Units an analyte of a kind has when its row names none.
UNITS_OF_KIND = {'enzyme': {'U/L': 1, 'ukat/L': 60, 'nkat/L': Exact('0.06')}, 'fraction': {'%': 1}}
KEYS = {
    'analyte': {'id', 'name', 'kind', 'role', 'loinc', 'aliases', 'units', 'unit_notes', 'plausible', 'scales', 'part_of'},
    'unit_alias': {'text', 'unit', 'kind'},
    'class': {'id', 'name', 'intent'},
    'drug': {'id', 'class', 'intent', 'aliases', 'dose'},
    'edition': {'number', 'known', 'sources', 'categories'},
    'cdisc': {'list', 'term', 'code', 'means', 'written'},
}
NAME_LIMIT = 64  # bytes of a folded name; src/terms/names.c has the same limit


def fold(name):
    """How names are compared: without ASCII case, space, '-' and '_'. src/terms/names.c does the same."""
    return ''.join(c.lower() if c.isascii() else c for c in name if c not in ' -_')


def loinc_valid(code):
    """A LOINC code ends in a mod-10 check digit."""
    match = re.fullmatch(r'(\d{1,7})-(\d)', code)
    if not match:
        return False
    backwards = [int(digit) for digit in reversed(match[1])]
    total = sum(sum(divmod(2 * digit, 10)) for digit in backwards[::2]) + sum(backwards[1::2])
    return (10 - total % 10) % 10 == int(match[2])


class Analyte:
    def __init__(self, row, rules, problem):
        self.id, self.name = row.get('id', ''), one_line(row.get('name', ''))
        self.kind, self.role = row.get('kind', ''), row.get('role', '')
        self.loinc, self.part_of = row.get('loinc', ''), row.get('part_of', '')
        self.aliases = list(row.get('aliases', []))
        self.notes = row.get('unit_notes', {})
        self.check(problem)
        self.units = self.read_units(row.get('units') or UNITS_OF_KIND.get(self.kind, {}), problem)
        self.low, self.high = self.read_bounds(row.get('plausible'), problem)
        self.scales = [scale for scale in (read_scale(s, rules, problem) for s in row.get('scales', [])) if scale]

    def check(self, problem):
        if not re.fullmatch(r'[A-Z][A-Z0-9]*(_[A-Z0-9]+)*', self.id):
            problem(f"id '{self.id}' is not well formed: capitals, digits, '_'")
        if not self.name:
            problem("'name' is missing")
        if self.kind not in KINDS:
            problem(f"kind = '{self.kind}' is not one of {', '.join(KINDS)}")
        if self.role not in ROLES:
            problem(f"role = '{self.role}' is not one of {', '.join(ROLES)}")
        for code in [self.loinc] if self.loinc else []:
            if not loinc_valid(code):
                problem(f"loinc '{code}' has a wrong check digit")
        for alias in self.aliases:
            if re.fullmatch(r'\d+-\d', alias) and not loinc_valid(alias):
                problem(f"LOINC alias '{alias}' has a wrong check digit")

    def read_units(self, row, problem):
        units = {text: number(factor, lambda why, text=text: problem(f"unit '{text}': {why}")) for text, factor in row.items()}
        if not units:
            problem("an analyte needs 'units'")
        elif next(iter(units.values())).value != 1:
            problem("the first unit is the canonical one, so its factor is 1")
        for text, factor in units.items():
            if factor.value <= 0:
                problem(f"unit '{text}': a factor is above 0")
        for text in self.notes.keys() - units.keys():
            problem(f"unit_notes names '{text}', which is not among the units")
        return units

    def read_bounds(self, pair, problem):
        if not isinstance(pair, list) or len(pair) != 2:
            problem("'plausible' is missing: [lowest, highest] in the canonical unit")
            return None, None
        low, high = (number(bound, problem) for bound in pair)
        if low.value >= high.value:
            problem("'plausible' is not [lowest, highest]")
        return low, high


class Scale:
    """A scale of an analyte: the rule with its factor and usual range, and the rule <id>_limit that tells it by a printed limit."""

    KEYS = ('method', 'to_default_factor', 'usual_u_l_low', 'usual_u_l_high', 'printed_u_l_from', 'printed_u_l_to')

    def __init__(self, rule, limit):
        self.rule, self.params = rule.id, rule.params | limit.params


def read_scale(identifier, rules, problem):
    pair = [rules.get(identifier), rules.get(identifier + '_limit')]
    if None in pair:
        problem(f"scale '{identifier}' needs the rules '{identifier}' and '{identifier}_limit'")
        return None
    scale = Scale(*pair)
    for key in Scale.KEYS:
        if key not in scale.params:
            problem(f"the rules of scale '{identifier}' have no parameter '{key}'")
            return None
    if not all(rule.fixed for rule in pair):
        problem(f"scale '{identifier}' must be in a file with fixed = true: an overlay could not change the table")
    return scale


class Drug:
    def __init__(self, row, classes, rules, problem):
        self.id, self.drug_class = row.get('id', ''), row.get('class', '')
        self.aliases = list(row.get('aliases', []))
        if not self.id:
            problem("'id' is missing")
        if self.drug_class not in classes:
            problem(f"class '{self.drug_class}' is not in the table of classes")
        self.intent = row.get('intent', classes.get(self.drug_class, {}).get('intent', 'anticancer'))
        if self.intent not in INTENTS:
            problem(f"intent = '{self.intent}' is not one of {', '.join(INTENTS)}")
        self.dose, self.params = row.get('dose', ''), {}
        if self.dose:
            rule = rules.get(self.dose)
            if rule is None or not rule.fixed or not {'label', 'label_daily_mg'} <= rule.params.keys():
                problem(f"dose '{self.dose}' is not a rule with label and label_daily_mg in a file with fixed = true")
            else:
                self.params = rule.params


class Terms:
    """The documents under rulebook/terms, checked."""

    def __init__(self, documents, rules, problems, citations):
        self.analytes, self.classes, self.drugs, self.editions, self.unit_aliases = {}, {}, {}, {}, []
        self.cdisc = {}
        self.problems, self.rules, self.citations = problems, rules, citations
        rows = [(path, kind, row) for path, document in documents.items() for kind, list_ in document.items()
                for row in self.rows(path, kind, list_)]
        readers = {'analyte': self.add_analyte, 'unit_alias': self.add_unit_alias, 'class': self.add_class,
                   'drug': self.add_drug, 'edition': self.add_edition, 'cdisc': self.add_cdisc}
        for kind, reader in readers.items():  # classes before drugs, whatever the order of the files
            if kind == 'drug':
                self.classes = dict(sorted(self.classes.items()))
            for path, row_kind, row in rows:
                if row_kind == kind:
                    label = str(row.get('id', row.get('text', row.get('number', row.get('term', '')))))
                    reader(row, lambda text, path=path, what=f'{kind} {label}': problems.add(path, what, text))
        self.check_references(documents)
        self.analytes = dict(sorted(self.analytes.items()))
        self.drugs = dict(sorted(self.drugs.items()))
        self.analyte_names = self.names(self.analytes, 'analyte')
        self.drug_names = self.names(self.drugs, 'drug')

    def rows(self, path, kind, list_):
        if kind not in KEYS:
            self.problems.add(path, '', f"unknown table '{kind}'; the tables are {', '.join(KEYS)}")
            return []
        for row in list_:
            for key in row.keys() - KEYS[kind]:
                self.problems.add(path, f"{kind} {row.get('id', '')}", f"unknown key '{key}'")
        return list_

    def add_once(self, table_, key, value, problem):
        if key in table_:
            problem('is there twice')
        table_[key] = value

    def add_analyte(self, row, problem):
        analyte = Analyte(row, self.rules, problem)
        self.add_once(self.analytes, analyte.id, analyte, problem)

    def add_unit_alias(self, row, problem):
        if not any(row.get('unit') in analyte.units for analyte in self.analytes.values()):
            problem(f"unit '{row.get('unit')}' is no unit of any analyte")
        if row.get('kind', 'enzyme') not in KINDS:
            problem(f"kind = '{row['kind']}' is not one of {', '.join(KINDS)}")
        self.unit_aliases.append((row.get('text', ''), row.get('unit', ''), row.get('kind', '')))

    def add_class(self, row, problem):
        if not row.get('name') or row.get('intent') not in INTENTS:
            problem("a class needs a name and an intent")
        self.add_once(self.classes, row.get('id', ''), row, problem)

    def add_drug(self, row, problem):
        drug = Drug(row, self.classes, self.rules, problem)
        self.add_once(self.drugs, drug.id, drug, problem)

    def add_edition(self, row, problem):
        categories = row.get('categories', '').split()
        for category in categories:
            if not re.fullmatch(r'[TNM]([X0-4]|is)(mi|[a-c][12]?)?', category):
                problem(f"'{category}' is not a TNM category")
        if row.get('known') not in ('standard', 'recalled'):
            problem("known is standard or recalled")
        for source in row.get('sources', []) or ['']:
            if source not in self.citations:
                problem(f"source '{source}' is not in citations.toml")
        self.add_once(self.editions, row.get('number', 0), categories, problem)

    def add_cdisc(self, row, problem):
        if row.keys() | {'written'} != KEYS['cdisc']:
            problem('a CDISC term has a list, a term, a code and what it means')
            return
        if row.get('written') and any(other.get('written') and (other['list'], other['means']) == (row['list'], row['means'])
                                      for other in self.cdisc.values()):
            problem(f"a second term is written for {row['list']} {row['means']}")
        if not re.fullmatch(r'C\d+|', row['code']):
            problem(f"code '{row['code']}' is not an NCI concept code")
        self.add_once(self.cdisc, (row['list'], row['term'].upper()), row, problem)

    def check_references(self, documents):
        path = next((p for p, d in documents.items() if 'analyte' in d), '')
        for analyte in self.analytes.values():
            if analyte.part_of and analyte.part_of not in self.analytes:
                self.problems.add(path, f'analyte {analyte.id}', f"part_of '{analyte.part_of}' is not an analyte")
            if analyte.part_of and analyte.kind != 'fraction':
                self.problems.add(path, f'analyte {analyte.id}', "only a fraction is part_of something")

    def names(self, rows, kind):
        """(folded name, position), sorted: what a name is looked up in."""
        found = {}
        for position, row in enumerate(rows.values()):
            for name in {fold(n) for n in (row.id, *row.aliases, getattr(row, 'loinc', '')) if n}:
                if name in found:
                    other = list(rows)[found[name]]
                    self.problems.add('terms', f'{kind} {row.id}', f"the name '{name}' is also one of '{other}'")
                if len(name.encode()) > NAME_LIMIT:
                    self.problems.add('terms', f'{kind} {row.id}', f"the name '{name}' is longer than {NAME_LIMIT} bytes")
                found[name] = position
        return sorted(found.items(), key=lambda item: item[0].encode())

    def sha256(self):
        """Over the C tables: whatever can change a result changes it."""
        return sha256(tables(self))


def text_parameter(params, key):
    return quote(params.get(key, ''))


def analyte_rows(analyte, i):
    aliases = ', '.join([*map(quote, analyte.aliases), 'NULL'])
    arrays = f'static const char *const aliases_{i}[] = {{{aliases}}};\n'
    arrays += table(f'static const bfl_unit units_{i}[]', (f'{{{quote(text)}, {factor.c()}, {quote(analyte.notes.get(text, ""))}}}'
                                                       for text, factor in analyte.units.items()))
    scales = 'NULL'
    if analyte.scales:
        scales = f'scales_{i}'
        arrays += table(f'static const bfl_scale {scales}[]', (scale_row(scale) for scale in analyte.scales))
    row = (f'{{{quote(analyte.id)}, {quote(analyte.name)}, BFL_ANALYTE_{KINDS[analyte.kind]}, aliases_{i}, {quote(analyte.loinc)},\n'
           f'     units_{i}, {len(analyte.units)}, {scales}, {len(analyte.scales)}, {maybe(analyte.low)}, {maybe(analyte.high)},\n'
           f'     {quote(analyte.role)}, {quote(analyte.part_of)}}}')
    return arrays, row


def scale_row(scale):
    p = scale.params
    limits = ', '.join(maybe(p[key]) for key in Scale.KEYS[2:])
    return f"{{{quote(p['method'])}, {p['to_default_factor'].c()}, {limits}, {quote(scale.rule)}}}"


def drug_row(drug):
    daily = (maybe(drug.params.get(key)) for key in ('label_daily_mg', 'regional_daily_mg'))
    return (f'{{{quote(drug.id)}, {quote(drug.drug_class)}, BFL_INTENT_{drug.intent.upper()}, {text_parameter(drug.params, "label")}, '
            f'{next(daily)}, {quote(drug.dose)},\n     {next(daily)}, {text_parameter(drug.params, "regional_label")}, '
            f'{text_parameter(drug.params, "regional")}}}')


def tables(terms):
    pairs = [analyte_rows(analyte, i) for i, analyte in enumerate(terms.analytes.values())]
    names = lambda rows: (f'{{{quote(name)}, {position}}}' for name, position in rows)
    return (GENERATED + '#include "terms/tables.h"\n\n' + ''.join(arrays for arrays, _ in pairs)
            + table('const bfl_analyte bfl_builtin_analytes[]', (row for _, row in pairs))
            + table('const bfl_name bfl_builtin_analyte_names[]', names(terms.analyte_names))
            + table('const bfl_unit_alias bfl_builtin_unit_aliases[]',
                    (f"{{{quote(text)}, {quote(unit)}, {f'BFL_ANALYTE_{KINDS[kind]}' if kind else '-1'}}}"
                     for text, unit, kind in terms.unit_aliases))
            + table('const bfl_drug bfl_builtin_drugs[]', map(drug_row, terms.drugs.values()))
            + table('const bfl_name bfl_builtin_drug_names[]', names(terms.drug_names))
            + table('const bfl_drug_class bfl_builtin_classes[]',
                    (f"{{{quote(key)}, {quote(row['name'])}}}" for key, row in terms.classes.items()))
            + table('const bfl_tnm_edition bfl_builtin_tnm[]',
                    (f"{{{edition}, {quote(' '.join(categories))}}}" for edition, categories in sorted(terms.editions.items())))
            + table('const bfl_cdisc_term bfl_builtin_cdisc[]',
                    (f"{{{', '.join(quote(row[key]) for key in ('list', 'term', 'code', 'means'))}, {str(row.get('written', False)).lower()}}}"
                     for _, row in sorted(terms.cdisc.items())))
            + ''.join(f'const size_t bfl_builtin_{name}_count = {count};\n' for name, count in (
                ('analyte', len(terms.analytes)), ('analyte_name', len(terms.analyte_names)),
                ('unit_alias', len(terms.unit_aliases)), ('drug', len(terms.drugs)), ('drug_name', len(terms.drug_names)),
                ('class', len(terms.classes)), ('tnm', len(terms.editions)), ('cdisc', len(terms.cdisc)))))


def fnv(name):
    """FNV-1a of 32 bits, as src/terms/names.c computes it."""
    value = 2166136261
    for byte in name.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return value


def placed(names):
    """Row + 1 of the names' table by the hash of the name, the next free place where it is taken; 0: free. Half stay free."""
    size = 2
    while size < 2 * len(names):
        size *= 2
    taken = [0] * size
    for row, (name, _) in enumerate(names):
        at = fnv(name) % size
        while taken[at]:
            at = (at + 1) % size
        taken[at] = row + 1
    return taken


def places(terms):
    """Where names are found; it follows from the tables, so the hash of the rulebook leaves it out."""
    kinds = [('analyte', placed(terms.analyte_names)), ('drug', placed(terms.drug_names))]
    return ''.join(table(f'const uint16_t bfl_builtin_{kind}_places[]', map(str, taken))
                   + f'const size_t bfl_builtin_{kind}_place_count = {len(taken)};\n' for kind, taken in kinds)
