#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""boneflare store on a filled store, on either back end: commands.py BACK_END BONEFLARE WRITER. Prints TAP."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import crash
import with_store


def run(*arguments):
    result = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    return result.returncode, result.stdout, result.stderr


def value(kind, data=b""):
    return kind + (len(data).to_bytes(8, "big") + data if kind in b"tb" else data)


def number(n):
    return value(b"i", n.to_bytes(8, "big", signed=True))


def chain_is_good(lines):
    """The chain as docs/store.md describes it, computed without our code."""
    previous = bytes(32)
    for at, row in enumerate(map(json.loads, lines), 1):
        texts = [value(b"t", row[k].encode()) for k in ("who", "action", "subject")]
        expected = hashlib.sha256(value(b"t", b"boneflare.audit/1") + number(row["seq"]) + number(row["at_ms"]) + b"".join(texts)
                                  + value(b"b", bytes.fromhex(row["details"])) + value(b"b", previous)).hexdigest()
        if row["seq"] != at or row["previous"] != previous.hex() or row["hash"] != expected:
            return False
        previous = bytes.fromhex(row["hash"])
    return True


def details(*values):
    """Hash of a row of texts, numbers, bytes."""
    parts = [number(v) if isinstance(v, int) else value(b"t", v.encode()) if isinstance(v, str) else value(b"b", v) for v in values]
    return hashlib.sha256(value(b"t", b"boneflare.row/1") + b"".join(parts)).hexdigest()


def checks(boneflare, writer, url, folder):
    head = run(writer, url, "fill")[1].split()[1]
    code, out, _ = run(boneflare, "store", "info", url, "--json")
    info = json.loads(out)
    yield "info counts", code == 0 and [info[k] for k in ("patients", "records", "sources", "assessments", "reviews", "users")] == [2, 3, 1, 1, 1, 1]
    yield "info prints the head", info["head"] == head
    code, out, _ = run(boneflare, "store", "verify", url, "--head", head)
    yield "verify with the head", code == 0 and out.startswith("good: 13 audit rows, 10 rows")
    code, out, error = run(boneflare, "store", "export", url, folder / "latest")
    index = [json.loads(line) for line in (folder / "latest/index.ndjson").read_text().splitlines()]
    yield "export says how many", (code, out, error) == (0, "2 patients\n", "")
    yield "the index is in the order of the ids", [(p["id"], p["version"], p["review"]) for p in index] == [('P1, "quoted"', 2, "approved"), ("P2", 1, "none")]
    first, second = (folder / "latest" / p["key"] for p in index)
    yield "tables as they were", (first / "patients.csv").read_text() == "patient,sex\nP1,F\n" and sorted(os.listdir(first)) == ["labs.csv", "patients.csv"]
    yield "what is no case is kept as it is", (second / "record.txt").read_text() == "not of this program"
    audit = (folder / "latest/audit.ndjson").read_text().splitlines()
    yield "the chain can be checked without this program", len(audit) == 13 and chain_is_good(audit)
    yield "and a change would show", not chain_is_good(audit[:4] + audit[5:])
    feedback = next(r for r in map(json.loads, audit) if r["action"] == "feedback.put")
    yield "details are the row", feedback["details"] == details(1, "patient-view", "u-1", "accepted", "{}", 2000)
    code, _, _ = run(boneflare, "store", "export", url, folder / "all", "--versions")
    versions = sorted(os.listdir(folder / "all" / index[0]["key"]))
    yield "every version", code == 0 and versions == ["1", "2"]
    code, out, _ = run(boneflare, "store", "backup", url, folder / "copy.db")
    yield "backup prints the head", (code, out) == (0, f"head {head}\n")
    code, _, error = run(boneflare, "store", "restore", folder / "copy.db", url)
    yield "nothing is replaced unasked", code == 3 and "--force" in error
    code, out, error = run(boneflare, "store", "restore", folder / "copy.db", url, "--force", "--head", head)
    yield "restore when forced", code == 0 and out.startswith("head 14:")
    code, out, _ = run(boneflare, "store", "verify", url, "--head", head)
    yield "the restored store holds the head", code == 0
    code, out, _ = run(boneflare, "store", "verify", f"sqlite:{folder}/copy.db", "--head", head)
    yield "a backup is a store", code == 0
    code, _, error = run(boneflare, "store", "create", url)
    yield "create replaces nothing", code == 3 and "there is a store already" in error


def main():
    back_end, boneflare, writer = sys.argv[1:4]
    with tempfile.TemporaryDirectory(prefix="bfs", dir="/tmp") as top:
        os.chmod(top, 0o711)
        folder = pathlib.Path(top)
        results = lambda url: ((title, None if good else "no") for title, good in checks(boneflare, writer, url, folder))  # noqa: E731
        if back_end == "sqlite":
            return crash.report(results(f"sqlite:{folder}/store.db"))
        if not with_store.programs():
            print("1..0 # SKIP there is no PostgreSQL server here (package postgresql)")
            return 0
        (folder / "server").mkdir(mode=0o700)
        with with_store.Server(folder / "server") as server:
            return crash.report(results(server.url()))


sys.exit(main())
