#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reports as PDF: paper.py BONEFLARE EXAMPLES      prints TAP

Every page is opened and read as text by Poppler: what must be said is there, nothing stands outside the page, every font is embedded,
names of any script are there, and the same record is the same file.
"""
import csv
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NAMES = ['Müller-Żółć', 'Ёлкина', 'Ὀδυσσεύς', '<b>&"\'', 'a\u202egpj.exe', 'x' * 300]


def pdf(boneflare, case, *options):
    run = subprocess.run([boneflare, 'assess', case, '--format', 'pdf', *options], capture_output=True, check=False)
    return run.returncode, run.stdout, run.stderr.decode()


def poppler(tool, data, *options):
    return subprocess.run([tool, *options, '-', '-'] if tool == 'pdftotext' else [tool, *options, '-'], input=data, capture_output=True,
                          check=True).stdout.decode('utf-8')


def outside(data):
    """Words that stand outside their page."""
    bad = []
    for page in re.split(r'(?=<page )', poppler('pdftotext', data, '-bbox'))[1:]:
        width, height = map(float, re.search(r'width="([0-9.]+)" height="([0-9.]+)"', page).groups())
        for x, y, x2, y2, word in re.findall(r'xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)">(.*?)</word>', page):
            if min(float(x), float(y)) < 0 or float(x2) > width or float(y2) > height:
                bad.append(word)
    return bad


def sound(data):
    """What holds of every report."""
    if not data.startswith(b'%PDF-') or b'%%EOF' not in data[-32:]:
        yield 'no PDF'
        return
    about = poppler('pdfinfo', data)
    if 'Date' in about:
        yield 'a date of its making is in it'
    if '(A4)' not in about:
        yield 'not A4'
    pages = int(re.search(r'Pages: +(\d+)', about).group(1))
    told = poppler('pdftotext', data).split('\f')
    for number, text in enumerate(told[:pages], 1):
        if f'page {number} of {pages}' not in text:
            yield f'page {number} has no number'
        if 'not a medical device' not in ' '.join(text.split()):
            yield f'page {number} does not say what it is not'
    for line in poppler('pdffonts', data).splitlines()[2:]:
        if not re.search(r' yes yes (yes|no ) +\d+ +\d+$', line):
            yield f'a font is not embedded: {line}'
    if outside(data):
        yield f'outside the page: {outside(data)[:5]}'


def lacks(data, *wanted):
    text = ' '.join(poppler('pdftotext', data, '-layout').split())
    return [f'it does not say: {w}' for w in wanted if w not in text]


def clinician(boneflare, examples, _):
    status, data, said = pdf(boneflare, examples / 'debondt2020', '--as-of', 'd56')
    if status:
        yield said
        return
    yield from sound(data)
    yield from lacks(data, 'Patient debondt2020', 'Bone flare suspected', 'Flare (healing) 93 %, 95 % interval 88 % to 94 %', 'Timeline', 'erlotinib',
                     'usual flare window', 'What next', 'Measure ALP and calcium now', 'Why: evidence for and against', 'for flare',
                     'Criteria, side by side', 'unequivocal', 'iUPD', 'Problems in the data', 'first_follow_up eight', 'References',
                     'doi.org/10.5334/jbsr.1907', 'Draft: not reviewed by anybody', 'SHA-256')
    if pdf(boneflare, examples / 'debondt2020', '--as-of', 'd56')[1] != data:
        yield 'another run differs'


def alarms(boneflare, _, work):
    """A dangerously high calcium stands before everything else."""
    case = work / 'alarm'
    case.mkdir()
    (case / 'patients.csv').write_text('patient,sex,tumour\nA,F,lung\n', encoding='utf-8')
    (case / 'therapy.csv').write_text('patient,drug,intent,start\nA,gefitinib,anticancer,d0\n', encoding='utf-8')
    (case / 'labs.csv').write_text('patient,date,analyte,value,unit,ref_low,ref_high\nA,d10,CA,3.6,mmol/L,2.1,2.6\n', encoding='utf-8')
    status, data, told = pdf(boneflare, case)
    if status:
        yield told
        return
    yield from sound(data)
    yield from lacks(data, 'Alarms', 'Urgent: High calcium')
    text = poppler('pdftotext', data)
    if text.find('Urgent') > text.find('What next'):
        yield 'the alarm does not stand first'


def every_example_with_its_review(boneflare, examples, _):
    for case in sorted(examples.glob('*/patients.csv')):
        status, data, told = pdf(boneflare, case.parent, '--review', 'approved', '--reviewer', 'Dr. Ångström, 2020-01-02')
        if status:
            yield f'{case.parent.name}: {told}'
            continue
        yield from (f'{case.parent.name}: {w}' for w in sound(data))
        yield from lacks(data, 'Approved', 'Dr. Ångström, 2020-01-02')


def patient(boneflare, examples, _):
    status, data, said = pdf(boneflare, examples / 'debondt2020', '--for', 'patient')
    if status:
        yield said
        return
    yield from (w for w in sound(data) if 'medical device' not in w)
    yield from lacks(data, 'For debondt2020', 'How sure is this?', 'What happens next', 'Your treatment over time', 'not a medical device')


def hostile(boneflare, _, work):
    """Names of any script and length, and a note as long as a file may hold."""
    case = work / 'hostile'
    case.mkdir()
    def table(name, head, rows):
        with open(case / name, 'w', newline='', encoding='utf-8') as file:
            csv.writer(file).writerows([head.split(',')] + rows)
    table('patients.csv', 'patient,sex,tumour', [[n, 'F', 'lung'] for n in NAMES])
    table('therapy.csv', 'patient,drug,intent,start', [[n, f'drug {n}', 'anticancer', 'd0'] for n in NAMES])
    table('labs.csv', 'patient,date,analyte,value,unit', [[n, f'd{d}', 'ALP', '9,5' if d % 2 else '95', 'word ' * 400] for n in NAMES for d in range(40)])
    status, data, said = pdf(boneflare, case)
    if status:
        yield said
        return
    yield from sound(data)
    yield from lacks(data, 'Patient Müller-Żółć', 'Patient Ёлкина', 'Patient Ὀδυσσεύς', 'Patient <b>&"\'')


def many_visits(boneflare, _, work):
    """Tables go on over pages: every visit stands there, and nothing stands in the foot of a page."""
    case = work / 'many'
    case.mkdir()
    (case / 'patients.csv').write_text('patient,sex,tumour\nA,F,lung\n', encoding='utf-8')
    (case / 'therapy.csv').write_text('patient,drug,intent,start\nA,gefitinib,anticancer,d0\n', encoding='utf-8')
    days = range(-3, 4000, 28)
    rows = ''.join(f'A,d{d},L1,right upper lobe,lung,target,ct,{40 + d % 7},measured\n' for d in days)
    (case / 'lesions.csv').write_text('patient,date,lesion,site,organ,role,modality,longest_mm,state\n' + rows, encoding='utf-8')
    status, data, said = pdf(boneflare, case)
    if status:
        yield said
        return
    yield from sound(data)
    text = poppler('pdftotext', data, '-layout')
    for day in days:
        count = len(re.findall(rf'^ *day {day} +\S', text, re.M))
        if count < (1 if day < 0 else 2):
            yield f'day {day} is there {count} times'
    for page in re.split(r'(?=<page )', poppler('pdftotext', data, '-bbox'))[1:]:
        low = [w for y, w in re.findall(r'yMin="([0-9.]+)" xMax="[-0-9.]+" yMax="[-0-9.]+">(.*?)</word>', page) if float(y) > 1042 * .75]
        if len(low) > 50:
            yield f'something stands in the foot: {low[-5:]}'


def one_file_for_several(boneflare, examples, _):
    status, data, said = pdf(boneflare, examples / 'debondt2020')
    both = subprocess.run([boneflare, 'assess', examples / 'debondt2020', examples / 'kaneko2017', '--format', 'pdf'], capture_output=True, check=False)
    if status or both.returncode:
        yield said or both.stderr.decode()
        return
    yield from sound(both.stdout)
    yield from lacks(both.stdout, 'Patient debondt2020', 'Patient kaneko2017')


def main():
    boneflare, examples = sys.argv[1], pathlib.Path(sys.argv[2])
    tests = [clinician, alarms, every_example_with_its_review, patient, hostile, many_visits, one_file_for_several]
    if not all(shutil.which(tool) for tool in ('pdftotext', 'pdfinfo', 'pdffonts')):
        print('1..0 # SKIP poppler-utils is not installed')
        return 0
    print(f'1..{len(tests)}')
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, test in enumerate(tests, 1):
            wrong = list(test(boneflare, examples, pathlib.Path(folder)))
            bad += bool(wrong)
            print(f'{"not ok" if wrong else "ok"} {number} - {test.__name__}', flush=True)
            for line in wrong[:20]:
                print('#', line)
    return int(bad > 0)


sys.exit(main())
