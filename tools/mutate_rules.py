#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does any test notice when a number of the rulebook changes? Each numeric parameter is doubled and halved, one at a time.

mutate_rules.py BUILD_FOLDER [--every N] [--match PATTERN] [--report FILE] [--jobs N]

First by an overlay: every example, published case and counter-case is assessed again, and a report must differ. What no report
shows is changed once more inside the unit tests: the number is patched in the data of a copy of each test program, and one of
them must fail. What survives both is held in place by nothing: it needs a test, or a line with a reason in
tools/mutation_accepted.txt ("pattern reason", * matches any text). --every N tries each N-th parameter only.
"""
import argparse
import concurrent.futures
import decimal
import errno
import fnmatch
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACCEPTED = ROOT / "tools/mutation_accepted.txt"
DATES = ["", "d21", "d60"]
ROOMS = ["criteria", "marker", "endpoint", "lesion", "flare", "workup", "assess", "evaluate", "cohort", "report", "sim"]
ROOM_OF = {"ct": "lesion"}  # whose unit tests are tried first, where it is not the rule's own first word
PARAMETER = struct.Struct("=qq qi4x q")  # bfl_parameter: key, numeric, mantissa, exponent, text


def parameters(boneflare):
    """[(rule, parameter, value)] of every numeric parameter an overlay may set."""
    heads = [tomllib.loads(p.read_text(encoding="utf-8")) for p in (ROOT / "rulebook").glob("*/*.toml")]
    fixed = {head["standard"] for head in heads if head.get("fixed")}
    output = subprocess.run([boneflare, "rules", "list", "--json"], capture_output=True, text=True, check=True).stdout
    rules = json.loads(output, parse_float=decimal.Decimal, parse_int=decimal.Decimal)["rules"]
    return [(rule["id"], key, value) for rule in rules if rule["standard"] not in fixed
            for key, value in rule["parameters"].items() if not isinstance(value, str)]


def nudges(value):
    return [decimal.Decimal(1)] if value == 0 else [value * 2, value / 2]


class Cases:
    """Every case folder, assessed under an overlay."""

    def __init__(self, boneflare):
        self.boneflare = boneflare
        tops = ("examples", "tests/cases/counter", "tests/cases/published")
        self.folders = sorted(str(p.parent) for top in tops for p in (ROOT / top).glob("*/patients.csv"))
        self.plain = {date: self.assess(date, None) for date in DATES}

    def assess(self, date, overlay):
        command = [self.boneflare, "assess", *self.folders, "--format", "json"] + (["--as-of", date] if date else [])
        result = subprocess.run(command + (["--rules", overlay] if overlay else []), capture_output=True, text=True)
        return re.sub(r'"sha256": ?"[0-9a-f]*"', "", result.stdout) + result.stderr

    def notice(self, parameter):
        rule, key, value = parameter
        if rule.startswith(("sim.", "ct.")):  # nobody assessed is simulated or scanned
            return False
        for changed in nudges(value):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as overlay:
                overlay.write(f'{{"{rule}": {{"{key}": {changed}}}}}')
                overlay.flush()
                if any(self.assess(date, overlay.name) != self.plain[date] for date in DATES):
                    return True
        return False


SLOW_SECONDS = 5  # a test that takes longer is asked only about the numbers of its own room


def passes(program, seconds=600):
    while True:
        try:
            return subprocess.run([program], cwd=ROOT, capture_output=True, timeout=seconds).returncode == 0
        except subprocess.TimeoutExpired:
            return False
        except OSError as error:
            if error.errno != errno.ETXTBSY:  # another thread forked while the copy was open for writing
                raise
            time.sleep(0.01)


class Programs:
    """The unit tests, with a number changed in the data of a copy."""

    def __init__(self, build):
        source = (build / "rulebook/rulebook_gen.c").read_text(encoding="utf-8")
        self.array = dict(re.findall(r'\{"([a-z0-9_.]+)",(?:(?!\},).)*?(params_\d+), \d+, (?:true|false)\}', source, re.DOTALL))
        keys = re.findall(r"bfl_parameter (params_\d+)\[\] = \{(.*?)\n\};", source, re.DOTALL)
        self.keys = {name: re.findall(r'^\s*\{"([a-z0-9_]+)", (?:true|false)', body, re.MULTILINE) for name, body in keys}
        self.tests = [p for room in ROOMS for p in sorted(build.glob(f"tests/unit/test_{room}_*")) if p.is_file()]
        self.seconds = {test: self.time(test) for test in self.tests}
        self.layout = {test: self.read_layout(test) for test in self.tests}

    @staticmethod
    def time(test):
        start = time.monotonic()
        if not passes(test):
            sys.exit(f"fails already: {test}")
        return time.monotonic() - start

    @staticmethod
    def read_layout(test):
        """Address of each params_N, and how addresses become file offsets."""
        symbols = subprocess.run(["nm", test], capture_output=True, text=True, check=True).stdout
        sections = subprocess.run(["readelf", "-SW", test], capture_output=True, text=True, check=True).stdout
        address, offset = map(lambda x: int(x, 16), re.search(r"\.data\.rel\.ro\s+PROGBITS\s+(\w+)\s+(\w+)", sections).groups())
        return {name: int(at, 16) - address + offset for at, name in re.findall(r"^(\w+) d (params_\d+)$", symbols, re.MULTILINE)}

    def fails(self, test, rule, key, value, changed):
        array = self.array[rule]
        at = self.layout[test].get(array)
        if at is None:
            return False
        at += self.keys[array].index(key) * PARAMETER.size
        data = bytearray(test.read_bytes())
        fields = list(PARAMETER.unpack_from(data, at))
        if decimal.Decimal(fields[2]).scaleb(fields[3]) != value:
            sys.exit(f"{test}: {rule}.{key} is not where it was expected; is the build up to date?")
        sign, digits, exponent = changed.normalize().as_tuple()
        fields[2], fields[3] = int("".join(map(str, digits))) * (-1 if sign else 1), exponent
        PARAMETER.pack_into(data, at, *fields)
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / test.name
            copy.write_bytes(data)
            copy.chmod(0o755)
            return not passes(copy, 20 + 10 * self.seconds[test])

    def notice(self, parameter):
        rule, key, value = parameter
        own = rule.split(".")[0]
        own = f"test_{ROOM_OF.get(own, own)}_"
        tests = [test for test in self.tests if test.name.startswith(own)]
        tests += [test for test in self.tests if test not in tests and self.seconds[test] < SLOW_SECONDS]
        return any(self.fails(test, rule, key, value, changed) for changed in nudges(value) for test in tests)


def accepted():
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    return [line.split(" ", 1)[0] for line in lines if line and not line.startswith("#")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--match", default="*", help="only rule.parameter names like this one")
    parser.add_argument("--report", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    boneflare = str((options.build / "apps/cli/boneflare").resolve())
    everything = parameters(boneflare)
    tried = [p for p in everything if fnmatch.fnmatchcase(f"{p[0]}.{p[1]}", options.match)][::options.every]
    cases, programs = Cases(boneflare), Programs(options.build.resolve())
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        unseen = [p for p, seen in zip(tried, pool.map(cases.notice, tried)) if not seen]
        left = [p for p, seen in zip(unseen, pool.map(programs.notice, unseen)) if not seen]
    survivors = [f"{rule}.{key}" for rule, key, _ in left]
    known = accepted()
    fresh = [s for s in survivors if not any(fnmatch.fnmatchcase(s, k) for k in known)]
    idle = [k for k in known if options.every == 1 and options.match == "*" and not any(fnmatch.fnmatchcase(s, k) for s in survivors)]
    if options.report:
        options.report.write_text("".join(f"{s}\n" for s in survivors), encoding="utf-8")
    print(f"{len(tried)} of {len(everything)} numbers changed: {len(tried) - len(unseen)} noticed by {len(cases.folders)} cases, "
          f"{len(unseen) - len(left)} more by {len(programs.tests)} unit test programs, {len(left)} by nothing")
    for name in fresh:
        print(f"nothing notices {name}: write a test, or a line with a reason in tools/mutation_accepted.txt")
    for name in idle:
        print(f"tools/mutation_accepted.txt: {name} is not needed any more: delete the line")
    sys.exit(1 if fresh or idle else 0)


main()
