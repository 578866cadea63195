#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Laboratory values out of Bulk Data on one core, ours beside simdjson's own faces, Node and jq on the same file.

bench/fhir.py BUILD_FOLDER LABS.ndjson [--copies N] [--runs N]

LABS.ndjson (Synthea's laboratory Observations) is copied under new ids and shuffled (bench/fhir/replicate.py). Every program reads the
file, takes patient and value of five codes, and prints counts and sums; they must be the same, or the script fails. Processor time,
the median of the runs; peak memory is the system's figure. Ours, Node and jq read the file; simdjson's faces are timed on the text
in memory, so beside them stands what reading alone takes. Ours checks every line (UTF-8, JSON) and reports broken ones; so do simdjson's
document face, Node and jq; simdjson's on-demand face does not check what it passes over.
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent / "fhir"
RESULT = re.compile(r"lines \d+ broken \d+ observations \d+ found \d+ whole \d+ ids \d+")


def runs_of(command):
    """[(name, seconds, MiB, result, exact sum or None)] of the lines that a program prints"""
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        words = line.split()
        named = dict(zip(words[1::2], words[2::2]))
        yield words[0], int(named["cpu_us"]) / 1e6, int(named["rss_kib"]) / 1024, RESULT.search(line)[0], named.get("exact")


def measure(command):
    """(seconds, MiB, what it printed)"""
    reading, writing = os.pipe()
    with open(writing, "w") as out:
        process = subprocess.Popen(command, stdout=out)
    _, status, usage = os.wait4(process.pid, 0)
    with open(reading) as printed:
        result = printed.read().strip()
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, result


def run_jq(path):
    seconds, memory, result = measure(["jq", "-rn", "-f", str(HERE / "peer.jq"), str(path)])
    return [("jq", seconds, memory, result, None)]


def reading_alone(path, runs):
    return statistics.median(measure(["dd", f"if={path}", "of=/dev/null", "bs=256k", "status=none"])[0] for _ in range(runs))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("labs", type=pathlib.Path)
    parser.add_argument("--copies", type=int, default=16)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    subprocess.run(["ninja", "-C", str(options.build), "bench/fhir_scan", "bench/fhir_peer"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as top:
        path = pathlib.Path(top) / "observations.ndjson"
        subprocess.run([sys.executable, str(HERE / "replicate.py"), str(options.copies), "1", str(path), str(options.labs)], check=True)
        size, bench, few = path.stat().st_size, options.build / "bench", max(1, options.runs // 3)
        programs = [list(runs_of([str(bench / "fhir_scan"), str(path), str(options.runs)])),
                    list(runs_of([str(bench / "fhir_peer"), "ondemand", str(path), str(options.runs)])),
                    list(runs_of([str(bench / "fhir_peer"), "dom", str(path), str(options.runs)])),
                    list(runs_of(["node", str(HERE / "peer_node.js"), str(path), str(few)])),
                    run_jq(path)]
        reading = reading_alone(path, options.runs)
    own, own_result, exact = statistics.median(r[1] for r in programs[0]), programs[0][0][3], programs[0][0][4]
    print(f"{size / 1e6:.1f} MB, {own_result}, exact sum {exact}")
    print(f"{'reading the file alone (dd)':27} {reading:7.3f} s cpu {size / 1e9 / reading:7.2f} GB/s")
    for runs in programs:
        name, seconds = runs[0][0], statistics.median(r[1] for r in runs)
        if any(r[3] != own_result or r[4] not in (None, exact) for r in runs):
            sys.exit(f"{name} found something else: {runs[0][3:]}")
        print(f"{name:26} {seconds:8.3f} s cpu {size / 1e9 / seconds:7.2f} GB/s {max(r[2] for r in runs):6.0f} MiB peak  "
              f"{seconds / own:6.2f} times ours, {len(runs)} run{'s' * (len(runs) > 1)}")


main()
