#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Versions a second into the store beside Python's sqlite3 that does the same: store.py BUILD_FOLDER [VERSIONS] [BYTES].

The peer uses SQLite the same way (WAL, synchronous=FULL): for each version one transaction with the version, its SHA-256, a row of
a hash chain and the number of the latest version. Three rounds, turn about, in one folder; the medians are compared.
"""
import hashlib
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

PATIENTS = 100


def peer(path, versions, size):
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "CREATE TABLE audit (seq INTEGER PRIMARY KEY, details BLOB, previous BLOB, hash BLOB) STRICT;"
        "CREATE TABLE patients (id INTEGER PRIMARY KEY, key TEXT UNIQUE, patient_id TEXT UNIQUE, latest INTEGER) STRICT;"
        "CREATE TABLE records (id INTEGER PRIMARY KEY, patient INTEGER REFERENCES patients (id), version INTEGER, sha256 BLOB,"
        " content TEXT, audit INTEGER UNIQUE REFERENCES audit (seq), UNIQUE (patient, version)) STRICT;")
    content = "x" * size
    start = time.perf_counter()
    for i in range(versions):
        database.execute("BEGIN IMMEDIATE")
        patient = i % PATIENTS + 1
        if i < PATIENTS:
            database.execute("INSERT INTO patients VALUES (?, ?, ?, 0)", (patient, f"key{i}", f"patient {i}"))
        latest = database.execute("SELECT latest FROM patients WHERE id = ?", (patient,)).fetchone()[0] + 1
        digest = hashlib.sha256(content.encode()).digest()
        last = database.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone() or (0, bytes(32))
        details = hashlib.sha256(f"{i} {patient} {latest}".encode() + digest + content.encode()).digest()
        database.execute("INSERT INTO audit VALUES (?, ?, ?, ?)",
                         (last[0] + 1, details, last[1], hashlib.sha256(details + last[1]).digest()))
        database.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", (i + 1, patient, latest, digest, content, last[0] + 1))
        database.execute("UPDATE patients SET latest = ? WHERE id = ?", (latest, patient))
        database.execute("COMMIT")
    took = time.perf_counter() - start
    database.close()
    return versions / took


def ours(program, url, versions, size):
    lines = subprocess.run([program, url, str(versions), str(size)], check=True, capture_output=True, text=True).stdout.split("\n")
    return {what: int(count) * 1e6 / int(took) for what, count, took in (line.split() for line in lines if line)}


def main():
    build = pathlib.Path(sys.argv[1])
    versions = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 20000
    subprocess.run(["ninja", "-C", build, "bench/store"], check=True, stdout=subprocess.DEVNULL)
    mine, theirs = [], []
    for turn in range(3):
        with tempfile.TemporaryDirectory() as top:
            mine.append(ours(build / "bench/store", f"sqlite:{top}/ours.db", versions, size))
            theirs.append(peer(f"{top}/peer.db", versions, size))
    rate = {what: statistics.median(m[what] for m in mine) for what in mine[0]}
    other = statistics.median(theirs)
    print(f"{versions} versions of {size} bytes, one transaction each, medians of 3 rounds")
    print(f"store:          {rate['put']:.0f} versions a second")
    print(f"Python sqlite3: {other:.0f} versions a second; the store does {rate['put'] / other:.2f} times as many")
    print(f"store reads {rate['get']:.0f} records a second, {rate['page']:.0f} searched pages of 50 a second, verifies {rate['verify']:.0f} rows a second")


main()
