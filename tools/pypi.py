# SPDX-License-Identifier: Apache-2.0
"""Packages from PyPI for checks, in an environment of their own in the build folder, exactly as a list of versions says; installed
again only when that changes."""
import shutil
import subprocess
import sys

from npm import Skip, alone


def python(requirements, build, what):
    """The interpreter of that environment; `what` names it in messages."""
    with alone(build):
        return install(requirements, build, what)


def install(requirements, build, what):
    wanted = requirements.read_bytes()
    folder = build / 'pypi'
    stamp = folder / 'installed'
    program = folder / 'bin/python'
    if stamp.exists() and stamp.read_bytes() == wanted:
        return program
    shutil.rmtree(folder, ignore_errors=True)
    for words in ([sys.executable, '-m', 'venv', folder],
                  [program, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:', '-r', requirements]):
        done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300)
        if done.returncode:
            said = done.stdout.decode('utf-8', 'replace').strip().splitlines()
            raise Skip(f'pip could not install {what}: {said[-1] if said else done.returncode}')
    stamp.write_bytes(wanted)
    return program
