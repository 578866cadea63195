#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the model of the verdict against the code, and that breaking either is noticed. Prints TAP.

    run_spin.py TABLE_PROGRAM SPIN COMPILER

TABLE_PROGRAM prints what the code does (tests/spin/table.c). The model (verdict.pml) is checked for its assertions and for each of
its properties; then once for each way of breaking it, where some check must find the error.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROPERTIES = ["settled", "exits"]
MUTANTS = {1: ("progression turns to flare at once", {"assertions", "settled"}),
           2: ("undetermined keeps itself", {"assertions", "exits"}),
           3: ("a symptom leaves progression", {"assertions", "settled"}),
           4: ("a confirmed flare hides an alarm", {"assertions"}),
           5: ("the code confirms too early and the model does not", {"assertions"})}


def run(command, folder):
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"Bail out! {' '.join(command)}: {result.stdout}{result.stderr}")
    return result.stdout


def refuted_by(folder, spin, compiler, mutant):
    """Names of the checks that find an error, and the number of states of the largest search."""
    found, states = set(), 0
    run([spin, "-a", f"-DMUTANT={mutant}", "verdict.pml"], folder)
    run([compiler, "-w", "-o", "pan", "pan.c"], folder)
    checks = [("assertions", ["./pan", "-noclaim", "-m100000"])]
    checks += [(name, ["./pan", "-a", "-A", "-m100000", "-N", name]) for name in PROPERTIES]
    for name, command in checks:
        said = run(command, folder)
        errors = re.search(r"errors: (\d+)", said)
        if not errors or "max search depth too small" in said:
            sys.exit(f"Bail out! {name}: the search did not finish: {said}")
        states = max(states, int(float(re.search(r"(\S+) states, stored", said).group(1))))
        if int(errors.group(1)):
            found.add(name)
    return found, states


def main(table, spin, compiler):
    bad = 0
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top)
        shutil.copy(HERE / "verdict.pml", folder)
        (folder / "table.pml").write_text(run([table], HERE), encoding="utf-8")
        inputs = int(re.search(r"INPUTS (\d+)", (folder / "table.pml").read_text(encoding="utf-8")).group(1))
        found, states = refuted_by(folder, spin, compiler, 0)
        bad += bool(found)
        print(f"{'not ok' if found else 'ok'} 1 - the code holds, {inputs} inputs, {states} states {' '.join(sorted(found))}")
        for number, (what, expected) in MUTANTS.items():
            found, _ = refuted_by(folder, spin, compiler, number)
            bad += found != expected
            print(f"{'ok' if found == expected else 'not ok'} {number + 1} - refuted: {what} (by {', '.join(sorted(found)) or 'nothing'})")
    print(f"1..{len(MUTANTS) + 1}")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*(str(pathlib.Path(a).resolve()) if "/" in a else a for a in sys.argv[1:])))
