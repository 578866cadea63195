#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at the report page of two made-up scans: page.py BONEFLARE MAKE.PY

One file without script or network, nine cuts a finding that are whole PNG pictures, all of them different, words that describe and
never judge, and a banner for thick slices.
"""
import base64
import html.parser
import importlib.util
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

CLI, MAKE = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
spec = importlib.util.spec_from_file_location("make", MAKE)
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)
VOID = {"meta", "img", "br", "link", "image", "circle"}
number = 0


def check(good, what):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {what}", flush=True)


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.tags, self.pictures, self.links, self.ids, self.words = [], [], set(), [], [], set(), ""

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        self.tags.add(tag)
        self.ids.add(a.get("id"))
        source = a.get("src") or (a.get("href") if tag == "image" else None)
        if source:
            self.pictures.append(source)
        if tag == "a":
            self.links.append(a.get("href", ""))
        if tag == "img" and not a.get("alt"):
            self.wrong.append("img without alt")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data):
        if "style" not in self.open:
            self.words += data


def rows_of(png):
    """Width, height and the unfiltered rows; raises where the picture is not whole."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        data = png[at + 8:at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + data)
        chunks[kind] = chunks.get(kind, b"") + data
        at += size + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    step = 3 if colour == 2 else 1
    raw, above, out = zlib.decompress(chunks[b"IDAT"]), bytes(width * step), []
    assert depth == 8 and len(raw) == height * (width * step + 1)
    for r in range(height):
        line = raw[r * (width * step + 1):(r + 1) * (width * step + 1)]
        row = bytearray(line[1:])
        for i in range(len(row)):
            row[i] = (row[i] + ((row[i - step] if i >= step else 0) if line[0] == 1 else above[i])) & 255
        above = bytes(row)
        out.append(above)
    return width, height, step, out


def look(folder):
    make.write_nifti("before.nii.gz", make.voxels_of([]))
    make.write_nifti("after.nii.gz", make.voxels_of([[100, 120, 75, 8, 800], [100, 120, 117, 7, 40]]))
    done = subprocess.run([CLI, "ct", "before.nii.gz", "after.nii.gz", "--out", "out"], capture_output=True)
    check(done.returncode == 0, "compared")
    text = (folder / "out/report.html").read_text()
    page = Page()
    page.feed(text)
    check(not page.wrong and not page.open, f"well-formed {page.wrong} {page.open}")
    check(not page.tags & {"script", "iframe", "link", "object"} and "http" not in text.replace("http-equiv", ""),
          "no script, nothing from the network")
    check(all(p.startswith("data:image/png;base64,") for p in page.pictures), "pictures are inside")
    pictures = [base64.b64decode(p.split(",")[1]) for p in page.pictures]
    whole = [rows_of(p) for p in pictures]
    check(len(whole) == 2 + 2 * 9, f"two overviews and nine cuts a finding ({len(whole)} pictures)")
    check(len(set(pictures)) == len(pictures), "no picture twice")
    before, after = whole[2], whole[3]
    middle = (before[1] // 2, before[0] // 2)
    check(after[3][middle[0]][middle[1]] > before[3][middle[0]][middle[1]] + 20, "the middle of new sclerosis is brighter at follow-up")
    change = whole[4]
    red, _, blue = change[3][middle[0]][3 * middle[1]:3 * middle[1] + 3]
    check(change[2] == 3 and red > blue + 50, "and gold on the change")
    check(all(link[1:] in page.ids for link in page.links if link.startswith("#")), "every link has its place")
    for words in ["new sclerosis at a site without a lesion before", "Correlation at bone", "What is not proven", "not been clinically"]:
        check(words in page.words, f"says '{words}'")
    said = page.words.lower().replace("neither healing nor progression by itself", "")
    check("progress" not in said, "never says progression of a finding")
    check("Limited." not in page.words, "no banner for slices of 3 mm")


with tempfile.TemporaryDirectory() as name:
    os.chdir(name)
    look(pathlib.Path(name))
print(f"1..{number}")
