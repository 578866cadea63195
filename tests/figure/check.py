#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at every figure of the gallery: check.py GALLERY            prints TAP
                                        check.py GALLERY --accept   stores the figures kept in golden/ (read the difference)

Well-formed, the same bytes at a second run, only finite numbers, a title and a description, all text and marks inside the
drawing, foreign text escaped, no label on another, every colour class known, and some of them exactly as they were read.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = ['waterfall-strange', 'swimmer-1', 'spider-1', 'survival-strange', 'incidence-strange', 'courses-57', 'panels-1',
          'forest-strange', 'forest-0']
SVG = '{http://www.w3.org/2000/svg}'
SIZES = {'title': 16, 'small': 11, 'tiny': 9}
# Advance widths of Helvetica, ' ' to '~', in thousandths of the size: the face a figure is drawn with, or one as wide.
WIDTHS = [278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278] + [556] * 10 + [278, 278, 584, 584, 584, 556,
          1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
          667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
          556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584]


def size_of(classes):
    return next((SIZES[c] for c in classes if c in SIZES), 12)


def width(text, classes):
    bold = 1.07 if 'strong' in classes or 'title' in classes else 1
    per_mille = sum(WIDTHS[ord(c) - 32] if ' ' <= c <= '~' else 1000 for c in text)
    return per_mille / 1000 * size_of(classes) * bold


def box(element):
    """x1, y1, x2, y2 of a text."""
    classes = element.get('class', '').split()
    text = ''.join(element.itertext())
    w, h = width(text, classes), size_of(classes)
    start = {'start': 0, 'middle': -w / 2, 'end': -w}[element.get('text-anchor')]
    turned = re.match(r'translate\(([-0-9.]+) ([-0-9.]+)\) rotate\(-90\)', element.get('transform', ''))
    if turned:
        x, y = float(turned[1]), float(turned[2])
        return x - 0.75 * h, y - start - w, x + 0.2 * h, y - start
    x, y = float(element.get('x')), float(element.get('y'))
    return x + start, y - 0.75 * h, x + start + w, y + 0.2 * h


def points(element):
    """Every coordinate pair an element names."""
    get = lambda name: float(element.get(name, 0))
    tag = element.tag.removeprefix(SVG)
    if tag == 'line':
        return [(get('x1'), get('y1')), (get('x2'), get('y2'))]
    if tag == 'rect':
        return [(get('x'), get('y')), (get('x') + get('width'), get('y') + get('height'))]
    if tag == 'circle':
        r = get('r')
        return [(get('cx') - r, get('cy') - r), (get('cx') + r, get('cy') + r)]
    if tag == 'path':
        return [(float(a), float(b)) for a, b in re.findall(r'([-0-9.]+) ([-0-9.]+)', element.get('d'))]
    return []


def overlaps(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1.5


def problems(name, data):
    text = data.decode('utf-8')
    root = ET.fromstring(text)
    if re.search(r'[" ](-?nan|-?inf)', text, re.IGNORECASE):
        yield 'a number is not finite'
    if '<script' in text or (name.endswith('-strange') and '&lt;script' not in text):
        yield 'foreign text is not escaped'
    left, top, w, h = map(float, root.get('viewBox').split())
    inside = lambda x, y: left - 0.1 <= x <= left + w + 0.1 and top - 0.1 <= y <= top + h + 0.1
    for tag in ('title', 'desc'):
        found = root.find(SVG + tag)
        if found is None or not (found.text or '').strip():
            yield f'no {tag}'
        elif found.get('id') not in root.get('aria-labelledby').split():
            yield f'{tag} is not read out'
    css = root.find(SVG + 'style')
    boxes = []
    for element in root.iter():
        for x, y in points(element):
            if not inside(x, y):
                yield f'{element.tag.removeprefix(SVG)} at {x}, {y} is outside'
        if element.tag == SVG + 'text' and ''.join(element.itertext()).strip():
            b = box(element)
            if not (inside(b[0], b[1]) and inside(b[2], b[3])):
                yield f'text is outside: {"".join(element.itertext())!r} {b}'
            for other in boxes:
                if overlaps(b, other[0]):
                    yield f'{"".join(element.itertext())!r} lies on {other[1]!r}'
            boxes.append((b, ''.join(element.itertext())))
        if css is not None:
            for c in (element.get('class') or '').split():
                if f'.{c} ' not in css.text and c not in ('fig', 't', 'd0'):
                    yield f'class {c} has no style'


def gallery(program):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, folder], check=True)
        return {p.name.removesuffix('.svg'): p.read_bytes() for p in sorted(pathlib.Path(folder).iterdir())}


def main():
    program = sys.argv[1]
    figures = gallery(program)
    if '--accept' in sys.argv:
        (HERE / 'golden').mkdir(exist_ok=True)
        for name in GOLDEN:
            (HERE / 'golden' / f'{name}.svg').write_bytes(figures[f'{name}.inline'])
        return
    again = gallery(program)
    print(f'1..{len(figures) + len(GOLDEN)}')
    number = 0
    for name, data in figures.items():
        number += 1
        wrong = sorted(set(problems(name, data)))
        if data != again[name]:
            wrong.append('a second run gives other bytes')
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        for line in wrong[:12]:
            print('#', line)
    for name in GOLDEN:
        number += 1
        same = (HERE / 'golden' / f'{name}.svg').read_bytes() == figures[f'{name}.inline']
        print(f'{"ok" if same else "not ok"} {number} - {name} is as it was read')


if __name__ == "__main__":
    main()
