#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The exported functions: headers, library and tests/abi/symbols.txt agree, and each is documented. Prints TAP.

abi.py LIBRARY          check
abi.py --accept         rewrite tests/abi/symbols.txt from the headers
"""
import re
import subprocess
import sys

import csource

LIST = csource.ROOT / "tests/abi/symbols.txt"


def declarations():
    """(symbol, header, line, documented) of every BFL_API function."""
    for path in csource.files(".h", under=("include",)):
        stream = csource.tokens(csource.read(path))
        documented = False  # a comment stays in force for the declarations directly below it
        last_line = 0
        statement = []
        for i, token in enumerate(stream):
            if token.kind == "directive":
                statement = []
                continue
            if token.kind == "comment":
                documented = token.text.startswith("/**")
                last_line = token.line + token.text.count("\n")
                continue
            if not statement:
                if token.line > last_line + 1:
                    documented = False
            statement.append(token)
            last_line = token.line
            if token.text in (";", "{", "}"):
                name = api_name(statement)
                if name:
                    yield name, path, statement[0].line, documented
                statement = []


def api_name(statement):
    texts = [t.text for t in statement]
    if "BFL_API" not in texts or "(" not in texts:
        return None
    return texts[texts.index("(") - 1]


def exported(library):
    output = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    symbols = {line.split()[-1] for line in output.splitlines() if len(line.split()) == 3 and line.split()[1] != "A"}
    return {re.sub("@.*", "", symbol) for symbol in symbols}


def report(number, title, wrong):
    print(f"{'not ok' if wrong else 'ok'} {number} - {title}")
    for line in wrong:
        print(f"# {line}")
    return bool(wrong)


def main():
    declared = list(declarations())
    names = {name for name, *_ in declared}
    if sys.argv[1] == "--accept":
        LIST.write_text("".join(f"{n}\n" for n in sorted(names)), encoding="utf-8")
        return
    listed = set(LIST.read_text(encoding="utf-8").split())
    library = exported(sys.argv[1])
    print("1..4")
    failed = [
        report(1, "tests/abi/symbols.txt is what the headers declare (tools/abi.py --accept rewrites it)",
               [f"only in the list: {n}" for n in sorted(listed - names)] + [f"only in the headers: {n}" for n in sorted(names - listed)]),
        report(2, "the library exports nothing else", [f"exported, not BFL_API in a header: {n}" for n in sorted(library - names)]),
        report(3, "every declared function exists",
               [f"declared, not in the library: {n}" for n in sorted(names - library)]),
        report(4, "every exported function is documented",
               [f"{path}:{line}: {name} has no /** comment */" for name, path, line, documented in declared if not documented]),
    ]
    sys.exit(1 if any(failed) else 0)


main()
