#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares two made-up scans written as DICOM and reads what comes out with other programs: outside.py BONEFLARE MAKE.PY

dciodvfy (dicom3tools) and dsrdump (DCMTK) must find no error, pydicom must find the masks of findings.nii.gz on the images they
refer to, nothing of the patient may be in any file unless it was asked for, and bytes must not depend on threads.
"""
import gzip
import importlib.util
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

CLI, MAKE = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
spec = importlib.util.spec_from_file_location("make", MAKE)
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)
BALLS = [[100, 120, 75, 8, 800], [100, 120, 117, 7, 40]]
number = 0


def check(good, what, skip=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {what}{' # SKIP ' + skip if skip else ''}", flush=True)


def run(*words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, errors="replace")


def tool(name, what, test):
    if shutil.which(name):
        test()
    else:
        check(True, what, f"{name} is not installed")


def nifti(path):
    raw = gzip.decompress(path.read_bytes())
    size = struct.unpack_from("<3h", raw, 42)
    rows = [struct.unpack_from("<4f", raw, 280 + 16 * r) for r in range(3)]
    return size, rows, raw[352:]


def voxel(rows, mm):
    """Index of a place in the patient, of a NIfTI whose axes run along the body."""
    out = []
    for a in range(3):
        place = -mm[a] if a < 2 else mm[a]
        out.append(int((place - rows[a][3]) / rows[a][a] + 0.5))
    return out


def check_masks(out):
    try:
        import pydicom
    except ImportError:
        check(True, "pydicom reads the masks", "pydicom is not installed")
        return
    seg = pydicom.dcmread(out / "findings.dcm")
    plane = seg.Rows * seg.Columns
    size, rows, labels = nifti(out / "findings.nii.gz")
    right = wrong = 0
    sources = set()
    for frame, groups in enumerate(seg.PerFrameFunctionalGroupsSequence):
        number = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        place = groups.PlanePositionSequence[0].ImagePositionPatient
        sources.add(groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID)
        inside = [p for p in range(plane) if seg.PixelData[(frame * plane + p) // 8] >> ((frame * plane + p) % 8) & 1]
        for j, i in (divmod(p, seg.Columns) for p in inside):
            at = voxel(rows, (place[0] + i * make.MM, place[1] + j * make.MM, place[2]))
            label = labels[(at[2] * size[1] + at[1]) * size[0] + at[0]]
            right += label == number
            wrong += label != number
    check(wrong == 0 and right > 50, f"pydicom: {right} pixels lie where findings.nii.gz has them, {wrong} elsewhere")
    expected = right * make.MM ** 3 / 1.5 ** 3
    marked = sum(1 for v in labels if v)
    check(abs(marked - expected) < 0.35 * marked, f"pydicom: about the volume of the masks ({marked} voxels, {expected:.0f} expected)")
    source = pydicom.dcmread(next(iter(sorted((out.parent / "after").iterdir()))))
    names = {pydicom.dcmread(f, stop_before_pixels=True).SOPInstanceUID for f in (out.parent / "after").iterdir()}
    check(sources and sources <= names, "pydicom: frames refer to images of the follow-up")
    check(seg.FrameOfReferenceUID == source.FrameOfReferenceUID and seg.StudyInstanceUID == source.StudyInstanceUID,
          "pydicom: study and frame of reference are the follow-up's")
    report = pydicom.dcmread(out / "measurements.dcm")
    check(report.CompletionFlag == "COMPLETE" and report.VerificationFlag == "UNVERIFIED", "pydicom: complete, not verified")
    check(seg.PatientIdentityRemoved == "YES" and seg.PatientName == "" and report.PatientID == "", "pydicom: no patient")


def check_kept(folder):
    run(CLI, "ct", "Featherstone_before", "after", "--out", "kept", "--keep-identifiers")
    for name in ["findings.dcm", "measurements.dcm"]:
        raw = (folder / "kept" / name).read_bytes()
        check(all(make.IDENTIFIERS[tag].encode() in raw for tag in [0x00100010, 0x00100020, 0x00080050]),
              f"{name} names the patient with --keep-identifiers")


def leaks(folder):
    out = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        for text in [part for value in make.IDENTIFIERS.values() for part in value.split("^")]:
            if text.encode() in raw:
                out.append(f"{path.name}: {text}")
    return out


def same(one, other):
    names = sorted(p.name for p in one.iterdir())
    return names == sorted(p.name for p in other.iterdir()) and all(
        (one / n).is_dir() or (one / n).read_bytes() == (other / n).read_bytes() for n in names)


def walk(items):
    for item in items:
        yield item
        yield from walk(item.get("ContentSequence", []))


def code(items):
    return [f"{i.CodingSchemeDesignator} {i.CodeValue} {i.CodeMeaning}" for i in items]


def check_sites(folder):
    """With a label map the sites are known: one without a side, one with it."""
    import pydicom
    plane = make.SIZE[0] * make.SIZE[1]
    make.write_dicom(folder / "labels", [34 if v // plane * make.MM < 96 else 97 for v in range(plane * make.SIZE[2])], "20190404")
    done = run(CLI, "ct", "Featherstone_before", "after", "--labels", "labels", "--out", "sites")
    check(done.returncode == 0, f"compared with labels {done.stderr.strip()}")
    expected = [["SCT 7610001 T10 vertebra"], ["SCT 59558009 Sixth rib", "SCT 7771000 Left"]]
    for name in ["findings.dcm", "measurements.dcm"] if shutil.which("dciodvfy") else []:
        said = run("dciodvfy", f"sites/{name}")
        errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
        check(not errors, f"dciodvfy: {name} with sites {'; '.join(errors)}")
    seg = pydicom.dcmread("sites/findings.dcm")
    regions = [code(s.AnatomicRegionSequence) + code(s.AnatomicRegionSequence[0].get("AnatomicRegionModifierSequence", []))
               for s in seg.SegmentSequence]
    check(sorted(regions) == sorted(expected), f"SEG: anatomic regions {regions}")
    named = [i for i in walk(pydicom.dcmread("sites/measurements.dcm").ContentSequence)
             if "ConceptNameCodeSequence" in i and i.ConceptNameCodeSequence[0].CodeMeaning == "Finding Site"]
    sites = [code(i.ConceptCodeSequence) + [w for c in i.get("ContentSequence", []) for w in code(c.ConceptCodeSequence)] for i in named]
    check(sites == regions, f"SR: finding sites {sites}")
    words = [s.SegmentDescription for s in seg.SegmentSequence]
    check(any("; T10 vertebra" in w for w in words) and any("; left rib 6" in w for w in words), f"the words name the site, too {words}")


def check_concepts():
    """Codes and meanings as pydicom's dictionary has them; vertebrae by level and ribs by number are not in it."""
    try:
        from pydicom.sr import _concepts_dict
        known = {value: {meaning for meaning, _ in kinds.values()} if isinstance(kinds, dict) else set()
                 for value, kinds in by_value(_concepts_dict.concepts["SCT"]).items()}
    except (ImportError, AttributeError, KeyError) as missing:
        return check(True, "concepts of bones", f"pydicom has no dictionary: {missing}")
    ours = re.findall(r'{"(\d+)", "([^"]+)"', (pathlib.Path(MAKE).parents[4] / "src/lesion/concept.c").read_text(encoding="utf-8"))
    wrong = [(value, meaning) for value, meaning in ours if value in known and meaning not in known[value]]
    found = sum(value in known for value, _ in ours)
    return check(not wrong and found >= 14 and len(ours) >= 50, f"{found} of {len(ours)} concepts are in pydicom's dictionary, none otherwise {wrong}")


def by_value(concepts):
    out = {}
    for keyword, values in concepts.items():
        for value, (meaning, groups) in values.items():
            out.setdefault(value, {})[keyword] = (meaning, groups)
    return out


def look(folder):
    make.write_dicom(folder / "Featherstone_before", make.voxels_of([]), "20190404")
    make.write_dicom(folder / "after", make.voxels_of(BALLS), "20190601")
    out = folder / "out"
    done = run(CLI, "ct", "Featherstone_before", "after", "--out", "out", "--threads", "1")
    check(done.returncode == 0, "compared")
    check((out / "findings.dcm").exists() and (out / "measurements.dcm").exists(), "SEG and SR are written")

    def verify():
        for name in ["findings.dcm", "measurements.dcm"]:
            said = run("dciodvfy", out / name)
            errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
            check(not errors, f"dciodvfy: {name} {'; '.join(errors)}")

    def dump():
        said = run("dsrdump", "+Pl", out / "measurements.dcm").stdout
        check(said.count('"Measurement Group"') == 2, "dsrdump: a group a finding")
        check("new sclerosis at a site without a lesion before" in said and "Hounsfield" in said, "dsrdump: words and numbers")
        check("progress" not in said.lower(), "dsrdump: no progression")

    tool("dciodvfy", "dciodvfy", verify)
    tool("dsrdump", "dsrdump", dump)
    check_masks(out)
    found = leaks(out)
    check(not found, f"no identifier leaves {found}")
    check_kept(folder)
    check_sites(folder)
    check_concepts()
    run(CLI, "ct", "Featherstone_before", "after", "--out", "again", "--threads", "3")
    check(same(out, folder / "again"), "the same bytes at another number of threads")


with tempfile.TemporaryDirectory() as name:
    import os
    os.chdir(name)
    look(pathlib.Path(name))
print(f"1..{number}")
