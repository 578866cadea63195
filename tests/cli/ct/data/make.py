#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A made-up body with a spine, ribs and a sternum as NIfTI: make.py FILE [X Y Z RADIUS HU]... Each group paints a ball of that density."""
import gzip
import math
import struct
import sys

SIZE, MM = (67, 54, 50), 3.0


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


def main():
    numbers = [float(a) for a in sys.argv[2:]]
    balls = [numbers[i:i + 5] for i in range(0, len(numbers), 5)]
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
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, *SIZE, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, 4, 16)
    struct.pack_into("<8f", head, 76, 1, MM, MM, MM, 0, 0, 0, 0)
    struct.pack_into("<2f", head, 108, 352, 1)
    struct.pack_into("<2h", head, 252, 0, 1)
    struct.pack_into("<12f", head, 280, -MM, 0, 0, 0, 0, -MM, 0, 0, 0, 0, MM, 0)
    head[344:348] = b"n+1\0"
    with open(sys.argv[1], "wb") as out:
        out.write(gzip.compress(bytes(head) + struct.pack(f"<{len(voxels)}h", *voxels), 6, mtime=0))


main()
