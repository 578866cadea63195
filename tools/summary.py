#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what ran: tools/summary.py TESTLOG.json... Prints "N passed, N failed, N skipped" last. A missing log is a failure."""
import json
import pathlib
import re
import sys

TAP_LINE = re.compile(r"^(not )?ok\b(?:[^#\n]|\\#)*(#\s*(?:skip|todo))?", re.IGNORECASE | re.MULTILINE)
GOOD = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP", "IGNORED"}


def count(entry):
    """(passed, failed, skipped) of one test program; a TAP program counts each of its lines."""
    result, output = entry["result"], entry.get("stdout") or ""
    passed = failed = skipped = 0
    if re.search(r"^1\.\.\d+", output, re.MULTILINE):
        for line in TAP_LINE.finditer(output):
            if line.group(2):
                skipped += 1
            elif line.group(1):
                failed += 1
            else:
                passed += 1
    if result in SKIPPED:
        return (0, 0, max(skipped, 1))
    if result in GOOD:
        return (passed, failed, skipped) if passed + failed + skipped else (1, 0, 0)
    return (passed, max(failed, 1), skipped)


def main():
    total = [0, 0, 0]
    for log in map(pathlib.Path, sys.argv[1:]):
        if not log.exists():
            print(f"FAILED {log.parts[0]}: it did not build, or its tests did not run")
            total[1] += 1
            continue
        for line in log.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            counts = count(entry)
            total = [a + b for a, b in zip(total, counts)]
            if counts[1]:
                print(f"FAILED {log.parts[0]}: {entry['name']}")
            elif counts[2]:
                print(f"skipped {log.parts[0]}: {entry['name']}")
    print("{} passed, {} failed, {} skipped".format(*total), flush=True)
    sys.exit(1 if total[1] or not total[0] else 0)


main()
