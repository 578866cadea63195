#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C and C++ file on disk is built: listed.py BUILD_FOLDER (reads its compile_commands.json)."""
import json
import os
import pathlib
import sys

import csource

build = pathlib.Path(sys.argv[1])
commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
built = {os.path.realpath(os.path.join(c["directory"], c["file"])) for c in commands}
forgotten = [p for p in csource.files(".c", ".cc", ".cpp") if os.path.realpath(csource.ROOT / p) not in built]
for path in forgotten:
    print(f"{path}: no meson.build names it", file=sys.stderr)
sys.exit(1 if forgotten else 0)
