#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bundled synthetic study: its script writes the committed bytes, and every printed margin holds. Prints TAP. bundle.py BONEFLARE"""
import csv
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "examples/cohort_shi2021"
# Statements of the paper that contradict its own others: no study can satisfy both.
CONTRADICTED = {("range flare_day", "d41..d120"), ("count where bone=yes and serial=yes", "20")}


def same_bytes(folder):
    subprocess.run([sys.executable, BUNDLE / "make.py", folder], check=True)
    made, kept = ({p.name: p.read_bytes() for p in pathlib.Path(f).glob("*.csv")} for f in (folder, BUNDLE / "study"))
    return [f"{name} differs" for name in sorted(made.keys() | kept.keys()) if made.get(name) != kept.get(name)]


def rows(folder, table):
    with open(pathlib.Path(folder) / f"{table}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def margins(folder):
    problems = []
    statements = rows(folder, "published")
    for row in statements:
        expected = "no" if (row["measure"], row["published"]) in CONTRADICTED else "yes"
        if row["recorded_same"] != expected:
            problems.append(f"{row['words']}: published {row['published']}, recorded {row['recorded']}")
    if len(statements) < 50:
        problems.append(f"only {len(statements)} statements")
    return problems


def synthetic_everywhere(_):
    patients = rows(BUNDLE / "study", "patients")
    return [row["patient"] for row in patients if not row["patient"].startswith("synthetic-") or "synthetic" not in row["note"]]


def slips(folder):
    found = {(row["patient"], row["found"].split(",")[0]) for row in rows(folder, "slips")}
    wanted = {("synthetic-01", "flare on day 45"), ("synthetic-01", "start 2018-02-22"), ("synthetic-01", "start on 2018-02-22"),
              ("synthetic-02", "flare on 2019-10-08"), ("synthetic-02", "flare on day 120"), ("synthetic-03", "flare on day 45"),
              ("synthetic-04", "flare on day 42"), ("synthetic-05", "flare on day 41"), ("*", "range flare_day d41..d125"),
              ("*", "count where bone=yes and serial=yes 25")}
    return [f"missing {slip}" for slip in sorted(wanted - found)] + [f"not a slip {slip}" for slip in sorted(found - wanted)]


def threads(folder):
    outputs = {subprocess.run([sys.argv[1], "cohort", BUNDLE / "study", "--format", "json", "--threads", n], check=True,
                              capture_output=True).stdout for n in "1237"}
    return [] if len(outputs) == 1 else ["the output depends on the number of threads"]


def main():
    print("1..5")
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as out:
        subprocess.run([sys.argv[1], "cohort", BUNDLE / "study", "--out", out], check=True, capture_output=True)
        checks = [(same_bytes, made, "the script writes the committed bytes"), (margins, out, "every printed margin holds"),
                  (synthetic_everywhere, None, "every patient is called synthetic"), (slips, out, "the paper's slips are listed"),
                  (threads, None, "the same bytes at any number of threads")]
        for i, (check, folder, name) in enumerate(checks, 1):
            problems = check(folder)
            print(f"{'not ok' if problems else 'ok'} {i} - {name}")
            for problem in problems:
                print(f"# {problem}")


main()
