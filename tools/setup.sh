#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing: tools/setup.sh build|check. Needs no network when nothing is missing.
# tools/setup.sh missing prints those that ./check would install.
set -euo pipefail

stage=${1:-build}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Prints the packages of a stage; "check" needs those of "build" too. A third word names a command that will do as well: a
# program that was installed otherwise.
wanted() {
    cat "$here/packages.txt" "$here"/apt/*.txt 2>/dev/null | while read -r first second command _; do
        [ -z "$command" ] || ! command -v "$command" >/dev/null || continue
        case $first in
        '' | '#'*) ;;
        build) echo "$second" ;;
        check) [ "$stage" = build ] || echo "$second" ;;
        *) echo "$first" ;;
        esac
    done | sort -u
}

missing() {
    local package
    for package in $(wanted); do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

if ! command -v dpkg-query >/dev/null; then
    echo "setup: not a Debian system; install yourself: $(wanted | tr '\n' ' ')" >&2
    exit 0
fi
absent=$(missing | tr '\n' ' ')
[ "$stage" != missing ] || echo "$absent"
[ "$stage" != missing ] && [ -n "$absent" ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: these Debian packages are missing: $absent" >&2
        echo "setup: this needs root, and there is no sudo. As root, run: apt-get install $absent" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "setup: installing $absent"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $absent; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 30 "$log" >&2
    echo "setup: apt-get failed; see above" >&2
    exit 1
fi
