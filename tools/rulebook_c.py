# SPDX-License-Identifier: Apache-2.0
"""Writes the checked rulebook as constant C tables (declared in src/rules/tables.h and src/terms/tables.h)."""
from rulebook_text import Number, sha256

GENERATED = '/* Written by tools/rulebook.py from rulebook/. Do not edit. */\n'
LONGEST = 4095  # ISO C17 5.2.4.1: characters in a string literal that every compiler takes


def constant(identifier):
    return identifier.upper().replace('.', '_')


def quote(text):
    """A C string literal; UTF-8 stays as it is, '?' is escaped against trigraphs."""
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('?', '\\?') + '"'


def maybe(value):
    return f'{{{value.c()}, true}}' if value is not None else '{{0, 0}, false}'


def parameters(book, kind):
    """(constant, rule index, parameter index, value) of every number or text, in rule order."""
    for r, rule in enumerate(book.rules.values()):
        for p, (key, value) in enumerate(rule.params.items()):
            if isinstance(value, kind):
                yield f'{constant(rule.id)}__{key.upper()}', r, p, value


def keys(book):
    """Every key that some rule's parameter has, in order."""
    return sorted({key for rule in book.rules.values() for key in rule.params})


def key_rows(book):
    """The keys of every rule's parameters, one rule after the other."""
    return (f'BFL_KEY_{key.upper()}' for rule in book.rules.values() for key in rule.params)


def first_keys(book):
    """Where each rule's stretch of those begins."""
    first = 0
    for rule in book.rules.values():
        yield str(first)
        first += len(rule.params)


def enumeration(name, prefix, constants):
    body = ''.join(f'    {prefix}_{c},\n' for c in constants)
    return f'typedef enum {name} {{\n{body}    {prefix}_COUNT\n}} {name};\n'


def header(book):
    return (GENERATED + '#ifndef BFL_RULEBOOK_GEN_H\n#define BFL_RULEBOOK_GEN_H\n\n'
            + enumeration('bfl_rule_index', 'BFL_RULE', [constant(i) for i in book.rules])
            + enumeration('bfl_number_index', 'BFL_NUM', [n[0] for n in parameters(book, Number)])
            + enumeration('bfl_text_index', 'BFL_TXT', [t[0] for t in parameters(book, str)])
            + enumeration('bfl_key_index', 'BFL_KEY', [key.upper() for key in keys(book)])
            + '\n#endif\n')


def table(declaration, rows, empty='{0}'):
    """A constant array; C has no empty ones, so one unused row stands in."""
    rows = list(rows) or [empty]
    return f'{declaration} = {{\n' + ''.join(f'    {row},\n' for row in rows) + '};\n'


def rule_rows(rule, index):
    """The arrays a rule points to, and its own row."""
    arrays, sources, params = '', 'NULL', 'NULL'
    if rule.sources:
        sources = f'sources_{index}'
        arrays += f'static const char *const {sources}[] = {{{", ".join(map(quote, rule.sources))}}};\n'
    if rule.params:
        params = f'params_{index}'
        arrays += table(f'static const bfl_parameter {params}[]', (
            f'{{{quote(k)}, true, {v.c()}, {quote(v.text)}}}' if isinstance(v, Number) else
            f'{{{quote(k)}, false, {{0, 0}}, {quote(v)}}}' for k, v in rule.params.items()))
    row = (f'{{{quote(rule.id)}, {quote(rule.standard)}, {quote(rule.version)}, {quote(rule.title)},\n     {quote(rule.text)},\n'
           f'     BFL_KNOWN_{rule.known.upper()}, {quote(rule.reason)}, {sources}, {len(rule.sources)}, {params}, '
           f'{len(rule.params)}, false}}')
    return arrays, row


def tables(book):
    arrays, rows = zip(*(rule_rows(rule, i) for i, rule in enumerate(book.rules.values()))) if book.rules else ((), ())
    citations = (f"{{{quote(key)}, {quote(c['text'])}, {quote(c['url'])}, {quote(c['seen'])}}}"
                 for key, c in sorted(book.citations.items()))
    return (GENERATED + '#include "rules/tables.h"\n\n'
            + ''.join(arrays)
            + table('const bfl_rule bfl_builtin_rules[]', rows)
            + table('const bool bfl_builtin_fixed[]', ('true' if r.fixed else 'false' for r in book.rules.values()), 'false')
            + table('const bfl_parameter_place bfl_builtin_numbers[]',
                    (f'{{{r}, {p}}}' for _, r, p, _ in parameters(book, Number)))
            + table('const bfl_parameter_place bfl_builtin_texts[]',
                    (f'{{{r}, {p}}}' for _, r, p, _ in parameters(book, str)))
            + table('const uint16_t bfl_builtin_keys[]', key_rows(book))
            + table('const uint16_t bfl_builtin_first_keys[]', first_keys(book))
            + table('const bfl_citation bfl_builtin_citations[]', citations)
            + f'const size_t bfl_builtin_rule_count = BFL_RULE_COUNT;\n'
            + f'const size_t bfl_builtin_number_count = BFL_NUM_COUNT;\n'
            + f'const size_t bfl_builtin_text_count = BFL_TXT_COUNT;\n'
            + f'const size_t bfl_builtin_citation_count = {len(book.citations)};\n'
            + f'const char bfl_builtin_version[] = {quote(book.version)};\n'
            + f'const char bfl_builtin_terms_sha256[] = {quote(book.terms.sha256())};\n')
