#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Throughput of `boneflare assess` on copies of the example patients, beside a peer that only reads the same tables.

bench/assess.py [--copies N] [--runs N] [--boneflare PATH]

Each example patient is copied N times under its own id into one case folder. Two programs then read the same bytes:
`boneflare assess --format json`, which reads, checks, assesses and reports each patient; and Python's csv module (its reader is
written in C), which only splits the tables into fields. Processor time
counts, the best of the runs; peak memory is the system's figure.
"""
import argparse
import csv
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEER = "import csv, glob, sys\nassert sum(len(row) for path in glob.glob(sys.argv[1] + '/*.csv') for row in csv.reader(open(path, encoding='utf-8')))"


def write_copies(folder, copies):
    """All example patients `copies` times in one case folder; returns patients and bytes."""
    tables, patients = {}, set()
    for path in sorted(ROOT.glob("examples/*/*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        tables.setdefault(path.name, []).extend((path.parent.name, row) for row in rows if row["patient"] != "*")
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for _, row in rows for column in row))
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            for copy in range(copies):
                for source, row in rows:
                    patient = f"{source}-{row['patient']}-{copy:06}"
                    patients.add(patient)
                    writer.writerow({**row, "patient": patient})
    return len(patients), sum(p.stat().st_size for p in folder.iterdir())


def measure(command, runs):
    """(least processor seconds, peak MiB): both programs use one thread, and the machine may be shared"""
    best, peak = float("inf"), 0
    for _ in range(runs):
        pid = os.spawnvp(os.P_NOWAIT, command[0], command)
        _, status, usage = os.wait4(pid, 0)
        best = min(best, usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss / 1024)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"failed: {' '.join(command)}")
    return best, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--copies", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--boneflare", default=str(ROOT / "build/apps/cli/boneflare"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top) / "case"
        folder.mkdir()
        patients, size = write_copies(folder, options.copies)
        print(f"{patients} patients, {size / 1e6:.1f} MB of tables, best of {options.runs}")
        work = measure([options.boneflare, "assess", str(folder), "--format", "json", "--out", f"{top}/out.json"], options.runs)
        peer = measure([sys.executable, "-c", PEER, str(folder)], options.runs)
        for name, (seconds, memory) in (("boneflare assess --format json", work), ("python csv.reader, fields only", peer)):
            print(f"{name:32} {seconds:8.2f} s cpu {patients / seconds:10.0f} patients/s {size / 1e6 / seconds:8.1f} MB/s {memory:8.0f} MiB peak")
        print(f"boneflare takes {work[0] / peer[0]:.1f} times as long as reading the fields alone")


main()
