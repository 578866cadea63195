#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes data/ and expected/ anew. Needs R with survival, nlme, cmprsk and vcd: see README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p data expected
python3 generate.py data
for script in distributions proportions comparisons mixed survival cox risks study; do
    [ -f "$script.R" ] || continue
    echo "$script"
    Rscript --vanilla "$script.R"
done
Rscript --vanilla -e 'for (p in c("base", "survival", "nlme", "cmprsk", "vcd")) cat(p, as.character(packageVersion(p)), "\n")' >expected/versions.txt
