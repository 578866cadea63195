#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files as a C table, for a program that must not need them at run time.

embed.py NAME OUTPUT.c DEPFILE HEADER ROOT=FOLDER_OR_FILE...   a folder gives its files as ROOT/..., a missing one gives nothing
"""
import hashlib
import pathlib
import sys

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
         ".woff2": "font/woff2", ".wasm": "application/wasm", ".txt": "text/plain; charset=utf-8",
         ".csv": "text/csv; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".webmanifest": "application/manifest+json"}
COLUMNS = 24


def members(argument):
    """(name, path) of every file that the argument means, and the folders that were looked into."""
    root, _, place = argument.partition("=")
    place = pathlib.Path(place)
    if place.is_file():
        return [(root, place)], []
    folders = [place] + [p for p in place.rglob("*") if p.is_dir()] if place.is_dir() else []
    files = sorted(p for p in place.rglob("*") if p.is_file() and not p.name.startswith(".")) if folders else []
    return [(f"{root}/{p.relative_to(place).as_posix()}".lstrip("/"), p) for p in files], folders


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    name, output, depfile, header, *arguments = sys.argv[1:]
    found, folders = [], []
    for argument in arguments:
        files, looked = members(argument)
        found += files
        folders += looked
    lines = ["/* SPDX-License-Identifier: Apache-2.0 */", "/* Made by tools/embed.py. */", f'#include "{header}"', ""]
    rows = []
    for number, (member, path) in enumerate(found):
        data = path.read_bytes()
        lines.append(f"static const unsigned char bytes_{number}[] = {{")
        for at in range(0, len(data), COLUMNS):
            lines.append("    " + "".join(f"{byte}," for byte in data[at:at + COLUMNS]))
        lines.append("    0};")
        rows.append(f'    {{{quoted(member)}, {quoted(TYPES.get(path.suffix, "application/octet-stream"))}, '
                    f'"\\"{hashlib.sha256(data).hexdigest()[:32]}\\"", bytes_{number}, {len(data)}}},')
    rows = rows or ['    {"", "", "", (const unsigned char *)"", 0},']
    lines += [f"const serve_file {name}[] = {{", *rows, "};", f"const size_t {name}_count = {len(found)};", ""]
    pathlib.Path(output).write_text("\n".join(lines), encoding="utf-8")
    needed = [str(p) for _, p in found] + [str(p) for p in folders] + [__file__]
    pathlib.Path(depfile).write_text(f"{output}: {' '.join(needed)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
