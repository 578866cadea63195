#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Synthetic inputs of the R oracle: seeded, with ties, censoring, strata, delayed entry, missing visits. generate.py FOLDER"""
import csv
import math
import pathlib
import random
import sys

random.seed(20240611)
folder = pathlib.Path(sys.argv[1])


def normal():
    """Box and Muller: unlike random.gauss it has never changed between versions of Python."""
    return math.sqrt(-2 * math.log(1 - random.random())) * math.cos(2 * math.pi * random.random())


def exponential(rate):
    return -math.log(1 - random.random()) / rate


def write(name, columns, rows):
    with open(folder / name, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows(rows)


def subject(weekly):
    """A follow-up time in days (whole weeks when `weekly`: heavy ties), the cause of its end (0 = censored), covariates."""
    x1, x2, x3 = round(normal(), 4), int(random.random() < 0.4), round(65 + 9 * normal(), 1)
    group, stratum = random.randrange(3), random.randrange(3)
    rate = 0.004 * math.exp(0.5 * x1 - 0.7 * x2 + 0.02 * (x3 - 65) + 0.2 * group) * (1 + 0.5 * stratum)
    events = [exponential(rate), exponential(0.0015 * math.exp(0.4 * x2)), 30 + 500 * random.random()]
    time = min(events)
    cause = (events.index(time) + 1) % 3
    time = max(1, math.ceil(time))
    if weekly:
        time = 7 * math.ceil(time / 7)
    start = random.randrange(time) if random.random() < 0.5 else 0
    return [time, cause, x1, x2, x3, group, stratum, start]


COHORT = ["time", "cause", "x1", "x2", "x3", "group", "stratum", "start"]
write("cohort.csv", COHORT, [subject(False) for _ in range(400)])
write("tied.csv", COHORT, [subject(True) for _ in range(150)])

# One row before and one after the flare; the row before ends without an event.
rows = []
for _ in range(250):
    time, cause, x1, x2, x3, *_ = subject(False)
    flare = random.randrange(1, 120) if random.random() < 0.4 else None
    if flare is not None and flare < time:
        rows += [[0, flare, 0, 0, x1, x3], [flare, time, cause, 1, x1, x3]]
    else:
        rows.append([0, time, cause, 0, x1, x3])
write("flare.csv", ["start", "time", "cause", "flared", "x1", "x3"], rows)

# Serial marker, percent of baseline: three groups, uneven visits, some missing.
rows = []
for patient in range(48):
    group, level = random.randrange(3), 15 * normal()
    for visit, week in enumerate([0, 2, 4, 8, 12]):
        if visit and random.random() < 0.2:
            continue
        value = 100 + level + [0, 6, -4][group] * week / 2 + 12 * normal()
        rows.append([patient, group, week, round(value, 2)])
write("marker.csv", ["patient", "group", "week", "value"], rows)

write("numbers.csv", ["first", "second", "group", "rounded"],
      [[round(50 + 8 * normal(), 3), round(54 + 12 * normal(), 3), random.randrange(4), round(20 + 4 * normal())]
       for _ in range(37)])
