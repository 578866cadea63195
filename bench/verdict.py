#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Full assessments a second, beside a peer that only draws the interval of the probability: bench/verdict.py BUILD_FOLDER [PATIENTS]

bench/verdict.c assesses records in memory (criteria, endpoints, markers, the verdict on every day with news with its interval,
alarms, work-up, tests). The peer is R: for each patient 1,000 draws of the prior, nine ratios and the model, their sum through
plogis(), mean and quantile(c(.025, .975)), for the last day alone. Processor time, one core each.
"""
import re
import subprocess
import sys

R = """set.seed(1); n <- %d; s <- proc.time()[["user.self"]]
for (i in seq_len(n)) {
  x <- rnorm(1000, 1, .4) + rnorm(1000, 0, .7)
  for (k in 1:9) x <- x + .6 * rnorm(1000, .5, .4)
  p <- plogis(x); stopifnot(length(c(mean(p), quantile(p, c(.025, .975)))) == 3)
}
cat((proc.time()[["user.self"]] - s) / n)"""


def main(build, patients):
    subprocess.run(["ninja", "-C", build, "bench/verdict"], check=True, stdout=subprocess.DEVNULL)
    ours = subprocess.run([f"{build}/bench/verdict", patients, "5", "1000"], check=True, capture_output=True, text=True).stdout
    print(ours, end="")
    rate = float(re.search(r"(\d+) assessments/s", ours).group(1))
    theirs = float(subprocess.run(["Rscript", "-e", R % int(patients)], check=True, capture_output=True, text=True).stdout)
    print(f"R, the interval of one day alone: {1 / theirs:.0f}/s; a full assessment takes {1 / rate / theirs:.1f} times as long")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "1000")
