#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a style sheet as C strings, one a line, NULL last: embed.py IN.css OUT.h NAME. Comments and indentation are left out."""
import json
import pathlib
import re
import sys

source, target, name = sys.argv[1:]
text = re.sub(r'/\*.*?\*/', '', pathlib.Path(source).read_text(encoding='utf-8'), flags=re.S)
lines = [line.strip() for line in text.splitlines() if line.strip()]
literals = '\n'.join('    ' + json.dumps(line + '\n') + ',' for line in lines)
pathlib.Path(target).write_text(
    f'/* Generated from {pathlib.Path(source).name}. */\nstatic const char *const {name}[] = {{\n{literals}\n    0}};\n', encoding='utf-8')
