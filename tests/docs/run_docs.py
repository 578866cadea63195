#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of the documents and compares what they print. Prints TAP, one line a command.

run_docs.py BINARY_FOLDER [--accept] [DOCUMENT...]

In README.md and docs/**/*.md the ```console blocks, in docs/man/*.scd the ``` blocks: a line that starts with "$ " is a
command, the lines below it are what it prints (a line "..." stands for any lines). Each document runs in its own copy of
README.md, docs, examples and rulebook, with the programs on PATH. --accept writes what was printed into the document, except where "..." stands.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = {".md": re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL),
         ".scd": re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)}
MARK = "--8<-- end of command --8<--"
COPIED = ["README.md", "docs", "examples", "rulebook"]


def commands(block):
    """[(command, expected output)] of one block."""
    found = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif found and found[-1][1] == "" and line.startswith("> ") and found[-1][0].endswith("\\\n"):
            found[-1][0] += line[2:]
        elif found:
            found[-1][1] += line
    return [tuple(f) for f in found]


def run(block_commands, folder, binaries):
    """Outputs of the commands, run in one shell so that `cd` and `$?` work."""
    script = "".join(f"(exit $status)\n{command}status=$?\nprintf '%s\\n' '{MARK}'\n" for command, _ in block_commands)
    environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                   "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")}
    result = subprocess.run(["bash", "-c", "status=0\n" + script], cwd=folder, env=environment, text=True, encoding="utf-8",
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=300)
    return result.stdout.split(MARK + "\n")[:len(block_commands)]


def matches(expected, printed):
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line) for line in expected.splitlines(keepends=True))
    return re.fullmatch(pattern, printed) is not None


def run_document(path, binaries, accept):
    """Yields (title, what is wrong or None) for every command of a document."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top) / "boneflare"
        folder.mkdir()
        for part in COPIED:
            (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, folder / part)
        for block in BLOCK[path.suffix].findall(text):
            listed = commands(block)
            if not listed:
                continue
            printed = run(listed, folder, binaries)
            fresh = ""
            for (command, expected), output in zip(listed, printed + ["(did not run)\n"] * len(listed)):
                title = f"{name}: {command.splitlines()[0]}"
                good = matches(expected, output)
                yield title, None if good else f"expected:\n{expected}printed:\n{output}"
                kept = expected if good or "\n...\n" in "\n" + expected else output
                fresh += "$ " + command.replace("\\\n", "\\\n> ") + kept
            text = text.replace(block, fresh, 1)
    if accept:
        path.write_text(text, encoding="utf-8")


def main():
    arguments = [a for a in sys.argv[1:] if a != "--accept"]
    binaries = str(pathlib.Path(arguments[0]).resolve())
    documents = [pathlib.Path(a).resolve() for a in arguments[1:]] or (
        [ROOT / "README.md"] + sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "docs/man").glob("*.scd")))
    number = failed = 0
    for document in documents:
        for title, wrong in run_document(document, binaries, "--accept" in sys.argv):
            number += 1
            failed += wrong is not None
            print(f"{'ok' if wrong is None else 'not ok'} {number} - {title.replace('#', '')}")
            for line in (wrong or "").splitlines():
                print(f"# {line}")
    print(f"1..{number}")
    sys.exit(1 if failed else 0)


main()
