#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format finds nothing to change: format.py CLANG_FORMAT [--fix]"""
import subprocess
import sys

import csource

paths = [str(p) for p in csource.files(".c", ".h", ".cc", ".cpp")]
mode = ["-i"] if "--fix" in sys.argv else ["--dry-run", "-Werror"]
sys.exit(subprocess.run([sys.argv[1], *mode, *paths], cwd=csource.ROOT).returncode)
