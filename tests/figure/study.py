#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Figures and report of whole studies: study.py BONEFLARE CASES...      prints TAP

Each study is drawn twice, the second time by another number of threads: the same files with the same bytes. Figures are
looked at as check.py does; PNG and PDF are opened; the report is read as a browser reads it.
"""
import csv
import html.parser
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

import check

HOSTILE = ['</td><script>alert(1)</script>', 'a "b" & \'c\' <d>', '\u202egpj.exe', 'A very long identifier that no clinic would choose but a '
           'system might make, number 00000001', '\u60a3\u8005\u60a3\u8005']
VOID = {'meta', 'link', 'br', 'img', 'hr', 'input'}


def hostile_study(folder):
    """Five patients whose names and drugs are meant to break out of wherever they are written."""
    folder.mkdir()
    def table(name, head, rows):
        with open(folder / name, 'w', newline='', encoding='utf-8') as file:
            writer = csv.writer(file)
            writer.writerows([head.split(',')] + rows)
    table('patients.csv', 'patient,sex,age,tumour,death_date', [[p, 'FM'[i % 2], 50 + i, 'lung', f'd{300 + i}'] for i, p in enumerate(HOSTILE)])
    table('therapy.csv', 'patient,drug,intent,start', [[p, HOSTILE[-1 - i], 'anticancer', 'd0'] for i, p in enumerate(HOSTILE)])
    lesions, labs = [], []
    for i, patient in enumerate(HOSTILE):
        for visit in range(4):
            day = f'd{42 * visit - 5}'
            lesions.append([patient, day, 'T1', 'right upper lobe', 'lung', 'target', 'ct', 60 - 10 * visit + 8 * i, 'measured', ''])
            lesions.append([patient, day, 'B1', 'L3', 'bone', 'nontarget', 'ct', '', 'present', 'blastic' if visit else 'lytic'])
            labs.append([patient, day, 'ALP', 90 + 60 * (visit % 3) + i, 'U/L', 45, 125])
    table('lesions.csv', 'patient,date,lesion,site,organ,role,modality,longest_mm,state,matrix', lesions)
    table('labs.csv', 'patient,date,analyte,value,unit,ref_low,ref_high', labs)


def png_problems(data):
    if data[:8] != b'\x89PNG\r\n\x1a\n':
        return ['no PNG']
    at, packed = 8, b''
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if zlib.crc32(kind + body) != struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0]:
            return [f'chunk {kind} is damaged']
        if kind == b'IHDR':
            width, height, depth, colour = struct.unpack('>IIBB', body[:10])
        packed += body if kind == b'IDAT' else b''
        at += 12 + size
    pixels = zlib.decompress(packed)
    channels = {2: 3, 6: 4}[colour]
    if len(pixels) != height * (1 + width * channels) or depth != 8:
        return ['the pixels are not all there']
    return [] if len(set(pixels)) > 8 else ['the picture is empty']


def pdf_problems(path):
    if not shutil.which('pdftotext'):
        return []
    run = subprocess.run(['pdftotext', '-bbox', path, '-'], capture_output=True, text=True, check=False)
    page = re.search(r'<page width="([0-9.]+)" height="([0-9.]+)"', run.stdout)
    if run.returncode or not page:
        return ['pdftotext cannot read it']
    width, height = map(float, page.groups())
    words = re.findall(r'xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)">(.*?)</word>', run.stdout)
    outside = [w[4] for w in words if min(map(float, w[:2])) < 0 or float(w[2]) > width or float(w[3]) > height]
    return [f'outside the page: {outside}'] if outside else [] if words else ['no text']


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.refs, self.wrong, self.figures, self.scripts = [], [], [], [], 0, 0
        self.tables = self.captions = 0

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.figures += tag == 'figure'
        self.scripts += tag == 'script'
        self.tables += tag == 'table'
        self.captions += tag == 'caption'
        if 'id' in attrs:
            self.ids.append(attrs['id'])
        for name in ('aria-labelledby', 'aria-describedby'):
            self.refs += (attrs.get(name) or '').split()
        link = attrs.get('href') or attrs.get('src') or ''
        if link.startswith('#'):
            self.refs.append(link[1:])
        elif tag != 'a' and link:
            self.wrong.append(f'{tag} asks for {link}')
        if tag == 'th' and 'scope' not in attrs:
            self.wrong.append('a head cell without scope')
        if tag == 'svg' and attrs.get('role') != 'img':
            self.wrong.append('a drawing without role')
        if any(name.startswith('on') for name in attrs):
            self.wrong.append(f'{tag} has a handler')
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f'</{tag}> closes nothing')


def page_problems(text, figures):
    page = Page()
    page.feed(text)
    yield from page.wrong
    if page.open:
        yield f'left open: {page.open}'
    for name in {i for i in page.ids if page.ids.count(i) > 1}:
        yield f'two things are called {name}'
    for name in set(page.refs) - set(page.ids):
        yield f'nothing is called {name}'
    if page.scripts:
        yield 'there is a script'
    if page.tables != page.captions:
        yield f'{page.tables} tables, {page.captions} captions'
    if page.figures != figures:
        yield f'{page.figures} figures, {figures} files'
    if re.search(r'url\(|@import|https?://(?!doi|www\.w3\.org)[^"<]*\.(css|js|png)', text):
        yield 'it asks for something outside'


def run(boneflare, study, out, *options):
    subprocess.run([boneflare, 'cohort', study, '--out', out, *options], check=True, stdout=subprocess.DEVNULL)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob('*')) if p.is_file()}


def problems(boneflare, study, work):
    once = run(boneflare, study, work / 'once', '--threads', '1')
    again = run(boneflare, study, work / 'again', '--threads', '2')
    if once != again:
        yield f'another run differs: {sorted(n for n in once.keys() | again.keys() if once.get(n) != again.get(n))}'
    drawn = [n.removesuffix('.svg') for n in once if n.endswith('.svg')]
    wanted = ['waterfall', 'swimmer', 'spider', 'survival-pfs', 'survival-os', 'incidence', 'landmark', 'forest', 'patients-1']
    for name in wanted:
        if f'figures/{name}' not in drawn:
            yield f'there is no {name}'
    for name in drawn:
        for problem in check.problems(name, once[f'{name}.svg']):
            yield f'{name}.svg: {problem}'
        for problem in png_problems(once.get(f'{name}.png', b'')):
            yield f'{name}.png: {problem}'
        for problem in pdf_problems(work / 'once' / f'{name}.pdf'):
            yield f'{name}.pdf: {problem}'
    for problem in page_problems(once['report.html'].decode('utf-8'), len(drawn)):
        yield f'report.html: {problem}'


def main():
    boneflare, studies = sys.argv[1], [pathlib.Path(p) for p in sys.argv[2:]]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        hostile_study(folder / 'hostile')
        subprocess.run([boneflare, 'template', folder / 'empty'], check=True, stdout=subprocess.DEVNULL)
        studies += [folder / 'hostile', folder / 'empty']
        print(f'1..{len(studies)}')
        for number, study in enumerate(studies, 1):
            work = folder / str(number)
            work.mkdir()
            wrong = list(problems(boneflare, study, work))
            print(f'{"not ok" if wrong else "ok"} {number} - {study.name}', flush=True)
            for line in wrong[:20]:
                print('#', line)


main()
