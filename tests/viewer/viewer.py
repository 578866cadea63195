#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The viewer of two made-up scans in Chromium: viewer.py BONEFLARE MAKE.PY BUILD_FOLDER

NiiVue comes from npm, as package-lock.json says; the page is opened from the folder with the network off. It must show four volumes
and the findings, draw something, and say what is missing when NiiVue is not there. Skipped without npm, a registry or Chromium.
"""
import importlib.util
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
import npm

CLI, MAKE, BUILD = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
spec = importlib.util.spec_from_file_location("make", MAKE)
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)
number = 0


def check(good, what):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {what}", flush=True)


def chromium(folder, *words):
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        raise npm.Skip("there is no chromium")
    done = subprocess.run([program, "--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                           "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile", "--window-size=1200,800",
                           "--virtual-time-budget=60000", *words, f"file://{folder}/out/viewer.html"], capture_output=True, timeout=200)
    return done.stdout.decode("utf-8", "replace")


def share_of_bright(path):
    """How much of a screenshot, right of the list, is brighter than black."""
    raw = path.read_bytes()
    width, height, _, colour = struct.unpack(">IIBB", raw[16:26])
    step, at, packed = {2: 3, 6: 4}[colour], 8, b""
    while at < len(raw):
        size, kind = struct.unpack(">I4s", raw[at:at + 8])
        packed += raw[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    data, above, bright = zlib.decompress(packed), bytearray(width * step), 0
    for r in range(height):
        kind, row = data[r * (width * step + 1)], bytearray(data[r * (width * step + 1) + 1:(r + 1) * (width * step + 1)])
        for i in range(len(row)):
            left, up, corner = row[i - step] if i >= step else 0, above[i], above[i - step] if i >= step else 0
            near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner))[2]
            row[i] = (row[i] + [0, left, up, (left + up) // 2, near][kind]) & 255
        above = row
        bright += sum(1 for i in range(340 * step, width * step, step) if max(row[i:i + 3]) > 60)
    return bright / (height * (width - 340))


def look(folder):
    script = npm.installed(HERE, BUILD, "NiiVue") / "@niivue/niivue/dist/niivue.umd.js"
    make.write_nifti("before.nii.gz", make.voxels_of([]))
    make.write_nifti("after.nii.gz", make.voxels_of([[100, 120, 75, 8, 800], [100, 120, 117, 7, 40]]))
    words = ["before.nii.gz", "after.nii.gz", "--out", "out", "--viewer"]
    wrong = subprocess.run([CLI, "ct", *words, "nowhere.js"], capture_output=True, text=True)
    check(wrong.returncode == 3 and "@niivue/niivue" in wrong.stderr, "a viewer that is not there is named")
    done = subprocess.run([CLI, "ct", *words, script], capture_output=True)
    check(done.returncode == 0 and (folder / "out/niivue.umd.js").stat().st_size > 1000000, "the folder holds page, data and NiiVue")
    page = chromium(folder, "--dump-dom")
    state = re.search(r'<body[^>]*data-state="([a-z]*)"', page)
    check(bool(state) and state[1] == "shown" and 'data-volumes="4"' in page, f"four volumes are shown ({state and state[0]})")
    check(page.count("<li class=") == 2 and "new sclerosis at a site without a lesion before" in page, "the findings are listed")
    chromium(folder, f"--screenshot={folder}/shot.png")
    share = share_of_bright(folder / "shot.png")
    check(0.05 < share < 0.95, f"something is drawn ({share:.2f} of the view)")
    if len(sys.argv) > 4:
        shutil.copy(folder / "shot.png", sys.argv[4])
    os.unlink("out/niivue.umd.js")
    page = chromium(folder, "--dump-dom")
    check('data-state="missing"' in page and "@niivue/niivue" in page, "without NiiVue the page says what is missing")


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
    os.chdir(name)
    try:
        look(pathlib.Path(name))
        print(f"1..{number}")
    except npm.Skip as why:
        print(f"1..0 # SKIP {why}")
    os.chdir("/")
