#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drives the page in Chromium: run.py PROGRAM SOURCE_ROOT BUILD_FOLDER [WORD...]

npm installs playwright-core and axe-core into BUILD_FOLDER; tests/web/*.mjs do the rest and print TAP. WORDs choose tests by name.
Without node, npm, a registry or Chromium the test is skipped, and says why.
"""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / 'tools'))
import npm


def main(program, root, build, *words):
    build = pathlib.Path(build).resolve()
    try:
        modules = npm.installed(HERE, build, 'playwright-core and axe-core')
        chromium = shutil.which('chromium') or shutil.which('chromium-browser')
        if not chromium:
            raise npm.Skip('there is no chromium')
    except npm.Skip as missing:
        print(f'1..0 # SKIP {missing}')
        return 0
    pictures = build / 'pictures'
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    return subprocess.run(['node', HERE / 'main.mjs', modules, chromium, pathlib.Path(program).resolve(), pathlib.Path(root).resolve(),
                           pictures, *words], check=False).returncode


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
