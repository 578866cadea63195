#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Raw lesions to all endpoints as a stream, beside data.table: response.py BUILD_FOLDER [PATIENTS] [STREAMED]

First PATIENTS (10,000) of ten visits with 5 + 5 lesions on one thread: ours derives eleven endpoints and every criterion
from the lesions; the R program derives five endpoints by data.table from responses that ours decided. Sums of both must be the
same. Then STREAMED (1,000,000) patients on one thread and on all: the bytes must be the same, and the memory that of the small study.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def ours(program, patients, threads, *files):
    text = run([program, str(patients), "10", str(threads), *files])
    numbers = re.search(r": (\d+) ms, \d+ patients/s\ncpu: making \d+ ms, criteria (\d+) ms, endpoints (\d+) ms.*\n"
                        r"\d+ bytes out, hash (\w+), peak memory (\d+) KiB", text)
    print(text, end="")
    wall, criteria, endpoints, digest, memory = numbers.groups()
    return {"wall": int(wall), "criteria": int(criteria), "endpoints": int(endpoints), "hash": digest, "memory": int(memory)}


def sums(endpoints):
    """Objective responses, days of progression-free survival and progressions, from our rows."""
    responses = days = events = 0
    with open(endpoints, encoding="utf-8") as file:
        for line in file:
            _, name, state, value, _, _ = line.rstrip("\n").split(",")
            if name == "bor":
                responses += value in ("CR", "PR")
            if name == "pfs":
                days += int(value)
                events += state == "event"
    return responses, days, events


def main():
    build = pathlib.Path(sys.argv[1])
    patients, streamed = (sys.argv[2:] + ["10000", "1000000"][len(sys.argv) - 2:])[:2]
    subprocess.run(["ninja", "-C", build, "bench/response"], check=True, stdout=subprocess.DEVNULL)
    program = str(build / "bench/response")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        endpoints, visits = f"{folder}/endpoints.csv", f"{folder}/visits.csv"
        small = ours(program, patients, 1, endpoints, visits)
        if shutil.which("Rscript"):
            seconds, *theirs = run(["Rscript", "--vanilla", here / "response.R", visits]).split()
            same = sums(endpoints) == tuple(int(x) for x in theirs[:3])
            failed |= not same
            theirs_ms, from_responses, from_lesions = float(seconds) * 1000, small["endpoints"], small["criteria"] + small["endpoints"]
            print(f"data.table, five endpoints from responses already decided: {theirs_ms:.0f} ms cpu, {'same' if same else 'DIFFERENT'} "
                  f"sums; it takes {theirs_ms / from_responses:.2f} times our eleven from the same responses, "
                  f"{theirs_ms / from_lesions:.2f} times ours from lesions")
        else:
            print("R is not installed: nothing to compare with")
    one, many = ours(program, streamed, 1), ours(program, streamed, 0)
    failed |= one["hash"] != many["hash"]
    print(f"{'same' if one['hash'] == many['hash'] else 'DIFFERENT'} bytes; {one['wall'] / many['wall']:.2f} times as fast on all threads; "
          f"memory {one['memory'] / small['memory']:.2f} times that of {patients} patients")
    sys.exit(1 if failed else 0)


main()
