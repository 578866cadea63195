#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang takes every C file with the same warnings as errors: clang.py CLANG BUILD_FOLDER. Checks, compiles nothing."""
import concurrent.futures
import json
import pathlib
import subprocess
import sys

import csource

clang, build = sys.argv[1], pathlib.Path(sys.argv[2])
DROPPED = ("-fdiagnostics-color", "-flto", "-ffat-lto-objects", "-M", "-W", "-O")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wshadow", "-Wconversion", "-Wdouble-promotion", "-Wstrict-prototypes",
            "-Wmissing-prototypes", "-Wswitch-enum", "-Wcast-qual", "-Wvla", "-Wformat=2", "-Wno-gnu-zero-variadic-macro-arguments"]


def check(unit):
    words = csource.compiler(unit["command"])[1]
    kept = []
    while words:
        word = words.pop(0)
        if word in ("-o", "-MQ", "-MF"):
            words.pop(0)
        elif not word.startswith(DROPPED) and word != "-c":
            kept.append(word)
    return subprocess.run([clang, "-fsyntax-only", *WARNINGS, *kept], cwd=unit["directory"], capture_output=True, text=True)


commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
units = {unit["file"]: unit for unit in commands if unit["file"].endswith(".c")}
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    failures = [result.stderr for result in pool.map(check, units.values()) if result.returncode]
print("\n".join(failures), file=sys.stderr)
sys.exit(1 if failures else 0)
