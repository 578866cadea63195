#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An interrupted `boneflare ct` goes on from the registration that it kept: resume.py BONEFLARE MAKE.PY

Killed (SIGKILL) when the stage after registration begins. What is kept is used once, gives the same bytes as a run that nobody
interrupted, is never trusted when it is damaged or of another comparison, and is gone when the folder is whole.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CLI, MAKE = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
REGISTERED, TAKEN_OVER = "laying the bones on each other", "taking over the registration of an interrupted run"
NOT_USED = "it was not used"
number = 0


def check(good, what):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {what}", flush=True)


def command(out, more):
    return [CLI, "ct", "before.nii.gz", "after.nii.gz", "--out", out, "--progress", *more]


def run(out, *more):
    done = subprocess.run(command(out, more), capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr


def run_until_killed(out, stage):
    with subprocess.Popen(command(out, ()), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if stage in line:
                process.kill()
                break
    return process.returncode


def held(folder):
    return {p.name: p.read_bytes() for p in pathlib.Path(folder).iterdir()}


def main():
    subprocess.run([sys.executable, MAKE, "before.nii.gz"], check=True)
    subprocess.run([sys.executable, MAKE, "after.nii.gz", "100", "120", "75", "8", "800"], check=True)
    code, told = run("whole")
    whole = held("whole")
    check(code == 0 and REGISTERED in told and "ct.done" in whole, "a run that nobody interrupts")
    check("ct.transform" not in whole, "keeps nothing")

    check(run_until_killed("cut", "moving the baseline") == -9, "a run is killed after registration")
    kept = held("cut")
    check(set(kept) == {"ct.transform"}, "and leaves its registration alone")
    shutil.copytree("cut", "spare")
    code, told = run("cut")
    check(code == 0 and TAKEN_OVER in told and REGISTERED not in told, "the next run goes on from there")
    check(held("cut") == whole, "to the same bytes, and what was kept is gone")

    step = kept["ct.transform"]
    flipped = bytearray(step)
    flipped[len(step) // 2] ^= 16
    for name, bad in {"damaged": bytes(flipped), "cut off": step[:-1]}.items():
        shutil.rmtree("cut")
        shutil.copytree("spare", "cut")
        pathlib.Path("cut/ct.transform").write_bytes(bad)
        code, told = run("cut")
        check(code == 0 and REGISTERED in told and TAKEN_OVER not in told and NOT_USED in told, f"{name}: not used, and said so")
        check(held("cut") == whole, f"{name}: the same bytes")

    code, told = run("spare", "--score", "9")
    check(code == 0 and REGISTERED in told and NOT_USED in told, "another comparison's is not used")
    check("ct.transform" not in held("spare"), "nor left behind")
    print(f"1..{number}")


with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    main()
    os.chdir("/")
