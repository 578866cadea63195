#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the steps of the schema as C, in the words of both databases: migrations.py OUT.c STEP.sql...

A step is plain SQL in SQLite's words (INTEGER, BLOB, STRICT). Three lines have a meaning of their own:
  --! sqlite, --! postgresql     what follows is for this one only, until the next such line (--! both ends it)
  --! append-only TABLE...       triggers that refuse to change or delete a row
"""
import pathlib
import re
import sys

NAME = re.compile(r"^\d{3}\.sql$")


def append_only(back_end, tables):
    if back_end == "sqlite":
        return "\n".join(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE (ABORT, '{table} is append-only'); END;"
            for table in tables for event in ("UPDATE", "DELETE"))
    function = ("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;")
    return "\n".join([function] + [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();" for table in tables])


def words(line, back_end):
    if back_end == "sqlite":
        return line
    line = re.sub(r"\bINTEGER\b", "BIGINT", line)
    line = re.sub(r"\bBLOB\b", "BYTEA", line)
    line = re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', line)
    return re.sub(r"\) STRICT;", ");", line)


def translate(text, back_end):
    lines, reader = [], "both"
    for line in text.splitlines():
        if line.startswith("--! append-only "):
            lines.append(append_only(back_end, line.split()[2:]))
        elif line.startswith("--! "):
            reader = line[4:].strip()
            if reader not in ("sqlite", "postgresql", "both"):
                sys.exit(f"migrations.py: there is no '{line}'")
        elif line.strip() and not line.startswith("--") and reader in (back_end, "both"):
            lines.append(words(line, back_end) if reader == "both" else line)
    return "\n".join(lines)


def literal(line):
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'


def statements(text):
    """One string a statement (a line that ends in a semicolon ends it), closed by NULL."""
    rows, statement = [], []
    for line in text.split("\n"):
        statement.append("        " + literal(line))
        if line.endswith(";"):
            rows.append("\n".join(statement))
            statement = []
    if statement:
        sys.exit("migrations.py: a statement has no end")
    return ",\n".join(rows + ["        NULL"])


def main():
    out, steps = pathlib.Path(sys.argv[1]), [pathlib.Path(p) for p in sys.argv[2:]]
    if [p.name for p in steps] != [f"{n:03}.sql" for n in range(1, len(steps) + 1)]:
        sys.exit("migrations.py: the steps are 001.sql, 002.sql, ... without a gap")
    arrays, rows = [], []
    for number, step in enumerate(steps, 1):
        text = step.read_text(encoding="utf-8")
        for back_end in ("sqlite", "postgresql"):
            arrays.append(f"static const char *const {back_end}_{number}[] = {{\n{statements(translate(text, back_end))}}};\n")
        rows.append(f"    {{sqlite_{number}, postgresql_{number}}},\n")
    out.write_text('/* Made by apps/store/migrations.py. */\n#include "schema.h"\n\n'
                   f"const int64_t schema_newest = {len(steps)};\n\n" + "\n".join(arrays)
                   + "\nconst schema_step schema_steps[] = {\n" + "".join(rows) + "};\n", encoding="utf-8")


main()
