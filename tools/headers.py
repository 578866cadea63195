#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every header compiles alone: public ones as C17 and C++17 with -pedantic, door headers as C17. Prints TAP.

headers.py CC CXX GENERATED_FOLDER   (CC and CXX: commands, words separated by ;)
"""
import subprocess
import sys
import tempfile

import csource

WARNINGS = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]


def compiles(command, header, brackets):
    opening, closing = brackets
    # Included twice: the guard is checked as well. The declaration keeps the unit from being empty.
    source = f"#include {opening}{header}{closing}\n" * 2 + "typedef int nothing_else_here;\n"
    with tempfile.NamedTemporaryFile("w", suffix=".cc" if "c++" in " ".join(command) else ".c") as unit:
        unit.write(source)
        unit.flush()
        result = subprocess.run(command + [unit.name], capture_output=True, text=True)
    return result.returncode == 0, result.stderr


def main():
    cc, cxx = sys.argv[1].split(";"), sys.argv[2].split(";")
    generated = sys.argv[3]
    root = str(csource.ROOT)
    public = ["-I", f"{root}/include"]
    inside = public + ["-I", f"{root}/src", "-I", f"{root}/shim", "-I", generated, "-D_POSIX_C_SOURCE=200809L"]
    cases = []
    for path in csource.files(".h", under=("include",)):
        name = "/".join(path.parts[1:])
        cases.append((f"<{name}> C17", cc + ["-std=c17", "-Wstrict-prototypes"] + WARNINGS + public, name, "<>"))
        cases.append((f"<{name}> C++17", cxx + ["-x", "c++", "-std=c++17"] + WARNINGS + public, name, "<>"))
    for path in csource.files(".h", under=("src",)):
        name = "/".join(path.parts[1:])
        cases.append((f'"{name}" C17', cc + ["-std=c17"] + WARNINGS + inside, name, '""'))
    print(f"1..{len(cases)}")
    failed = 0
    for number, (title, command, header, brackets) in enumerate(cases, 1):
        good, output = compiles(command, header, brackets)
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
        for line in output.splitlines():
            print(f"# {line}")
    sys.exit(1 if failed else 0)


main()
