#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A made-up body with a spine, ribs and a sternum: make.py FILE.nii.gz|FILE.dcm|FOLDER [--date YYYYMMDD] [--name NAME] [X Y Z RADIUS HU]...
Each group paints a ball of that density. A folder is filled with DICOM files that name a patient; FILE.dcm is one Enhanced CT file of many frames."""
import gzip
import math
import os
import struct
import sys

SIZE, MM = (67, 54, 50), 3.0
# What must never be in an output.
IDENTIFIERS = {0x00080050: "ACC-998877", 0x00080080: "St Elsewhere", 0x00080090: "Strangelove^Doctor",
               0x00100010: "Featherstone^Jane", 0x00100020: "MRN-4711-XY", 0x00100030: "19500102",
               0x00200010: "STUDY-5150"}


def edge(inside, low, high):
    return low + (high - low) / (1 + math.exp(max(-60.0, min(60.0, -inside / 0.9))))


def hu(x, y, z):
    z -= 75
    narrow = 1 - 0.003 * z
    x, y = (x - 100) / narrow, (y - 80) / narrow
    value = edge((1 - math.hypot(x / 90, y / 65)) * 60, -1000, 40)
    stretched = z * (1 + 0.0012 * z)
    level = stretched - 22 * math.floor(stretched / 22 + 0.5)
    value = max(value, edge(min(14 - 0.03 * z - math.hypot(x, y - 40), 8.5 - abs(level)), -2000, 380))
    ring = math.hypot(x / 78, y / 54) - 1
    value = max(value, edge(3.5 - math.hypot(ring * 62, level - 0.1 * (y - 20)), -2000, 600))
    return max(value, edge(min(5 - abs(y + 55), 18 + 0.1 * z - abs(x), 60 - abs(z)), -2000, 400))


def voxels_of(balls):
    voxels = []
    for k in range(SIZE[2]):
        for j in range(SIZE[1]):
            for i in range(SIZE[0]):
                x, y, z = i * MM, j * MM, k * MM
                value = hu(x, y, z)
                for bx, by, bz, radius, density in balls:
                    share = edge(radius - math.dist((x, y, z), (bx, by, bz)), 0, 1)
                    value += share * (density - value)
                voxels.append(round(value))
    return voxels


def write_nifti(path, voxels):
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, *SIZE, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, 4, 16)
    struct.pack_into("<8f", head, 76, 1, MM, MM, MM, 0, 0, 0, 0)
    struct.pack_into("<2f", head, 108, 352, 1)
    struct.pack_into("<2h", head, 252, 0, 1)
    struct.pack_into("<12f", head, 280, -MM, 0, 0, 0, 0, -MM, 0, 0, 0, 0, MM, 0)
    head[344:348] = b"n+1\0"
    with open(path, "wb") as out:
        out.write(gzip.compress(bytes(head) + struct.pack(f"<{len(voxels)}h", *voxels), 6, mtime=0))


def element(tag, vr, value):
    raw = struct.pack("<H", value) if vr == "US" else value.encode()
    raw += b"" if len(raw) % 2 == 0 else b"\0" if vr == "UI" else b" "
    return struct.pack("<HH", tag >> 16, tag & 0xffff) + vr.encode() + struct.pack("<H", len(raw)) + raw


def texts_of(sop, root, date, kind):
    """What slices and frames have in common, by number of the element; identifiers are put in where they are."""
    return {0x00080016: ("UI", kind), 0x00080018: ("UI", sop), 0x00080020: ("DA", date), 0x00080030: ("TM", "101500"),
            0x00080050: ("SH", 0), 0x00080060: ("CS", "CT"), 0x00080080: ("LO", 0), 0x00080090: ("PN", 0),
            0x0008103e: ("LO", "bone of Featherstone"), 0x00100010: ("PN", 0), 0x00100020: ("LO", 0), 0x00100030: ("DA", 0),
            0x00100040: ("CS", "F"), 0x0020000d: ("UI", root + ".1"), 0x0020000e: ("UI", root + ".2"), 0x00200010: ("SH", 0),
            0x00200052: ("UI", root + ".4"), 0x00280002: ("US", 1), 0x00280004: ("CS", "MONOCHROME2"), 0x00280010: ("US", SIZE[1]),
            0x00280011: ("US", SIZE[0]), 0x00280100: ("US", 16), 0x00280101: ("US", 16), 0x00280102: ("US", 15),
            0x00280103: ("US", 1)}


def write_file(path, kind, sop, texts, groups, voxels):
    meta = b"".join(element(*e) for e in [(0x00020002, "UI", kind), (0x00020003, "UI", sop), (0x00020010, "UI", "1.2.840.10008.1.2.1")])
    body = b"".join(element(t, vr, IDENTIFIERS.get(t, v)) for t, (vr, v) in sorted(texts.items()))
    pixels = struct.pack(f"<{len(voxels)}h", *voxels)
    with open(path, "wb") as out:
        out.write(b"\0" * 128 + b"DICM" + b"\2\0\0\0UL\4\0" + struct.pack("<I", len(meta)) + meta + body + groups +
                  struct.pack("<HH2sHI", 0x7fe0, 0x10, b"OW", 0, len(pixels)) + pixels)


def write_dicom(folder, voxels, date):
    os.makedirs(folder, exist_ok=True)
    plane = SIZE[0] * SIZE[1]
    root, kind = f"1.2.826.0.1.3680043.10.{date}", "1.2.840.10008.5.1.4.1.1.2"
    for k in range(SIZE[2]):
        sop = f"{root}.3.{k + 1}"
        texts = texts_of(sop, root, date, kind) | {
            0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL"), 0x00180050: ("DS", f"{MM}"), 0x00200013: ("IS", str(k + 1)),
            0x00200032: ("DS", f"-100\\-80\\{k * MM}"), 0x00200037: ("DS", "1\\0\\0\\0\\1\\0"), 0x00280030: ("DS", f"{MM}\\{MM}"),
            0x00281052: ("DS", "0"), 0x00281053: ("DS", "1")}
        write_file(f"{folder}/{k:03}.dcm", kind, sop, texts, b"", voxels[k * plane:(k + 1) * plane])


def sequence(tag, *items):
    inside = b"".join(struct.pack("<HHI", 0xfffe, 0xe000, len(i)) + i for i in items)
    return struct.pack("<HH2sHI", tag >> 16, tag & 0xffff, b"SQ", 0, len(inside)) + inside


def write_enhanced(path, voxels, date):
    root, kind = f"1.2.826.0.1.3680043.10.{date}", "1.2.840.10008.5.1.4.1.1.2.1"
    texts = texts_of(f"{root}.3.1", root, date, kind) | {
        0x00080008: ("CS", "ORIGINAL\\PRIMARY\\VOLUME\\NONE"), 0x00200013: ("IS", "1"), 0x00280008: ("IS", str(SIZE[2]))}
    shared = (sequence(0x00209116, element(0x00200037, "DS", "1\\0\\0\\0\\1\\0")) +
              sequence(0x00289110, element(0x00180050, "DS", f"{MM}") + element(0x00280030, "DS", f"{MM}\\{MM}")) +
              sequence(0x00289145, element(0x00281052, "DS", "0") + element(0x00281053, "DS", "1") + element(0x00281054, "LO", "HU")))
    frames = [sequence(0x00209113, element(0x00200032, "DS", f"-100\\-80\\{k * MM}")) for k in range(SIZE[2])]
    write_file(path, kind, f"{root}.3.1", texts, sequence(0x52009229, shared) + sequence(0x52009230, *frames), voxels)


def main():
    words, date = sys.argv[2:], "20190404"
    while words and words[0] in ("--date", "--name"):
        if words[0] == "--date":
            date = words[1]
        else:
            IDENTIFIERS[0x00100010] = words[1]
        words = words[2:]
    numbers = [float(w) for w in words]
    voxels = voxels_of([numbers[i:i + 5] for i in range(0, len(numbers), 5)])
    if sys.argv[1].endswith(".nii.gz"):
        write_nifti(sys.argv[1], voxels)
    elif sys.argv[1].endswith(".dcm"):
        write_enhanced(sys.argv[1], voxels, date)
    else:
        write_dicom(sys.argv[1], voxels, date)


if __name__ == "__main__":
    main()
