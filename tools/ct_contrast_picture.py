#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What counts as bone in an enhanced chest, as a picture: ct_contrast_picture.py SCAN BONE PLAIN_BONE OUT.png

SCAN: an enhanced made-up chest; BONE: what 'ct_skeleton SCAN out BONE' finds in it; PLAIN_BONE: in the same chest without agent. Left:
everything over 150 HU from the front, where heart and vessels hide the bones. Middle: what counts as bone; red is what counts only with
agent (a failure), blue what counts only without. Right: a slice at the heart in the bone window, in the same colours, green outside them:
dense and left out.
"""
import array
import gzip
import struct
import sys
import zlib

MM = 1.5
DENSE_HU, LOW_HU, HIGH_HU = 150, -600, 1400
RED, BLUE, GREEN = (220, 60, 50), (60, 110, 220), (60, 150, 90)


def read(path):
    data = gzip.open(path).read()
    size = struct.unpack("<3h", data[42:48])
    spacing = struct.unpack("<3f", data[80:92])
    values = array.array({2: "B", 4: "h"}[struct.unpack("<h", data[70:72])[0]])
    values.frombytes(data[352:])
    return size, spacing, values


def png(path, rows):
    raw = b"".join(b"\0" + bytes(v for pixel in row for v in pixel) for row in rows)
    def part(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)) +
                  part(b"IDAT", zlib.compress(raw, 9)) + part(b"IEND", b""))


def main():
    size, spacing, hu = read(sys.argv[1])
    grid, _, bone = read(sys.argv[2])
    plain = read(sys.argv[3])[2]
    place = [[min(int(i * MM / spacing[a] + 0.5), size[a] - 1) for i in range(grid[a])] for a in range(3)]
    front, found = [], []
    for k in reversed(range(grid[2])):
        lines = [[0] * grid[0], [0] * grid[0], [0] * grid[0], [0] * grid[0]]
        for j in range(grid[1]):
            at, here = (k * grid[1] + j) * grid[0], (place[2][k] * size[1] + place[1][j]) * size[0]
            for i in range(grid[0]):
                b, p = bone[at + i], plain[at + i]
                lines[0][i] += hu[here + place[0][i]] > DENSE_HU
                lines[1][i] += b and p
                lines[2][i] += b and not p
                lines[3][i] += p and not b
        front.append([(min(255, 12 * n),) * 3 for n in lines[0]])
        found.append([RED if r > 3 else BLUE if m > 3 else (min(255, 12 * n),) * 3 for n, r, m in zip(*lines[1:])])
    # The slice with most of what is dense and no bone: the heart.
    k = max(range(grid[2]), key=lambda s: sum(hu[(place[2][s] * size[1] + place[1][j]) * size[0] + place[0][i]] > DENSE_HU and
                                              not bone[(s * grid[1] + j) * grid[0] + i]
                                              for j in range(0, grid[1], 3) for i in range(0, grid[0], 3)))
    slice_ = []
    for j in range(grid[1]):
        row = []
        for i in range(grid[0]):
            v = hu[(place[2][k] * size[1] + place[1][j]) * size[0] + place[0][i]]
            at = (k * grid[1] + j) * grid[0] + i
            grey = max(0, min(255, (v - LOW_HU) * 255 // (HIGH_HU - LOW_HU)))
            tint = (RED if not plain[at] else (255, 240, 200)) if bone[at] else BLUE if plain[at] else GREEN if v > DENSE_HU else None
            row.append(tuple((grey + c) // 2 for c in tint) if tint else (grey,) * 3)
        slice_.append(row)
    height = max(len(front), len(slice_))
    def filled(rows):
        empty = [[(0, 0, 0)] * len(rows[0])]
        above = (height - len(rows)) // 2
        return empty * above + rows + empty * (height - len(rows) - above)
    gap = [(255, 255, 255)] * 6
    png(sys.argv[4], [a + gap + b + gap + c for a, b, c in zip(filled(front), filled(found), filled(slice_))])
    mL = MM ** 3 / 1000
    print(f"bone {sum(bone) * mL:.0f} mL, without agent {sum(plain) * mL:.0f} mL; only with it "
          f"{sum(b and not p for b, p in zip(bone, plain)) * mL:.0f} mL, only without {sum(p and not b for b, p in zip(bone, plain)) * mL:.0f} mL")


if __name__ == "__main__":
    main()
