#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the history says of an earlier day is what the program says when it is asked on that day, knowing no more.

    sequential.py PROGRAM SOURCE_ROOT

Every example, counter-case and published case; each day of its history is asked anew with --as-of.
"""
import pathlib
import sys

import boneflare_cli as cli

COMPARED = ("state", "p_flare", "p_progression", "p_other", "interval", "prior", "losses", "because")


def differs(then, asked):
    for key in COMPARED:
        if then[key] != asked[key]:
            yield f"{key}: in the history {then[key]}, asked on the day {asked[key]}"
    if [e["finding"] for e in then["evidence"]] != [e["finding"] for e in asked["evidence"]]:
        yield "the findings differ"


def main(program, root):
    number = wrong = 0
    tops = ("examples", "tests/cases/counter", "tests/cases/published")
    for folder in sorted(p.parent for top in tops for p in (pathlib.Path(root) / top).glob("*/patients.csv")):
        full = cli.assess(program, folder, None)
        for patient, report in full.items():
            for then in report["bone"]["history"]:
                if then["day"] == report["as_of"]["day"]:
                    continue
                asked = cli.assess(program, folder, f"d{then['day']}")[patient]["bone"]
                found = list(differs(then, asked))
                number += 1
                wrong += bool(found)
                print(f'{"not ok" if found else "ok"} {number} - {folder.name} {patient} day {then["day"]}')
                for line in found:
                    print(f"# {line}")
    print(f"1..{number}")
    return 1 if wrong or number < 10 else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
