#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The course of one lesion, ours beside SciPy's: simulate.py BUILD_FOLDER. The same equations and tolerances in the same run, solved
with scipy.integrate.solve_ivp by LSODA, BDF and Radau from the beginning of the lesion to the end of two years, stopped at the start of
the drug as ours is. Processor time. Fails when the ends differ by more than one per cent. Needs scipy (pip install scipy)."""
import math
import pathlib
import subprocess
import sys
import time

import numpy
from scipy.integrate import solve_ivp


def slope(c, drug):
    def f(t, x):
        s, r = math.exp(x[0]), math.exp(x[1])
        all_, e = s + r, (1 - math.exp(-t / c["onset"])) if drug else 0.0
        crowd, half = 1 - all_, c["half"] + all_
        formed = x[5] * (c["most"] - x[6]) / (c["most"] - 1)
        return [c["growth"] * crowd - c["kill"] * e, c["growth"] * crowd,
                c["space"] * c["kill"] * e * s - x[2] * x[5] / c["fill"],
                (1 + c["clastic"] * all_ - x[3]) / c["osteoclast"],
                (1 + c["coupling"] * (x[3] - 1) + c["blastic"] * all_ + c["repair"] * x[2] - x[4]) / c["precursor"],
                (x[4] * (1 - c["block"] * all_ / half) * (1 - c["suppression"] * e) - x[5]) / c["osteoblast"],
                (formed - x[3] * x[6]) / c["turnover"], (x[5] - x[7]) / c["uptake"],
                (c["weight"] * c["alp_u_l"] * (x[5] - 1) - x[8]) / c["alp"],
                (c["weight"] * c["calcium_mg_dl"] * (x[3] * x[6] - formed) - x[9]) / c["calcium"]]
    return f


def solve(c, method):
    shrunk = c["burden"] * math.exp(-c["growth"] * c["age"])
    burden = shrunk / (1 - c["burden"] + shrunk)
    x = numpy.array([math.log(burden * (1 - c["resistant"])), math.log(burden * c["resistant"]), 0, 1, 1, 1, 1, 1, 0, 0])
    for drug, start, end in ((False, -c["age"], 0.0), (True, 0.0, c["last"])):
        x = solve_ivp(slope(c, drug), (start, end), x, method=method, rtol=c["relative"], atol=c["absolute"]).y[:, -1]
    return [math.exp(x[0]), math.exp(x[1]), *x[2:]]


def main():
    program = pathlib.Path(sys.argv[1]) / "bench/simulate"
    subprocess.run(["ninja", "-C", sys.argv[1], "bench/simulate"], check=True, capture_output=True)
    output = subprocess.run([program, "lesion", "400"], check=True, capture_output=True, text=True).stdout
    c = {name: float(value) for name, value in (line.split() for line in output.splitlines())}
    ours = c["seconds"]
    print(f"boneflare, lesion and serum   {ours * 1e3:8.3f} ms")
    for method in ("LSODA", "BDF", "Radau"):
        best = min(timed(c, method) for _ in range(3))
        ends = solve(c, method)
        worst = max(abs(a - c[f"end{i}"]) / (abs(a) + 0.05) for i, a in enumerate(ends))
        print(f"scipy {method:6s} lesion alone      {best * 1e3:8.3f} ms  {best / ours:6.1f}x  ends differ by {worst * 100:.2f} % at most")
        if worst > 0.01:
            sys.exit("the ends differ")


def timed(c, method):
    start = time.process_time()
    solve(c, method)
    return time.process_time() - start


main()
