#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Copies the patients of Bulk Data files under new ids: replicate.py COPIES SEED OUT IN.ndjson...

Every id and every reference of a copy ends in -0001, -0002, ...; the lines are shuffled with the seed. The same arguments give the
same bytes.
"""
import pathlib
import random
import re
import sys

ID = re.compile(r'("id":"|"reference":"[A-Za-z]+/)([^"]+)"')


def main():
    copies, seed, out = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    lines = [line for name in sys.argv[4:] for line in pathlib.Path(name).read_text(encoding="utf-8").splitlines() if line]
    order = [(copy, i) for copy in range(copies) for i in range(len(lines))]
    random.Random(seed).shuffle(order)
    with out.open("w", encoding="utf-8") as stream:
        for copy, i in order:
            stream.write(ID.sub(rf'\g<1>\g<2>-{copy:04}"', lines[i]) + "\n")


main()
