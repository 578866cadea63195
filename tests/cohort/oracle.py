#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of the bundled study against R's, to 8 significant digits. Prints TAP, one line a table. oracle.py BONEFLARE

The study is made by the source's own calls of flares, so that these tables do not move with the rules of the verdict.
tests/oracle/r/study.R computed the expected numbers from the files of data/study_*.csv, which must still be what boneflare writes.
"""
import collections
import csv
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORACLE = ROOT / "tests/oracle/r"
# Tables of which R's rows are a part: which of ours they are.
PART = {"response": lambda row: row["criterion"] == "recist11_flare_note",
        "flare": lambda row: row["what"] == "flare, as the source says",
        "onset_curve": lambda row: row["group"] == "all",
        "forest": lambda row: row["variable"] != "treatment"}
# Of the patients, what R read and what does not hang on the rules of the verdict.
READ = ["patient", "group", "age", "sex", "stage", "egfr", "bone_at_baseline", "best_recist11", "best_recist11_flare_note",
        "flare_known_day",
        "stated_flare", "course"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same(ours, expected):
    if expected == "none":
        try:
            float(ours)
        except ValueError:
            return True
        return False
    try:
        a, b = float(ours), float(expected)
    except ValueError:
        return False
    return abs(a - b) <= 1e-8 * abs(b) + 1e-12


def compare(ours, expected):
    problems = []
    for name, values in expected.items():
        found = [row[name] for row in ours]
        if len(found) != len(values):
            problems.append(f"{name}: {len(found)} rows, R has {len(values)}")
            continue
        problems += [f"{name}, row {i + 1}: {a or 'none'}, R {b}" for i, (a, b) in enumerate(zip(found, values)) if not same(a, b)]
    return problems


def single(ours, expected):
    """Rows that R gives as a vector: kappa and Gray's test."""
    problems = []
    for name, values in expected.items():
        if name == "kappa":
            row = next(r for r in ours if r["first"].startswith("RECIST") and r["second"] == "as the source says")
            found = [row["kappa"], row["observed"], row["se"]]
        else:
            found = [ours[0][key] for key in ("statistic", "df", "p")]
        problems += [f"{name}: {a}, R {b}" for a, b in zip(found, values) if not same(a, b)]
    return problems


def inputs(out):
    problems = []
    for name in ("adtte", "adlb"):
        if rows(out / f"{name}.csv") != rows(ORACLE / f"data/study_{name}.csv"):
            problems.append(f"{name}.csv differs from tests/oracle/r/data/study_{name}.csv: run study.R on the new one")
    now, then = rows(out / "patients.csv"), rows(ORACLE / "data/study_patients.csv")
    if [[r[c] for c in READ] for r in now] != [[r[c] for c in READ] for r in then]:
        problems.append("patients.csv differs from tests/oracle/r/data/study_patients.csv: run study.R on the new one")
    return problems


def main():
    expected = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows(ORACLE / "expected/study.csv"):
        expected[row["case"]][row["name"]].append(row["value"])
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        subprocess.run([sys.argv[1], "cohort", ROOT / "examples/cohort_shi2021/study", "--flares", "stated", "--out", out], check=True,
                       capture_output=True)
        print(f"1..{len(expected) + 1}")
        results = [("what R read", inputs(out))]
        for table, columns in expected.items():
            ours = [row for row in rows(out / f"{table}.csv") if PART.get(table, lambda _: True)(row)]
            check = single if set(columns) & {"kappa", "gray"} else compare
            results.append((f"{table}: {sum(map(len, columns.values()))} numbers", check(ours, columns)))
        for i, (name, problems) in enumerate(results, 1):
            print(f"{'not ok' if problems else 'ok'} {i} - {name}")
            for problem in problems[:20]:
                print(f"# {problem}")


main()
