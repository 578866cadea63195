#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From two DICOM folders to the report: ct_whole.py BUILD_FOLDER [--keep DIR] [--runs N] [--threads N]

Makes a pair of a made-up chest (seed 101, lesions, known motion) of 512 x 512 x 250 voxels, writes both as DICOM folders, and compares
them with 'boneflare ct --out'. Of each run: wall, processor time, and the largest memory of the process; then the same stage by stage
as they are told by --progress, of the run with the least wall. --keep DIR: the pair is made there once and used again.
"""
import argparse
import gzip
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import time

SIZE, KIND = (512, 512, 250), "1.2.840.10008.5.1.4.1.1.2"


def element(tag, vr, value):
    raw = struct.pack("<H", value) if vr == "US" else value.encode()
    raw += b"" if len(raw) % 2 == 0 else b"\0" if vr == "UI" else b" "
    return struct.pack("<HH", tag >> 16, tag & 0xffff) + vr.encode() + struct.pack("<H", len(raw)) + raw


def laid_out(voxels, size):
    """Slices of SIZE, the image in their middle and air around it; what lies beyond SIZE is cut off."""
    air = struct.pack("<h", -1000)
    first = [(n - s) // 2 for n, s in zip(size, SIZE)]
    for k in range(SIZE[2]):
        out = bytearray(air * (SIZE[0] * SIZE[1]))
        z = k + first[2]
        for j in range(SIZE[1] if 0 <= z < size[2] else 0):
            y = j + first[1]
            if not 0 <= y < size[1]:
                continue
            begin, end = max(0, -first[0]), min(SIZE[0], size[0] - first[0])
            at = ((z * size[1] + y) * size[0] + begin + first[0]) * 2
            out[(j * SIZE[0] + begin) * 2:(j * SIZE[0] + end) * 2] = voxels[at:at + (end - begin) * 2]
        yield bytes(out), first


def write_dicom(source, folder, date):
    raw = gzip.decompress(source.read_bytes())
    size, mm = struct.unpack_from("<3h", raw, 42), struct.unpack_from("<3f", raw, 80)
    rows = [struct.unpack_from("<4f", raw, 280 + 16 * r) for r in range(3)]
    origin, root = [-rows[0][3], -rows[1][3], rows[2][3]], f"1.2.826.0.1.3680043.10.{date}"
    folder.mkdir(parents=True)
    for k, (pixels, first) in enumerate(laid_out(memoryview(raw)[352:], size)):
        sop, at = f"{root}.3.{k + 1}", [o + f * m for o, f, m in zip(origin, first, mm)]
        meta = b"".join(element(*e) for e in [(0x00020002, "UI", KIND), (0x00020003, "UI", sop), (0x00020010, "UI", "1.2.840.10008.1.2.1")])
        body = b"".join(element(*e) for e in [
            (0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"), (0x00080016, "UI", KIND), (0x00080018, "UI", sop), (0x00080020, "DA", date),
            (0x00080060, "CS", "CT"), (0x00100020, "LO", "MADE-UP"), (0x00180050, "DS", f"{mm[2]:.4f}"), (0x0020000d, "UI", root + ".1"),
            (0x0020000e, "UI", root + ".2"), (0x00200013, "IS", str(k + 1)),
            (0x00200032, "DS", f"{at[0]:.4f}\\{at[1]:.4f}\\{at[2] + k * mm[2]:.4f}"), (0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
            (0x00200052, "UI", root + ".4"), (0x00280002, "US", 1), (0x00280004, "CS", "MONOCHROME2"), (0x00280010, "US", SIZE[1]),
            (0x00280011, "US", SIZE[0]), (0x00280030, "DS", f"{mm[1]:.5f}\\{mm[0]:.5f}"), (0x00280100, "US", 16), (0x00280101, "US", 16),
            (0x00280102, "US", 15), (0x00280103, "US", 1), (0x00281052, "DS", "0"), (0x00281053, "DS", "1")])
        (folder / f"{k:03}.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\2\0\0\0UL\4\0" + struct.pack("<I", len(meta)) + meta + body +
                                             struct.pack("<HH2sHI", 0x7fe0, 0x10, b"OW", 0, len(pixels)) + pixels)


def make_pair(program, folder):
    if (folder / "after").exists():
        return
    with tempfile.TemporaryDirectory() as name:
        made = pathlib.Path(name) / "pair"
        subprocess.run([program, "ct-phantom", "--out", made, "--seed", "101", "--pixel", "0.75", "--slice", "1.25", "--length", "313"],
                       check=True, stdout=subprocess.DEVNULL)
        write_dicom(made / "baseline.nii.gz", folder / "before", "20240102")
        write_dicom(made / "followup.nii.gz", folder / "after", "20240305")


def used(process):
    """Seconds of processor time so far, children that are running not counted, and MB at the most."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    peak = next(line.split()[1] for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return sum(int(x) for x in fields[11:15]) / os.sysconf("SC_CLK_TCK"), int(peak) // 1024


def run(program, folder, threads):
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [program, "ct", folder / "before", folder / "after", "--out", out, "--progress"] + (["--threads", str(threads)] if threads else [])
    marks, began = [], time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        marks.append((line.strip().removeprefix("boneflare ct: "), time.monotonic(), *used(process)))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"boneflare ct failed: {process.returncode}")
    marks.append(("", time.monotonic(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024))
    return marks[-1][1] - began, usage.ru_utime, usage.ru_stime, usage.ru_maxrss // 1024, marks


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("build", type=pathlib.Path)
    reader.add_argument("--keep", type=pathlib.Path)
    reader.add_argument("--runs", type=int, default=3)
    reader.add_argument("--threads", type=int, default=0)
    args = reader.parse_args()
    program = args.build / "apps/cli/boneflare"
    with tempfile.TemporaryDirectory() as name:
        folder = args.keep or pathlib.Path(name)
        make_pair(program, folder)
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors\n\n| run | wall s | user s | system s | peak MB |\n|---|---|---|---|---|")
        runs = [run(program, folder, args.threads) for _ in range(args.runs)]
        for n, (wall, user, system, peak, _) in enumerate(runs, 1):
            print(f"| {n} | {wall:.2f} | {user:.2f} | {system:.2f} | {peak} |")
        print("\n| stage | wall s | CPU s | processors busy | peak MB so far |\n|---|---|---|---|---|")
        marks = min(runs)[4]
        for (stage, begin, cpu, _), (_, end, more, peak) in zip(marks, marks[1:]):
            print(f"| {stage} | {end - begin:.2f} | {more - cpu:.2f} | {(more - cpu) / max(end - begin, 1e-3):.2f} | {peak} |")


if __name__ == "__main__":
    main()
