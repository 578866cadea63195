#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cox with three covariates and log-rank of three groups, beside R's coxph and survdiff: survival.py BUILD_FOLDER [ROWS]

Both read the same seeded data (days of follow-up with ties, about half censored) before the clock starts; processor time counts, the best run of each.
Without R only our own times are printed. Exit 1 when the answers differ or a ratio is below 2.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

REQUIRED = 2.0
here = pathlib.Path(__file__).resolve().parent


def analyses(command):
    """name -> (seconds, results)"""
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    return {w[0]: (float(w[1]), [float(x) for x in w[2:]]) for w in map(str.split, lines) if w}


def main():
    build, rows = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "1000000"
    subprocess.run(["ninja", "-C", build, "bench/survival"], check=True, stdout=subprocess.DEVNULL)
    ours = build / "bench/survival"
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data.bin"
        subprocess.run([ours, "write", data, rows], check=True)
        mine = analyses([ours, "run", data, rows])
        theirs = {}
        if shutil.which("Rscript"):
            theirs = analyses(["Rscript", "--vanilla", here / "survival.R", data, rows])
    failed = False
    print(f"{rows} rows: boneflare, R, ratio")
    for name, (seconds, results) in mine.items():
        if name not in theirs:
            print(f"{name:9} {seconds:8.3f} s   R is not installed")
            continue
        r_seconds, r_results = theirs[name]
        same = all(abs(a - b) <= 1e-8 * abs(b) for a, b in zip(results, r_results, strict=True))
        ratio = r_seconds / seconds
        failed = failed or not same or ratio < REQUIRED
        print(f"{name:9} {seconds:8.3f} s {r_seconds:8.3f} s {ratio:6.1f}x  {'same to 8 digits' if same else 'DIFFERENT'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
