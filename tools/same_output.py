#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two builds must say the same: same_output.py OLD_BINARY NEW_BINARY [PATIENTS_PER_SCENARIO]

For changes that make the program faster and nothing else. Simulates patients of every scenario with the old binary (the new one
must make the same files), assesses and explains them and all stored cases with both, at the end and on days between, and
compares the JSON byte by byte. Prints what was compared; exits 1 at the first difference.
"""
import filecmp
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCENARIOS = "mixed flare progression liver cholangitis paget fracture radiotherapy bone_agent method_change".split()
DAYS = ["d30", "d75", "d160", "d400"]


def output(binary, *arguments):
    result = subprocess.run([binary, *arguments], capture_output=True)
    return result.returncode, result.stdout, result.stderr


def same(old, new, *arguments):
    a, b = output(old, *arguments), output(new, *arguments)
    if a != b:
        print("differs:", *arguments)
        for before, after in zip(a[1].splitlines(), b[1].splitlines()):
            if before != after:
                at = next((i for i, (x, y) in enumerate(zip(before, after)) if x != y), 0)
                print(" old", before[max(0, at - 200):at + 100], "\n new", after[max(0, at - 200):at + 100])
                break
        sys.exit(1)
    return len(a[1])


def make(binary, folder, scenario, patients):
    subprocess.run([binary, "simulate", "--patients", patients, "--seed", "11", "--scenario", scenario, "--out", folder],
                   check=True, stdout=subprocess.DEVNULL)


def alike(a, b):
    compared = filecmp.dircmp(a, b)
    if compared.diff_files or compared.left_only or compared.right_only:
        sys.exit(f"simulated files differ: {compared.diff_files + compared.left_only + compared.right_only}")
    for folder in compared.common_dirs:
        alike(f"{a}/{folder}", f"{b}/{folder}")


def main(old, new, patients):
    stored = [str(p.parent) for top in ("examples", "tests/cases") for p in (ROOT / top).rglob("patients.csv")]
    cases = [(case, DAYS) for case in sorted(stored)]
    compared = 0
    with tempfile.TemporaryDirectory() as top:
        for scenario in SCENARIOS:
            make(old, f"{top}/old_{scenario}", scenario, patients)
            make(new, f"{top}/new_{scenario}", scenario, patients)
            alike(f"{top}/old_{scenario}", f"{top}/new_{scenario}")
            cases.append((f"{top}/old_{scenario}/cases", DAYS))
        for case, days in cases:
            for when in [[], *(["--as-of", day] for day in days)]:
                compared += same(old, new, "assess", case, "--format", "json", *when)
            compared += same(old, new, "explain", case, "--json")
            compared += same(old, new, "assess", case, "--format", "fhir", "--recorded", "2026-01-01T00:00:00Z")
    print(f"{len(cases)} folders, {compared} bytes of JSON: the same")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) == 4 else "30")
