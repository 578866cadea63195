#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Dumps a small store of the newest schema as SQL, for the test of migrations: store_dump.py BUILD_FOLDER.

Writes tests/store/schema/NNN.sqlite.sql and NNN.postgresql.sql, once for each released schema: the dump of a release never changes
again. Run it before a step NNN+1 is added.
"""
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/store"))
import with_store  # noqa: E402


def dump_sqlite(writer, folder):
    path = folder / "fill.db"
    head = subprocess.run([writer, f"sqlite:{path}", "fill"], check=True, capture_output=True, text=True).stdout.split()[1]
    database = sqlite3.connect(path)
    number = database.execute("PRAGMA user_version").fetchone()[0]
    owner = database.execute("PRAGMA application_id").fetchone()[0]
    shadows = re.compile(r"'?search_(data|idx|content|docsize|config)\b")
    lines = []
    for line in database.iterdump():
        if "writable_schema" in line or line.startswith('INSERT INTO "search"') or shadows.search(line.split("(")[0]):
            continue
        if line.startswith("INSERT INTO sqlite_master"):
            line = re.search(r"'(CREATE VIRTUAL TABLE .*)'\);$", line, re.DOTALL).group(1).replace("''", "'") + ";"
        lines.append(line)
    rows = database.execute("SELECT rowid, words FROM search ORDER BY rowid").fetchall()
    words = [f"INSERT INTO search (rowid, words) VALUES ({row}, '{text}');" for row, text in rows]
    end = [f"PRAGMA user_version = {number};", f"PRAGMA application_id = {owner};"]
    return number, f"-- head {head}\n" + "\n".join([line for line in lines if line != "COMMIT;"] + words + ["COMMIT;"] + end) + "\n"


def dump_postgresql(writer, folder):
    with with_store.Server(folder) as server:
        head = subprocess.run([writer, server.url(), "fill"], check=True, capture_output=True, text=True).stdout.split()[1]
        text = subprocess.run([server.bin / "pg_dump", "--schema=boneflare", "--inserts", "--no-owner", server.url()],
                              check=True, capture_output=True, text=True).stdout
    lines = [line for line in text.splitlines() if line and not line.startswith(("--", "\\", "SET default_table_access_method"))]
    return f"-- head {head}\n" + "\n".join(lines) + "\n"


def main():
    writer = pathlib.Path(sys.argv[1]).resolve() / "tests/store/store_writer"
    out = ROOT / "tests/store/schema"
    with tempfile.TemporaryDirectory(prefix="bfs", dir="/tmp") as top:
        folder = pathlib.Path(top)
        folder.chmod(0o711)
        number, text = dump_sqlite(writer, folder)
        (out / f"{number:03}.sqlite.sql").write_text(text, encoding="utf-8")
        (folder / "server").mkdir(mode=0o700)
        (out / f"{number:03}.postgresql.sql").write_text(dump_postgresql(writer, folder / "server"), encoding="utf-8")


main()
