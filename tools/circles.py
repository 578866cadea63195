#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of a static library that call each other in a circle: circles.py LIBRARY.a...      prints TAP

Read from what the compiler made, so that no declaration hides a call: who needs a symbol that who defines.
"""
import collections
import pathlib
import re
import subprocess
import sys


def calls(library):
    """file -> files of the same library that it needs"""
    said = subprocess.run(['nm', '-A', library], capture_output=True, text=True, check=True).stdout
    home, needs = {}, collections.defaultdict(set)
    for line in said.splitlines():
        found = re.match(r'(.+\.o):\s*[0-9a-f]*\s+([A-Za-z])\s+(\S+)$', line)
        if not found:
            continue
        file, kind, symbol = pathlib.Path(found.group(1).rsplit(':', 1)[-1]).name, found.group(2), found.group(3)
        if kind == 'U':
            needs[file].add(symbol)
        elif kind in 'TDBRV':
            home[symbol] = file
    return {file: {home[s] for s in symbols if home.get(s, file) != file} for file, symbols in needs.items()}


def reach(graph, start):
    seen, open_ = set(), [start]
    while open_:
        for file in graph.get(open_.pop(), ()):
            if file not in seen:
                seen.add(file)
                open_.append(file)
    return seen


def circles(library):
    graph = calls(library)
    below = {file: reach(graph, file) for file in graph}
    return sorted({tuple(sorted(other for other in below if other in below[file] and file in below[other])) for file in below if file in below[file]})


def main(libraries):
    print(f'1..{len(libraries)}')
    bad = 0
    for number, library in enumerate(libraries, 1):
        found = circles(library)
        bad += bool(found)
        print(f'{"not ok" if found else "ok"} {number} - no files of {pathlib.Path(library).name} call each other in a circle')
        for circle in found:
            print('#', ', '.join(circle))
    return int(bad > 0)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
