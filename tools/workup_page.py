#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/workup.md and docs/workup.svg from rulebook/workup and rulebook/alarm.

    workup_page.py [--check]

--check compares with the files that are there and fails when they differ.
"""
import html
import pathlib
import re
import sys

import rulebook

ROOT = pathlib.Path(__file__).resolve().parent.parent
STAGES = [
    (0, 'Where does it come from'), (70, 'Bone'), (150, 'Liver'), (200, 'Management: malignancy'),
    (300, 'Management: Paget disease'), (400, 'Management: metabolic'), (500, 'No cause found'), (600, 'Follow-up'),
]
HEAD = '''# The work-up

What is proposed next, when and why. Nothing here is decided in C: nodes, conditions, days and sentences are rows of
`rulebook/workup` (and `rulebook/alarm`), and this page is written from them by `tools/workup_page.py`; a test compares.

How a node is judged, in this order:

1. **not needed** when it is for other patients (*for*), or when one of its conditions (*when*) says no;
2. **done** when the record shows it (*done by*), recently enough for the present rise;
3. **later** when a node before it (*after*) is open, or a condition is not known yet;
4. **next** otherwise, with the day by which. A day that has passed becomes soon, and the reason says when it was due.

A result counts when it is from the time of the rise or from the {valid} days before it. After a patient's death nothing is next.
No sentence proposes to stop a drug: a fence in `tests/unit/workup` reads all of them.

The pathway follows `alp_pathway2025`, a clinical question page that is itself marked as pending human review; where it gives no
number the number is ours and the rule says `expert`, with its reason (`boneflare rules show workup.alp.follow_normal`).

## The pathway of an elevated ALP

It applies when ALP is raised, was raised, or was asked for (a note with the topic `alp_workup`).

A solid line: comes after. A dashed line: comes after one of several.

![The pathway as a graph: from GGT and bone ALP through bone scan, radiographs and MRI to management by cause and follow-up](workup.svg)
'''


def shown(params, key):
    value = params.get(key, '')
    return str(value)


def prose(conditions):
    """"alp_high, a|b, !c" as words."""
    groups = [g.strip() for g in conditions.split(',') if g.strip()]
    words = []
    for group in groups:
        one = [('not ' + w[1:]) if w.startswith('!') else w for w in (x.strip() for x in group.split('|'))]
        words.append(' or '.join(f'`{w}`' if not w.startswith('not ') else f'not `{w[4:]}`' for w in one))
    return ', '.join(words)


def within(rule):
    p = rule.params
    if 'within_days' not in p:
        return ''
    start = {'ready': 'the step before', 'now': 'today', 'finding': 'the finding', 'raise': 'the rise',
             'scan': 'the scan', 'bone_imaging': 'the last bone imaging', 'progression': 'progression',
             'paget_evaluation': 'six months after the course', 'therapy': 'the start of therapy', 'question': 'the question'}.get(shown(p, 'from'), shown(p, 'from'))
    start = start.replace('_', ' ').replace('last:', 'the last ') or 'today'
    text = f"{p['within_days']} d from {start}"
    return f"{p['not_before_days']}-{text}" if 'not_before_days' in p else text


def sources(book, rule):
    links = []
    for key in rule.sources:
        row = book.citations[key]
        links.append(f"[{key}]({row['url']})" if row['url'] else key)
    return f"{', '.join(links)} ({rule.known})" if links else f'({rule.known})'


PLACES = {'by': 'the due day', 'not_before': 'the first day', 'missing': 'what is missing', 'site': 'the place', 'drug': 'the drug',
          'genes': 'the genes not tested', 'driver': 'the driver', 'ecog': 'ECOG as recorded', 'marker': 'the marker'}


def cell(text):
    """A sentence with its places named, fit for a table."""
    text = re.sub(r'\{(\w+)\}', lambda match: f'*{PLACES[match[1]]}*', text)
    return text.replace('|', '\\|')


def node_row(book, rule):
    p = rule.params
    name = rule.id.rsplit('.', 1)[1]
    conditions = '; '.join(x for x in (('for ' + prose(shown(p, 'who'))) if shown(p, 'who') else '',
                                      ('when ' + prose(shown(p, 'when'))) if shown(p, 'when') else '') if x)
    done = shown(p, 'done_by').replace('|', ' or ') or 'recurs'
    after = shown(p, 'after').replace('|', ' or ')
    return (f"| `{name}` | {cell(rule.title)}: {cell(shown(p, 'action_text'))} | {conditions} | {after} | {done} | {within(rule)} "
            f"| {sources(book, rule)} |")


TABLE = ['| node | what | for whom, when | after | done by | due | source |', '|---|---|---|---|---|---|---|']


def nodes(book, prefix):
    found = [r for r in book.rules.values() if r.id.startswith(prefix) and 'order' in r.params]
    return sorted(found, key=lambda r: r.params['order'].value)


def stage_of(rule):
    return [title for start, title in STAGES if rule.params['order'].value >= start][-1]


def page(book):
    lines = [HEAD.format(valid=book.rules['workup.alp.defaults'].params['valid_days'])]
    stage = ''
    for rule in nodes(book, 'workup.alp.'):
        if stage_of(rule) != stage:
            stage = stage_of(rule)
            lines += ['', f'### {stage}', '', *TABLE]
        lines.append(node_row(book, rule))
    lines += ['', '## Steps that verdict, images, laboratory and genome ask for', '',
              'While the verdict is undetermined, the next step with the lowest *useful* number is named as the most useful test.',
              '', '| step | what | when | done by | due | useful | source |', '|---|---|---|---|---|---|---|']
    for rule in nodes(book, 'workup.step.'):
        p = rule.params
        done = shown(p, 'done_by').replace('|', ' or ') or 'recurs'
        lines.append(f"| `{rule.id.rsplit('.', 1)[1]}` | {cell(rule.title)}: {cell(shown(p, 'action_text'))} | "
                     f"{prose(shown(p, 'when'))} | {done} | {within(rule)} | {shown(p, 'useful_order')} | {sources(book, rule)} |")
    lines += ['', '## Conditions', '',
              'Each is answered yes, no or not known yet. Those with a number carry its source.', '',
              '| condition | means | numbers | source |', '|---|---|---|---|']
    for rule in (r for r in book.rules.values() if r.id.startswith('workup.when.')):
        numbers = ', '.join(f'{k} = {v}' for k, v in rule.params.items() if not k.endswith('_text'))
        lines.append(f"| `{rule.id[len('workup.when.'):]}` | {cell(rule.text)} | {numbers} | {sources(book, rule)} |")
    lines += ['', '## Alarms', '',
              'Alarms stand beside the verdict and are never hidden by it. The last relevant value decides; urgent ones come first.', '',
              '| alarm | means | numbers | source |', '|---|---|---|---|']
    for rule in sorted((r for r in book.rules.values() if r.id.startswith('alarm.')), key=lambda r: r.params['priority'].value):
        numbers = ', '.join(f'{k} = {v}' for k, v in rule.params.items() if not k.endswith('_text') and k != 'priority')
        lines.append(f"| `{rule.id[len('alarm.'):]}` | {cell(rule.text)} | {numbers} | {sources(book, rule)} |")
    return '\n'.join(lines) + '\n'


# ---- the picture: a lane a stage, a column a depth, edges from `after` ----

BOX_W, BOX_H, GAP_X, GAP_Y, LEFT, LANE_TOP = 152, 42, 40, 12, 16, 26


def wrapped(title, size=22):
    lines, line = [], ''
    for word in title.split():
        if line and len(line) + 1 + len(word) > size:
            lines.append(line)
            line = word
        else:
            line = f'{line} {word}'.strip()
    return lines + [line]


def short(rule):
    return rule.id.rsplit('.', 1)[1]


def before(rule):
    """(name, is one of several) for every node that comes before."""
    for group in shown(rule.params, 'after').split(','):
        for name in filter(None, (n.strip() for n in group.split('|'))):
            yield name, '|' in group


def drawn(rules):
    """Edges that no longer way already says: (from, to, dashed)."""
    ancestors = {}
    for rule in rules:
        names = {name for name, _ in before(rule)}
        ancestors[short(rule)] = names.union(*(ancestors[name] for name in names))
    for rule in rules:
        names = [name for name, _ in before(rule)]
        for name, dashed in before(rule):
            if not any(name in ancestors[other] for other in names):
                yield name, short(rule), dashed


def depths(rules):
    depth = {}
    for rule in rules:
        depth[short(rule)] = max((depth[name] + 1 for name, _ in before(rule)), default=0)
    return depth


def layout(rules):
    """Box corners by node name, lanes (top, height, title), width, height."""
    depth, linked = depths(rules), {name for rule in rules for name, _ in before(rule)}
    columns = max(depth.values()) + 1
    places, lanes, y = {}, [], 8
    for _, title in STAGES:
        filled = [0] * columns
        for rule in (r for r in rules if stage_of(r) == title):
            name = short(rule)
            alone = not depth[name] and name not in linked
            column = min(range(columns), key=lambda c: (filled[c], c)) if alone else depth[name]
            places[name] = (LEFT + column * (BOX_W + GAP_X), y + LANE_TOP + filled[column] * (BOX_H + GAP_Y))
            filled[column] += 1
        height = LANE_TOP + max(filled) * (BOX_H + GAP_Y)
        lanes.append((y, height, title))
        y += height + 10
    return places, lanes, 2 * LEFT + columns * (BOX_W + GAP_X) - GAP_X, y


def edge(start, finish, dashed):
    (x1, y1), (x2, y2) = start, finish
    x1, y1, y2 = x1 + BOX_W, y1 + BOX_H // 2, y2 + BOX_H // 2
    bend = max((x2 - x1) // 2, 18)
    dash = ' stroke-dasharray="4 3"' if dashed else ''
    return (f'<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" fill="none" stroke="#456"{dash} '
            'stroke-opacity="0.6" marker-end="url(#a)"/>')


def box(place, rule):
    x, y = place
    lines = wrapped(rule.title)
    top = y + BOX_H / 2 + 4 - 6.5 * (len(lines) - 1)
    return [f'<rect x="{x}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="5" fill="#fff" stroke="#456"/>'] + [
        f'<text x="{x + BOX_W / 2:g}" y="{top + 13 * i:g}" text-anchor="middle" fill="#123">{html.escape(line)}</text>'
        for i, line in enumerate(lines)]


def picture(book):
    rules = nodes(book, 'workup.alp.')
    places, lanes, width, height = layout(rules)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" '
           'font-size="11"><title>The pathway of an elevated ALP</title>',
           '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
           '<path d="M0 0L8 4L0 8z" fill="#456"/></marker></defs>',
           f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for y, lane_height, title in lanes:
        out += [f'<rect x="4" y="{y}" width="{width - 8}" height="{lane_height}" rx="6" fill="#eef4f8"/>',
                f'<text x="12" y="{y + 16}" font-weight="bold" fill="#234">{html.escape(title)}</text>']
    out += [edge(places[start], places[finish], dashed) for start, finish, dashed in drawn(rules)]
    for rule in rules:
        out += box(places[short(rule)], rule)
    return '\n'.join(out + ['</svg>']) + '\n'


def main():
    book = rulebook.Rulebook(ROOT / 'rulebook')
    if book.problems:
        book.problems.show(sys.stderr)
        sys.exit(1)
    stale = 0
    for path, text in ((ROOT / 'docs/workup.md', page(book)), (ROOT / 'docs/workup.svg', picture(book))):
        text = re.sub(r'\n{3,}', '\n\n', text)
        if '--check' not in sys.argv[1:]:
            path.write_text(text, 'utf-8')
        elif not path.exists() or path.read_text('utf-8') != text:
            print(f'{path.relative_to(ROOT)}: is not what the rulebook says: run tools/workup_page.py', file=sys.stderr)
            stale = 1
    sys.exit(stale)


if __name__ == '__main__':
    main()
