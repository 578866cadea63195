#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configures a build folder once and builds it: tools/build.sh FOLDER [MESON-OPTION...]. The log is shown when it fails.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$1
shift
configured="$PWD $*"
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
elif [ "$folder/build.ninja" -ot /var/lib/dpkg/status ]; then
    # Packages came since: a program that was missing then (valgrind, clang-format) may have its tests now.
    if ! meson setup --reconfigure "$folder" --fatal-meson-warnings >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
fi
if [ -t 1 ]; then
    ninja -C "$folder"
elif ! ninja -C "$folder" >"$log" 2>&1; then
    grep -v '^\[' "$log" >&2 || true
    exit 1
fi
