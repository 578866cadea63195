#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`boneflare validate --json` finds every slip that the source documents of the examples make.

    slips.py PROGRAM SOURCE_ROOT

Each slip: where it is (example, patient, file), the code it must be reported under, and words that the report must hold. Examples
must not be reported as wrong where their source is right, so warnings and errors that are not in the list fail too.
"""
import json
import pathlib
import re
import sys

import boneflare_cli as cli

STUDY = ''

SLIPS = [
    # example, patient, code, words that `found` and `expected` hold together, what the document says
    ('shi2021_table2', 'row1', 'note.day_count', ['45', '41'],
     'flare 1: 45 days printed, 41 by its dates'),
    ('shi2021_table2', 'row2', 'note.day_count', ['120', '484'],
     'flare 2: 120 days printed, 484 by its dates'),
    ('shi2021_table2', 'row3', 'note.day_count', ['45', '43'],
     'flare 3: 45 days printed, 43 by its dates'),
    ('shi2021_table2', 'row4', 'note.day_count', ['42', '41'],
     'flare 4: 42 days printed, 41 by its dates'),
    ('shi2021_table2', 'row5', 'note.day_count', ['41', '35'],
     'flare 5: 41 days printed, 35 by its dates'),
    ('shi2021_table2', 'row2', 'note.order', ['2019-10-08', '2018-12-07'],
     'flare 2 is dated after its own progression'),
    ('shi2021_table2', 'row1', 'note.start_differs', ['2018-02-22', '2019-02-22'],
     'patient 1 starts in 2018 in the text, in 2019 in the table'),
    ('shi2021_table2', STUDY, 'note.contradiction', ['patients_with_markers', '20', '25'],
     'twenty patients with markers in the abstract, 25 in the results'),
    ('shi2021_table2', STUDY, 'note.contradiction', ['flare_range', 'd120', 'd125'],
     'flares until day 120 in the abstract, day 125 in the results'),
    ('shi2021_patient1', 'shi2021_patient1', 'note.start_differs', ['2019-02-22', '2018-02-22'],
     'start in the table a year later than in the text'),
    ('shi2021_patient1', 'shi2021_patient1', 'note.day_count', ['45', '406'],
     'flare in the table, 45 days printed'),
    ('shi2021_patient1', 'shi2021_patient1', 'note.contradiction', ['flare', '2019-04-04', '2018-04-04'],
     'flare in the table a year later than in the text'),
    ('shi2021_patient1', 'shi2021_patient1', 'note.contradiction', ['start', '2019-02-22', '2018-02-22'],
     'two start dates'),
    ('shi2021_patient1', 'shi2021_patient1', 'note.contradiction', ['lesion_t5', 'osteogenic', 'destruction'],
     'T5: osteogenic in the text, bone destruction in the caption'),
    ('shi2021_patient2', 'shi2021_patient2', 'note.day_count', ['45', '43'],
     'flare in the table, 45 days printed'),
    ('debondt2020', 'debondt2020', 'note.contradiction', ['first_follow_up', 'eight weeks', 'three months'],
     'first follow-up at three months in the text, eight weeks in the captions'),
    ('satoh2021', 'satoh2021', 'patient.tnm', ['T4a'],
     'T4a is not a category of TNM 8 for lung'),
    ('satoh2021', 'satoh2021', 'therapy.dose', ['300'],
     'alectinib 300 mg daily, usually 1200'),
]
# True of the documents, but no slip: what else may be a warning or an error in an example.
ALSO = [('shi2021_table2', 'row1', 'note.contradiction')]


def issues(program, folder):
    """Every issue as a dictionary."""
    return [r for r in cli.records(cli.run(program, 'validate', '--json', folder)) if 'code' in r]


def text(issue):
    return f'{issue["found"] or ""} {issue["expected"] or ""}'


def reports(issue, slip):
    _, patient, code, words, _ = slip
    said = text(issue)
    whole = lambda word: re.search(rf'(?<![\w-]){re.escape(word)}(?![\w-])' if word.isdigit() else re.escape(word), said)
    return issue['code'] == code and (issue['patient'] or STUDY) == patient and all(map(whole, words))


def main(program, root):
    root = pathlib.Path(root)
    number = wrong = 0

    def tell(good, name, detail=''):
        nonlocal number, wrong
        number += 1
        wrong += not good
        print(f'{"ok" if good else "not ok"} {number} - {name}')
        if not good and detail:
            print(f'# {detail}')

    for folder in sorted(p for p in (root / 'examples').iterdir() if (p / 'patients.csv').exists()):
        try:
            found = issues(program, folder)
        except (cli.Failed, KeyError, json.JSONDecodeError) as refused:
            tell(False, folder.name, repr(refused))
            continue
        slips = [s for s in SLIPS if s[0] == folder.name]
        for slip in slips:
            near = '; '.join(f'{i["code"]} {i["patient"]}: {text(i)}' for i in found if i['code'] == slip[2])
            tell(any(reports(i, slip) for i in found), f'{folder.name}: {slip[4]}',
                 f'expected {slip[2]} with {slip[3]}; found {near or "none"}')
        allowed = {(a[1], a[2]) for a in ALSO if a[0] == folder.name}
        strange = [i for i in found if i['severity'] != 'note' and not any(reports(i, s) for s in slips)
                   and (i['patient'] or STUDY, i['code']) not in allowed]
        tell(not strange, f'{folder.name}: nothing else is called wrong',
             '; '.join(f'{i["file"]}:{i["row"]} {i["code"]}: {text(i)}' for i in strange))
    print(f'1..{number}')
    return 1 if wrong or not number else 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
