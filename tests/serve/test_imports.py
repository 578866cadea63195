#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Uploads: formats, archives that mean harm, progress as events."""
import io
import json
import pathlib
import socket
import struct
import time
import zipfile

from service import Service, run, test

ROOT = pathlib.Path(__file__).resolve().parents[2]
demo = Service("--demo", "--upload-mib", "4")
CASE = {p.name: p.read_bytes() for p in (ROOT / "examples/shi2021_table2").glob("*.csv")}


def archive(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out.getvalue()


def send(name, data, **more):
    answer = demo.post(f"/api/v1/imports?name={name}", data, **more)
    assert answer.status == 202, answer.body
    return answer.json()["job"]


def result(job):
    for _ in range(300):
        state = demo.get(f"/api/v1/jobs/{job}").json()
        if state["state"] in ("done", "failed"):
            return state
        time.sleep(0.05)
    raise AssertionError(f"still {state}")


@test
def a_case_folder_as_zip_and_again():
    for files in (CASE, {f"folder/below/{k}": v for k, v in CASE.items()}, {**{f"x/{k}": v for k, v in CASE.items()}, "__MACOSX/x/._labs.csv": b"\0", "x/.DS_Store": b"\0"}):
        done = result(send("case.zip", archive(files)))
        assert done["state"] == "done", done
    patients = done["patients"]
    assert patients and not any(p["new"] for p in patients) and all(p["version"] == 1 for p in patients), "the same again changes nothing"
    path = f"/api/v1/patients/{patients[0]['key']}"
    assert demo.get(path).json()["id"] == patients[0]["id"] and demo.get(f"{path}/assessment").status == 200


@test
def a_newer_file_makes_a_new_version():
    changed = {"patients.csv": b"patient,sex,day0\nnewer,F,2019-01-01\n"}
    first = result(send("case.zip", archive(changed)))["patients"][0]
    changed["labs.csv"] = b"patient,date,analyte,value,unit\nnewer,2019-02-01,ALP,300,U/L\n"
    second = result(send("case.zip", archive(changed)))["patients"][0]
    assert first["new"] and not second["new"] and second["key"] == first["key"] and second["version"] == 2
    versions = demo.get(f"/api/v1/patients/{first['key']}/versions").json()["versions"]
    assert [v["reason"] for v in versions] == ["import", "import"]


@test
def fhir_and_sdtm_are_told_by_their_content():
    bundle = (ROOT / "tests/fhir/bone_metastasis.json").read_bytes()
    done = result(send("anything", bundle))
    assert done["state"] == "done" and len(done["patients"]) == 1, done
    lines = b"\n".join(json.dumps(e["resource"]).encode() for e in json.loads(bundle)["entry"]) + b"\n"
    assert result(send("bulk.ndjson", lines))["patients"][0]["key"] == done["patients"][0]["key"]
    dm = b"STUDYID,DOMAIN,USUBJID,SEX,RFSTDTC\nS,DM,S-1,F,2019-01-01\n"
    lb = b"STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBORRES,LBORRESU,LBDTC\nS,LB,S-1,1,ALP,300,U/L,2019-02-01\n"
    done = result(send("sdtm.zip", archive({"dm.csv": dm, "lb.csv": lb})))
    assert [p["id"] for p in done["patients"]] == ["S-1"], done


@test
def a_form_with_a_file_is_taken_too():
    boundary = "----b"
    body = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--{boundary}\r\n"
            "Content-Disposition: form-data; name=\"file\"; filename=\"c.zip\"\r\nContent-Type: application/zip\r\n\r\n").encode() \
        + archive(CASE) + f"\r\n--{boundary}--\r\n".encode()
    job = demo.post("/api/v1/imports", body, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"}).json()["job"]
    assert result(job)["state"] == "done"
    for bad in (body[:200], b"--other\r\n\r\n", b"", body.replace(b"filename", b"nofile")):
        answer = demo.post("/api/v1/imports", bad, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
        assert answer.status in (400, 422), bad[:40]
    assert demo.post("/api/v1/imports", body, headers={"Content-Type": "multipart/form-data"}).status == 400


@test
def what_cannot_be_read_says_so():
    for name, data in (("a.txt", b"hello"), ("a.json", b"{}"), ("a.json", b"{" * 5000), ("a.zip", b"PK\3\4" + b"\0" * 100), ("a.zip", archive(CASE)[:-30]),
                       ("a.zip", archive({})), ("a.zip", archive({"readme.txt": "x"})), ("labs.csv", b"\xff\xfe\0"), ("a.xpt", b"HEADER RECORD*******"),
                       ("a.zip", archive({"patients.csv": "patient\n"}))):
        if data == archive({}):
            assert demo.post(f"/api/v1/imports?name={name}", data).status == 202
            continue
        done = result(send(name, data))
        assert done["state"] == "failed" and done["detail"] and done["hint"], (name, data[:20], done)
        assert "/tmp" not in done["detail"] and "boneflare-" not in done["detail"], done
    assert demo.post("/api/v1/imports?name=a", b"").status == 422
    for name in ("..%2fa", "/etc/passwd", "a%5Cb", "..", "a:b", "x" * 300):
        assert demo.post(f"/api/v1/imports?name={name}", b"x").status in (400, 422), name


@test
def archives_that_mean_harm_are_refused():
    def renamed(name):
        """zipfile cleans names: written with a harmless one of the same length, then changed in the bytes."""
        return archive({"x" * len(name): b"patient\nx\n"}, zipfile.ZIP_STORED).replace(b"x" * len(name), name.encode())
    for name in ("../patients.csv", "/patients.csv", "a/../../b.csv", "a\\..\\b.csv", "c:/b.csv", "a//b.csv", "./patients.csv", "a/b/c/d/e/f/g/h/i/j.csv",
                 "nul\0l.csv", "new\nline.csv"):
        done = result(send("a.zip", renamed(name)))
        assert done["state"] == "failed", name
    bomb = archive({"labs.csv": b"\0" * (60 << 20)})
    done = result(send("bomb.zip", bomb))
    assert done["state"] == "failed" and "too large" in done["detail"], done
    lying = bytearray(bomb)
    at = lying.rfind(b"PK\1\2")
    lying[at + 24:at + 28] = struct.pack("<I", 100)  # it says that it is small
    assert result(send("bomb.zip", bytes(lying)))["state"] == "failed"
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as z:
        import warnings
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            z.writestr("patients.csv", "patient\na\n")
            z.writestr("patients.csv", "patient\nb\n")
    assert result(send("twice.zip", twice.getvalue()))["state"] == "failed"
    many = archive({f"f{i}.csv": b"" for i in range(2100)}, zipfile.ZIP_STORED)
    done = result(send("many.zip", many))
    assert done["state"] == "failed" and "too many" in done["detail"]
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as z:
        info = zipfile.ZipInfo("patients.csv")
        info.external_attr = 0o120777 << 16
        z.writestr(info, "/etc/passwd")
    done = result(send("link.zip", link.getvalue()))
    assert "root" not in json.dumps(done), "a link is its own text"


@test
def temporary_files_are_gone():
    import os
    place = pathlib.Path(os.environ.get("TMPDIR", "/tmp"))
    pid_files = [p for p in place.glob("boneflare-*") if p.is_dir() and p.stat().st_mtime > started]
    assert not pid_files, pid_files


@test
def progress_comes_as_events():
    files = {"patients.csv": "patient,sex\n" + "".join(f"e{i:03},F\n" for i in range(60))}
    job = send("many.zip", archive(files))
    got = demo.raw(f"GET /api/v1/jobs/{job}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode(), 20)
    head, _, body = got.partition(b"\r\n\r\n")
    assert b"text/event-stream" in head and b"no-store" in head
    assert body.count(b"event: progress") >= 2 and b"event: done" in body, body[:300]
    last = [line for line in body.replace(b"\r\n", b"\n").split(b"\n") if line.startswith(b"data: ")][-1]
    assert len(json.loads(last[6:])["patients"]) == 60
    again = demo.raw(f"GET /api/v1/jobs/{job}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode(), 5)
    assert b"event: done" in again, "who comes late hears it too"
    for unknown in ("x", "0" * 32, "..", job + "0"):
        assert demo.get(f"/api/v1/jobs/{unknown}").status in (400, 404), unknown


@test
def listeners_that_leave_do_no_harm():
    job = send("case.zip", archive(CASE))
    for _ in range(30):
        s = socket.create_connection(("127.0.0.1", demo.port), timeout=5)
        s.sendall(f"GET /api/v1/jobs/{job}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        s.close()
    assert result(job)["state"] == "done" and demo.get("/api/v1/session").status == 200


started = time.time()
with demo:
    demo.enter()
    run()
