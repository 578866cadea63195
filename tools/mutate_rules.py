#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does any case notice when a number of the rulebook changes? Nudges each numeric parameter by an overlay and compares reports.

mutate_rules.py BONEFLARE [--every N] [--report FILE] [--jobs N]

Each parameter is set, one at a time, to twice, half and (when 0) one, and every example, published case and counter-case is
assessed again. A parameter whose changes alter no report is a survivor: no case holds it in place. Survivors that are known stand
in tools/mutation_accepted.txt with a reason; another one fails the run. --every N tries each N-th parameter only.
"""
import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACCEPTED = ROOT / "tools/mutation_accepted.txt"
DATES = ["", "d21", "d60"]


def parameters(boneflare):
    """[(rule, parameter, value)] of every numeric parameter an overlay may set."""
    heads = [tomllib.loads(p.read_text(encoding="utf-8")) for p in (ROOT / "rulebook").glob("*/*.toml")]
    fixed = {head["standard"] for head in heads if head.get("fixed")}
    output = subprocess.run([boneflare, "rules", "list", "--json"], capture_output=True, text=True, check=True).stdout
    return [(rule["id"], key, value) for rule in json.loads(output)["rules"] if rule["standard"] not in fixed
            for key, value in rule["parameters"].items() if not isinstance(value, str)]


def cases():
    return sorted(str(p.parent) for top in ("examples", "tests/cases/counter", "tests/cases/published") for p in (ROOT / top).glob("*/patients.csv"))


def assess(boneflare, overlay):
    """All reports under an overlay, without the hash that names it."""
    reports = []
    for date in DATES:
        command = [boneflare, "assess", *cases(), "--format", "json"] + (["--as-of", date] if date else [])
        if overlay:
            command += ["--rules", overlay]
        result = subprocess.run(command, capture_output=True, text=True)
        reports.append(re.sub(r'"sha256": ?"[0-9a-f]*"', "", result.stdout) + result.stderr)
    return reports


def nudges(value):
    return ["1"] if float(value) == 0 else [repr(float(value) * 2), repr(float(value) / 2)]


def survives(boneflare, plain, parameter):
    rule, key, value = parameter
    for changed in nudges(value):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as overlay:
            overlay.write(f'{{"{rule}": {{"{key}": {changed}}}}}')
            overlay.flush()
            if assess(boneflare, overlay.name) != plain:
                return False
    return True


def accepted():
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("boneflare")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--report", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    tried = parameters(options.boneflare)[::options.every]
    plain = assess(options.boneflare, None)
    if not tried or plain != assess(options.boneflare, None):
        sys.exit("there is nothing to nudge, or two plain runs differ")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        verdicts = list(pool.map(lambda p: survives(options.boneflare, plain, p), tried))
    survivors = [f"{rule}.{key}" for (rule, key, _), lives in zip(tried, verdicts) if lives]
    known = accepted()
    fresh = [s for s in survivors if s not in known]
    held = [f"{rule}.{key}" for (rule, key, _), lives in zip(tried, verdicts) if not lives and f"{rule}.{key}" in known]
    if options.report:
        options.report.write_text("".join(f"{s}\n" for s in survivors), encoding="utf-8")
    print(f"{len(tried)} parameters of {len(parameters(options.boneflare))} nudged, {len(tried) - len(survivors)} noticed by {len(cases())} cases")
    for name in fresh:
        print(f"no case notices {name}: add a case, or a line with a reason to tools/mutation_accepted.txt")
    for name in held:
        print(f"a case notices {name} now: delete its line in tools/mutation_accepted.txt")
    sys.exit(1 if fresh or held else 0)


main()
