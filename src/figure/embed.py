#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes style sheets as C strings, one a line, NULL last: embed.py OUT.h NAME [--palette PALETTE.css] IN.css...

Comments and indentation are left out. With --palette each var(--x) becomes its colour in the palette's first block, for
programs that draw SVG and know no variables.
"""
import json
import pathlib
import re
import sys


def read(path):
    return re.sub(r'/\*.*?\*/', '', pathlib.Path(path).read_text(encoding='utf-8'), flags=re.S)


def resolved(text, palette):
    first = re.search(r':root\s*\{(.*?)\}', read(palette), re.S).group(1)
    colours = dict(re.findall(r'--([a-z0-9-]+):\s*(#[0-9a-f]+)', first))
    return re.sub(r'var\(--([a-z0-9-]+)\)', lambda m: colours[m.group(1)], text)


def main():
    target, name, *sources = sys.argv[1:]
    palette = None
    if sources[0] == '--palette':
        palette, sources = sources[1], sources[2:]
    text = '\n'.join(read(source) for source in sources)
    if palette:
        text = resolved(text, palette)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    literals = '\n'.join('    ' + json.dumps(line + '\n') + ',' for line in lines)
    names = ', '.join(pathlib.Path(source).name for source in sources)
    pathlib.Path(target).write_text(
        f'/* Generated from {names}. */\nstatic const char *const {name}[] = {{\n{literals}\n    0}};\n', encoding='utf-8')


main()
