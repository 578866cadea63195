#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The layer rule: a room includes only rooms of lower levels, through their door header. See ARCHITECTURE.md."""
import pathlib
import re
import sys

import csource

LEVELS = [
    ["base"],
    ["num", "terms", "figure"],
    ["record", "volume", "rules"],
    ["reason"],
    ["format", "criteria", "marker", "image", "sim"],
    ["endpoint", "lesion", "flare"],
    ["workup"],
    ["assess"],
    ["cohort", "evaluate", "reconcile"],
    ["report"],
    ["screen", "hooks"],
]
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
# Rooms that hold one folder per standard or format; the folders do not know each other.
FAMILIES = {"format", "criteria"}
# Programs and the folders of programs that they may enter, through the door.
APPS = {"cli": ["serve", "store"], "serve": ["store"], "store": []}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
GENERATED = {"rulebook_gen.h": {"rules", "terms"}}


def includes(path):
    text = csource.read(path)
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1) == '"', match.group(2)


def room_problem(room, path, quoted, target):
    """What is wrong with one include of a library file, or None."""
    parts = pathlib.PurePosixPath(target).parts
    if parts[0] == "boneflare":
        name = parts[-1][:-2]
        if name == "boneflare":
            return "the umbrella header is for users; include the room's own header"
        return level_problem(room, name)
    if not quoted:
        return None
    if target in GENERATED:
        return None if room in GENERATED[target] else "generated tables are reached through rules/rules.h or terms/terms.h"
    if len(parts) == 1:
        return "write the full path from src/, as \"room/file.h\""
    if parts[0] != room:
        if parts[0] not in LEVEL:
            return f"there is no room '{parts[0]}'"
        if target != f"{parts[0]}/{parts[0]}.h":
            return f"enter through the door: \"{parts[0]}/{parts[0]}.h\""
        return level_problem(room, parts[0])
    if room in FAMILIES and len(parts) > 2:
        inside = path.parts[2] if len(path.parts) > 3 else None
        if inside and inside != parts[1]:
            return f"{room}/{inside} and {room}/{parts[1]} are siblings; what they share moves to {room}/"
        if not inside and parts[2] != f"{parts[1]}.h":
            return f"enter through the door: \"{room}/{parts[1]}/{parts[1]}.h\""
    return None


def level_problem(room, other):
    if other == room:
        return None
    if other not in LEVEL:
        return f"there is no room '{other}'"
    if LEVEL[other] < LEVEL[room]:
        return None
    if LEVEL[other] == LEVEL[room]:
        return f"{room} and {other} are siblings (level {LEVEL[room]}); what they share moves down"
    return f"{other} (level {LEVEL[other]}) lies above {room} (level {LEVEL[room]})"


def app_problem(path, quoted, target):
    if target.startswith("boneflare/"):
        return None
    if quoted and "/" in target:
        return app_path_problem(path, target)
    if quoted and not (csource.ROOT / path.parent / target).exists():
        return "a program includes public headers and its own folder only"
    return None


def app_path_problem(path, target):
    """"serve/http/http.h": the folders of one's own program, and the doors of those below it."""
    own, other = path.parts[1], target.split("/")[0]
    if path.parts[0] != "apps" or other not in APPS:
        return "a program includes public headers only: <boneflare/...>"
    if other == own or other in APPS[own] and target == f"{other}/{other}.h":
        return None
    return f"{own} may include {', '.join(f'{a}/{a}.h' for a in APPS[own]) or 'no other program'}"


def problems():
    for path in csource.files(".c", ".h", ".cc", ".cpp", under=("src", "include", "apps", "examples", "shim")):
        top = path.parts[0]
        if top == "shim":
            continue
        if top == "src" and path.parts[1] not in LEVEL:
            yield path, 1, f"room '{path.parts[1]}' has no level in tools/layers.py"
            continue
        for line, quoted, target in includes(path):
            if top == "src":
                problem = room_problem(path.parts[1], path, quoted, target)
            elif top == "include":
                problem = None if path.stem == "boneflare" else room_problem(path.stem, path, quoted, target)
            else:
                problem = app_problem(path, quoted, target)
            if problem:
                yield path, line, f"includes {target}: {problem}"


def doors():
    """Every room of src/ has its door header."""
    for folder in sorted(p for p in (csource.ROOT / "src").iterdir() if p.is_dir()):
        if any(folder.rglob("*.c")) and not (folder / f"{folder.name}.h").exists():
            yield folder.relative_to(csource.ROOT), 1, f"a room needs its door header {folder.name}/{folder.name}.h"


def main():
    found = list(problems()) + list(doors())
    for path, line, message in found:
        print(f"{path}:{line}: {message}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
