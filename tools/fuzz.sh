#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks for new inputs that break a target: tools/fuzz.sh FUZZER TARGET SECONDS [SEED]. ./check gives a seed, so that two runs of
# one build try the same inputs; without one every run tries others. What it finds stays beside the fuzzer
# (status 1: libFuzzer's own 77 would count as skipped). A crash becomes a file of tests/fuzz/corpora/TARGET/ in the commit that repairs it.
set -euo pipefail

fuzzer=$(realpath "$1")
corpus=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tests/fuzz/corpora/$2" && pwd)
found=$(dirname "$fuzzer")/found-$2
[ $# -lt 4 ] || rm -rf "$found"
mkdir -p "$found"
cd "$found"
exec "$fuzzer" -seed="${4:-0}" -max_total_time="$3" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -verbosity=0 -error_exitcode=1 -artifact_prefix="$found/" "$found" "$corpus"
