#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The image room built in other ways gives the same results: same.py DEFAULT [NAME=PROGRAM]..."""
import subprocess
import sys


def results(program, *more):
    done = subprocess.run([program, *more], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout


code, expected = results(sys.argv[1])
marks = [line for line in expected.splitlines() if line.startswith("mark ")]
print(f"{'ok' if code == 0 and marks else 'not ok'} 1 - the default build finds {len(marks)} marks")
for number, named in enumerate(sys.argv[2:], 2):
    name, program = named.split("=", 1)
    code, got = results(program, *([name] if name == "avx2" else []))
    good = code == 77 or (code == 0 and got == expected)
    print(f"{'ok' if good else 'not ok'} {number} - {name}" + (" # SKIP not on this processor" if code == 77 else ""))
    if not good:
        print("".join(f"# {line}\n" for line in got.splitlines() if line not in expected.splitlines()), end="")
print(f"1..{len(sys.argv) - 1}")
