#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configures a build folder once and builds it: tools/build.sh FOLDER [MESON-OPTION...]. The log is shown when it fails.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$1
shift
# Meson remembers a library that was missing (./demo installs less than ./check), so what is missing is part of the key.
configured="$PWD $* without: $(tools/setup.sh missing 2>/dev/null)"
mkdir -p "$folder"
log=$folder/build.log

if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/configured" 2>/dev/null)" != "$configured" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    if ! meson setup "$folder" --fatal-meson-warnings "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$folder/build.ninja"
        exit 1
    fi
    echo "$configured" >"$folder/configured"
fi
if [ -t 1 ]; then
    ninja -C "$folder"
elif ! ninja -C "$folder" >"$log" 2>&1; then
    grep -v '^\[' "$log" >&2 || true
    exit 1
fi
