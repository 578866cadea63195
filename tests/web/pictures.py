#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures of docs/page.md and README.md anew: pictures.py PROGRAM. Look at them before you commit them."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
NAMES = ('page-patient', 'page-course', 'page-workup')
MOST_BYTES = 200_000


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, HERE / 'run.py', program, ROOT, folder, 'pictures: those that the documents show'], check=False)
        for name in NAMES if done.returncode == 0 else ():
            made = pathlib.Path(folder, 'pictures', f'{name}.png')
            if made.stat().st_size > MOST_BYTES:
                print(f'{name}: {made.stat().st_size} bytes, more than {MOST_BYTES}', file=sys.stderr)
                return 1
            shutil.copy(made, ROOT / 'docs' / made.name)
        return done.returncode


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
