#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden tests of the command line: goldens.py BINARY_FOLDER [--accept] [NAME...]. Prints TAP.

tests/cli/<command>/NAME.cmd is a shell line, run in a fresh copy of examples/ and of tests/cli/<command>/data; NAME.out and
NAME.err are exactly what it prints (no file = nothing), NAME.exit its exit status (no file = 0). Chosen by
NAME or <command>/NAME; --accept writes them anew: read the difference before you commit it.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = ROOT / "tests/cli"


def run(case, binaries):
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top)
        shutil.copytree(ROOT / "examples", folder / "examples")
        if (case.parent / "data").is_dir():
            shutil.copytree(case.parent / "data", folder / "data")
        environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": top, "LC_ALL": "C.UTF-8", "TZ": "UTC",
                       "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
                       "LSAN_OPTIONS": f"suppressions={ROOT / 'tests/lsan.txt'}:print_suppressions=0"}
        result = subprocess.run(["bash", "-c", case.read_text(encoding="utf-8")], cwd=folder, env=environment,
                                capture_output=True, stdin=subprocess.DEVNULL, timeout=600)
        status = b"" if result.returncode == 0 else f"{result.returncode}\n".encode()
        return {".out": result.stdout, ".err": result.stderr, ".exit": status}


def compare(case, actual):
    wrong = []
    for suffix, got in actual.items():
        path = case.with_suffix(suffix)
        expected = path.read_bytes() if path.exists() else b""
        if got != expected:
            wrong += [f"{path.relative_to(ROOT)}", "expected:", *expected.decode("utf-8", "replace").splitlines(),
                      "printed:", *got.decode("utf-8", "replace").splitlines()]
    return wrong


def accept(case, actual):
    for suffix, got in actual.items():
        path = case.with_suffix(suffix)
        if got:
            path.write_bytes(got)
        elif path.exists():
            path.unlink()


def main():
    arguments = [a for a in sys.argv[1:] if a != "--accept"]
    binaries = str(pathlib.Path(arguments[0]).resolve())
    cases = sorted(CASES.glob("*/*.cmd"))
    if arguments[1:]:
        cases = [c for c in cases if {c.stem, f"{c.parent.name}/{c.stem}"} & set(arguments[1:])]
    if not cases:
        sys.exit("goldens.py: no test has that name")
    failed = 0
    print(f"1..{len(cases)}")
    for number, case in enumerate(cases, 1):
        actual = run(case, binaries)
        if "--accept" in sys.argv:
            accept(case, actual)
        wrong = compare(case, actual)
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {case.parent.name}/{case.stem}", flush=True)
        for line in wrong:
            print(f"# {line}")
    sys.exit(1 if failed else 0)


main()
