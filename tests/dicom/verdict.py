#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From scans to a verdict: verdict.py BONEFLARE MAKE.PY

A made-up patient under a targeted drug whose primary is smaller; two CT scans, later a third. What `boneflare ct` finds goes into
the case folder, and `boneflare assess` weighs it like any lesion, naming its source. On the third scan the lesion is found again.
"""
import csv
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile

CLI, MAKE = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
spec = importlib.util.spec_from_file_location("make", MAKE)
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)
HEADER = ("patient,date,lesion,site,organ,role,matrix,modality,longest_mm,short_mm,state,change,hu_mean,suv_max,uptake,"
          "beyond_bone,soft_tissue_mm,count,slice_mm,note,source\n")
number = 0


def check(good, what, more=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {what}", flush=True)
    if not good:
        print("\n".join("# " + line for line in str(more).splitlines()))


def run(*words):
    return subprocess.run([CLI, *map(str, words)], capture_output=True, text=True)


def write_case():
    os.mkdir("case")
    pathlib.Path("case/patients.csv").write_text("patient,sex,age,tumour,histology,stage\nP1,F,66,lung,adenocarcinoma,IV\n")
    pathlib.Path("case/therapy.csv").write_text("patient,drug,start,intent\nP1,gefitinib,2019-04-06,anticancer\n")
    pathlib.Path("case/lesions.csv").write_text(
        HEADER + "P1,2019-04-04,primary,right upper lobe,lung,target,soft,ct,40,,measured,,,,,,,,3,,report\n"
        "P1,2019-06-01,primary,right upper lobe,lung,target,soft,ct,22,,measured,,,,,,,,3,,report\n")
    pathlib.Path("case/clinical.csv").write_text("patient,date,item,value\nP1,2019-06-01,deterioration,no\n")


def put(folder):
    """The rows of a comparison go into the case folder, as the manual says."""
    rows = pathlib.Path(folder, "lesions.csv").read_text().split("\n", 1)[1]
    with open("case/lesions.csv", "a") as out:
        out.write(rows)


def rows_of(path):
    with open(path) as f:
        return list(csv.DictReader(f))


def look():
    ball = [100, 120, 75, 8, 800]
    make.write_dicom("first", make.voxels_of([]), "20190404")
    make.write_dicom("second", make.voxels_of([ball]), "20190601")
    make.write_dicom("third", make.voxels_of([ball[:3] + [9.5, 1100]]), "20190803")
    write_case()
    before = run("assess", "case", "--as-of", "2019-06-01")
    check("Bone flare suspected" not in before.stdout, "without the scans nothing is suspected in bone", before.stdout[:300])

    done = run("ct", "first", "second", "--out", "ct1", "--record", "case")
    check(done.returncode == 0 and "no lesion of the record fits it" in done.stdout, "compared; why it is new is said", done.stdout)
    check(all(r["state"] in ("absent", "equivocal") for r in rows_of("ct1/lesions.csv")), "unconfirmed: equivocal")
    run("ct", "first", "second", "--out", "ct1", "--record", "case", "--confirmed")
    rows = rows_of("ct1/lesions.csv")
    check([(r["patient"], r["date"], r["state"]) for r in rows] == [("P1", "2019-04-04", "absent"), ("P1", "2019-06-01", "measured")],
          "rows of the patient, on the days of the scans", rows)
    put("ct1")
    valid = run("validate", "case")
    check(" 0 errors" in valid.stdout, "the case folder is valid", valid.stdout)
    after = run("assess", "case", "--as-of", "2019-06-01")
    check("Bone flare suspected" in after.stdout, "a flare is suspected", after.stdout[:600])
    check("lesions.csv:5" in after.stdout, "the verdict names the row of the scan", after.stdout)
    check(rows[1]["source"] == "boneflare ct", "the row names its source")

    done = run("ct", "second", "third", "--out", "ct2", "--record", "case", "--confirmed")
    check("the same place on the baseline scan" in done.stdout, "found again on the third scan, with the reason", done.stdout)
    again = rows_of("ct2/lesions.csv")
    check(len(again) == 1 and again[0]["lesion"] == "ct1" and again[0]["role"] == "non_target" and again[0]["change"] == "denser",
          "one row of the same lesion", again)
    put("ct2")
    valid = run("validate", "case")
    check(" 0 errors" in valid.stdout, "still valid", valid.stdout)
    for words, says in [(["--patient", "P9"], "has no patient P9"), (["--date", "d50", "--baseline-date", "d0"], "")]:
        said = run("ct", "first", "second", "--record", "case", *words)
        check(said.returncode == (2 if says else 0) and says in said.stderr, " ".join(words), said.stderr)


with tempfile.TemporaryDirectory() as name:
    os.chdir(name)
    look()
print(f"1..{number}")
