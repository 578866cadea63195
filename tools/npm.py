# SPDX-License-Identifier: Apache-2.0
"""Packages from npm for checks, in the build folder, exactly as a lock file says; installed again only when that changes."""
import contextlib
import fcntl
import os
import shutil
import subprocess


class Skip(Exception):
    """What is missing: the check cannot run here, and says why."""


@contextlib.contextmanager
def alone(build):
    """One process at a time for a build folder: tests that run side by side share what is installed."""
    build.mkdir(parents=True, exist_ok=True)
    with open(build / 'npm.lock', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def installed(here, build, what):
    """The folder node_modules for the package-lock.json in `here`; `what` names it in messages."""
    for command in ('node', 'npm'):
        if not shutil.which(command):
            raise Skip(f'there is no {command}')
    with alone(build):
        return install(here, build, what)


def install(here, build, what):
    lock = (here / 'package-lock.json').read_bytes()
    folder = build / 'npm'
    stamp = folder / 'installed'
    if stamp.exists() and stamp.read_bytes() == lock:
        return folder / 'node_modules'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ('package.json', 'package-lock.json'):
        shutil.copy(here / name, folder / name)
    done = subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, timeout=300, env=os.environ | {'npm_config_update_notifier': 'false'})
    if done.returncode:
        said = done.stdout.decode('utf-8', 'replace').strip().splitlines()
        raise Skip(f'npm could not install {what}: {said[-1] if said else done.returncode}')
    stamp.write_bytes(lock)
    return folder / 'node_modules'
