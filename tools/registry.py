#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Registry, folders, rulebook and documents agree, and no rule is dead: registry.py BUILD_FOLDER. Prints TAP.

A rule is alive when the library's source, macros expanded, names one of its constants, or holds a text that its id begins with
(rules found by a composed id), or walks its whole standard, or when the terms of the rulebook refer to it. The others are listed
with a reason in tools/unread_rules.txt.
"""
import json
import pathlib
import re
import subprocess
import sys
import tomllib

import csource
import layers

ROOT = csource.ROOT
CONSTANT = re.compile(r"\bBFL_(?:RULE|NUM|TXT)_([A-Z0-9_]+?)(?:__[A-Z0-9_]+)?\b")
PREFIX = re.compile(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)*\.?)"')


def folders(parent):
    return sorted(p.name for p in (ROOT / parent).iterdir() if p.is_dir())


def documents():
    return "\n".join(csource.read(p) for p in csource.files(".md"))


def criteria():
    """What is wrong with the folders of src/criteria."""
    registry, build, texts = csource.read("src/criteria/criteria.c"), csource.read("src/criteria/meson.build"), documents()
    for name in folders("src/criteria"):
        if not (ROOT / f"src/criteria/{name}/{name}.h").exists():
            yield f"src/criteria/{name}/{name}.h is missing"
        if f"{name}/{name}.h" not in registry:
            yield f"src/criteria/criteria.c does not include {name}/{name}.h"
        if f"'{name}/" not in build:
            yield f"src/criteria/meson.build names no file of {name}/"
        if not list((ROOT / "rulebook" / name).glob("*.toml")):
            yield f"rulebook/{name}/ has no rules"
        if not re.search(rf"\b{name}\b", texts, re.IGNORECASE):
            yield f"no document mentions {name}"


def criterion_names():
    """Ids of the registry's table that no document explains."""
    table = re.search(r"registry\[.*?\] = \{(.*?)\n\};", csource.read("src/criteria/criteria.c"), re.DOTALL).group(1)
    texts = documents()
    for name in re.findall(r'= \{"([a-z0-9_]+)"', table):
        if name not in texts:
            yield f"the criterion '{name}' is in no document"


def formats():
    """What is wrong with the folders of src/format: those of records, and those of volumes, which docs/ct.md explains."""
    header, volumes = csource.read("include/boneflare/format.h"), csource.read("src/format/volumes.h")
    build, texts = csource.read("src/format/meson.build"), csource.read("docs/ct.md").lower()
    for name in folders("src/format"):
        volume = f"bfl_{name}_read" in volumes
        if not volume and f"bfl_{name}_read" not in header:
            yield f"neither include/boneflare/format.h nor src/format/volumes.h has bfl_{name}_read()"
        if f"'{name}/" not in build:
            yield f"src/format/meson.build names no file of {name}/"
        if volume and name not in texts:
            yield f"docs/ct.md does not mention {name}"
        if not volume and not any(p.stem.replace("-", "") == name for p in (ROOT / "docs").glob("*.md")):
            yield f"docs/ has no page on {name}"
        if not (ROOT / f"tests/fuzz/{name}.c").exists():
            yield f"tests/fuzz/{name}.c is missing"


def map_of_rooms():
    """ARCHITECTURE.md lists the rooms of src/, each on the level that tools/layers.py keeps."""
    listed = {room: int(level) for level, room in re.findall(r"^\| (\d+) \| `(\w+)(?:/\*)?` \|", csource.read("ARCHITECTURE.md"), re.MULTILINE)}
    for room in folders("src"):
        if room not in listed:
            yield f"ARCHITECTURE.md does not list the room {room}"
        elif listed[room] != layers.LEVEL.get(room):
            yield f"ARCHITECTURE.md puts {room} on level {listed[room]}, tools/layers.py on {layers.LEVEL.get(room)}"
    for room in listed:
        if room != "apps" and not (ROOT / "src" / room).is_dir():
            yield f"ARCHITECTURE.md lists {room}, and there is no src/{room}"


def rules():
    found = {}
    for path in sorted((ROOT / "rulebook").glob("*/*.toml")):
        book = tomllib.loads(path.read_text(encoding="utf-8"))
        for rule in book.get("rule", []):
            found[rule["id"]] = (path.relative_to(ROOT), book["standard"])
    return found


def expanded(build):
    """The library's own source with macros expanded; what the generated header declares is left out."""
    for unit in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        file = (pathlib.Path(unit["directory"]) / unit["file"]).resolve()
        if not file.is_relative_to(ROOT / "src") or file.suffix != ".c":
            continue
        compiler, command = csource.compiler(unit["command"])
        del command[command.index("-o"):command.index("-o") + 2]
        output = subprocess.run([compiler, "-E", *[c for c in command if c != "-c" and not c.startswith("-M")]],
                                cwd=unit["directory"], capture_output=True, text=True).stdout
        own = False
        for line in output.splitlines():
            marker = re.match(r'# \d+ "([^"]*)"', line)
            if marker:
                own = "/src/" in marker.group(1) or marker.group(1).startswith("../src")
            elif own:
                yield line


def unread():
    """Rules that no code reads, on purpose: "id reason" a line."""
    lines = csource.read("tools/unread_rules.txt").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def dead_rules(build):
    text = "\n".join(expanded(build))
    constants = set(CONSTANT.findall(text))
    prefixes = tuple(p for p in PREFIX.findall(text) if "." in p)
    walked = set(re.findall(r'standard, "([a-z0-9_]+)"', text))
    terms = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "rulebook/terms").glob("*.toml"))
    listed = unread()
    for rule, (path, standard) in rules().items():
        alive = (rule.replace(".", "_").upper() in constants or f'"{rule.removesuffix("_limit")}"' in terms
                 or rule.startswith(prefixes) or standard in walked)
        if alive and rule in listed:
            yield f"tools/unread_rules.txt: {rule} is read now: delete its line"
        if not alive and rule not in listed:
            yield f"{path}: nothing reads {rule}"
    for rule in listed:
        if rule not in rules():
            yield f"tools/unread_rules.txt: there is no rule {rule}"


def main():
    build = pathlib.Path(sys.argv[1])
    checks = [("criteria: folders, registry, build, rulebook, documents", criteria()), ("every criterion is explained", criterion_names()),
              ("formats: folders, header, build, documents, fuzzers", formats()), ("the map shows the rooms", map_of_rooms()), ("no dead rule", dead_rules(build))]
    failed = False
    print(f"1..{len(checks)}")
    for number, (title, problems) in enumerate(checks, 1):
        problems = list(problems)
        failed |= bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {title}")
        for problem in problems:
            print(f"# {problem}")
    sys.exit(1 if failed else 0)


main()
