#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every colour that text has on the page stands out from what is behind it: WCAG 2.2 AA, 4.5 : 1, in light, dark and print.

    contrast.py PALETTE.css        prints TAP
"""
import pathlib
import re
import sys

PAIRS = [(ink, ground) for ground in ('paper', 'page', 'wash') for ink in ('ink', 'soft', 'flare-ink')]
PAIRS += [(f's{i}', 'paper') for i in range(8)] + [(ink, f'{kind}-wash') for kind, ink in
          (('flare', 'flare-ink'), ('worse', 'worse-ink'), ('open', 'open-ink'), ('alarm', 'alarm'), ('alarm', 'ink'))]
PAIRS += [('inverse', ground) for ground in ('flare', 'worse', 'worse-ink', 'other')]
PAIRS += [('window-ink', 'window'), ('soft', 'band'), ('ink', 'open-wash'), ('soft', 'alarm-wash'), ('soft', 'open-wash'),
          ('worse-ink', 'paper'), ('worse-ink', 'wash'), ('open-ink', 'paper'), ('alarm', 'paper'), ('paper', 'ink')]
# Graphics need 3 : 1 against what is behind them.
SHAPES = [('flare', 'paper'), ('worse', 'paper'), ('other', 'paper'), ('open', 'paper'), ('ink', 'window')]


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def main():
    css = pathlib.Path(sys.argv[1]).read_text(encoding='utf-8')
    themes = []
    for block in re.findall(r':root\s*\{(.*?)\}', css, re.S):
        found = dict(re.findall(r'--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})', block))
        themes.append({name: c if len(c) == 7 else '#' + ''.join(2 * x for x in c[1:]) for name, c in found.items()})
    print(f'1..{len(themes)}')
    for number, theme in enumerate(themes, 1):
        wrong = []
        for pairs, least in ((PAIRS, 4.5), (SHAPES, 3.0)):
            for a, b in pairs:
                if a not in theme or b not in theme:
                    wrong.append(f'--{a} or --{b} is not set')
                elif contrast(theme[a], theme[b]) < least:
                    wrong.append(f'--{a} on --{b}: {contrast(theme[a], theme[b]):.2f} : 1, needs {least}')
        print(f'{"not ok" if wrong else "ok"} {number} - theme {number}')
        for line in wrong:
            print('#', line)


main()
