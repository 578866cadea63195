#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""FHIR over HTTP: metadata, read, search, export; what is read again gives the same verdict; every resource is valid to Medplum."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from email.utils import parsedate_to_datetime

from service import PROGRAM, Service, Skip, run, test

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import npm

BUILD = pathlib.Path(PROGRAM).parent.parent.parent
TYPES = ["BodyStructure", "Condition", "DiagnosticReport", "MedicationAdministration", "Observation", "Patient", "Procedure", "Provenance"]
demo = keys = None


def resources(path):
    answer = demo.get(path)
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/fhir+json", (path, answer.body[:300])
    bundle = answer.json()
    assert bundle["type"] == "searchset" and bundle["total"] >= len(bundle["entry"])
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"http://127.0.0.1:{demo.port}/fhir/{resource['resourceType']}/{resource['id']}"
        assert entry["search"] == {"mode": "match"}
    return [entry["resource"] for entry in bundle["entry"]]


def key_of(name):
    return next(p["key"] for p in demo.get("/api/v1/patients").json()["patients"] if p["id"] == name)


@test
def metadata():
    answer = demo.get("/fhir/metadata", cookie=False)
    statement = answer.json()
    assert statement["resourceType"] == "CapabilityStatement" and statement["fhirVersion"] == "4.0.1"
    assert [r["type"] for r in statement["rest"][0]["resource"]] == TYPES
    for resource in statement["rest"][0]["resource"]:
        assert {i["code"] for i in resource["interaction"]} == {"read", "search-type"}


@test
def patients_are_listed_by_their_keys():
    found = resources("/fhir/Patient")
    assert sorted(p["id"] for p in found) == sorted(p["key"] for p in demo.get("/api/v1/patients").json()["patients"])
    assert [p["id"] for p in resources(f"/fhir/Patient?_id={found[0]['id']}")] == [found[0]["id"]]


@test
def every_resource_can_be_read_and_points_to_others():
    key = key_of("kaneko2017")
    everything = {f"{t}/{r['id']}": r for t in TYPES for r in resources(f"/fhir/{t}?patient={key}" if t != "Patient" else f"/fhir/Patient?_id={key}")}
    assert len(everything) > 40
    for name, resource in everything.items():
        assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"]) and resource["id"].startswith(key)
        for reference in re.findall(r'"reference": "(.*?)"', json.dumps(resource)):
            assert reference in everything, f"{name} -> {reference}"
    for name in list(everything)[::7]:
        answer = demo.get(f"/fhir/{name}")
        assert answer.status == 200 and answer.json() == everything[name], name


@test
def search_by_code_and_date():
    key = key_of("isolated_alp")
    observations = resources(f"/fhir/Observation?patient={key}&_count=1000")
    coded = lambda r, code: any(c.get("code") == code for c in r["code"].get("coding", []))
    dates = lambda found: sorted(r["effectiveDateTime"] for r in found)
    alp = [r for r in observations if coded(r, "6768-6")]
    ca = [r for r in observations if coded(r, "17861-6")]
    assert alp and ca
    base = f"/fhir/Observation?patient=Patient/{key}&_count=1000"
    assert dates(resources(f"{base}&code=6768-6")) == dates(alp)
    assert dates(resources(f"{base}&code=http://loinc.org|6768-6,http://loinc.org|17861-6")) == dates(alp + ca)
    assert resources(f"{base}&code=http://snomed.info/sct|6768-6") == []
    middle = dates(alp)[len(alp) // 2]
    for prefix, holds in {"": lambda d: d == middle, "eq": lambda d: d == middle, "ge": lambda d: d >= middle, "gt": lambda d: d > middle,
                          "le": lambda d: d <= middle, "lt": lambda d: d < middle}.items():
        assert dates(resources(f"{base}&code=6768-6&date={prefix}{middle}")) == [d for d in dates(alp) if holds(d)], prefix
    assert dates(resources(f"{base}&code=6768-6&date={middle[:4]}")) == [d for d in dates(alp) if d[:4] == middle[:4]]
    assert dates(resources(f"{base}&code=6768-6&date=ge{middle[:7]}&date=le{middle[:7]}")) == [d for d in dates(alp) if d[:7] == middle[:7]]


@test
def pages():
    key = key_of("kaneko2017")
    whole = [r["id"] for r in resources(f"/fhir/Observation?patient={key}&_count=1000")]
    paged, path = [], f"/fhir/Observation?patient={key}&_count=7"
    while path:
        bundle = demo.get(path).json()
        assert bundle["total"] == len(whole)
        paged += [e["resource"]["id"] for e in bundle["entry"]]
        path = next((l["url"].split(str(demo.port), 1)[1] for l in bundle["link"] if l["relation"] == "next"), None)
    assert paged == whole and len(whole) > 14


@test
def what_is_wrong():
    key = key_of("kaneko2017")
    for status, path in [(404, "/fhir/Nothing"), (404, "/fhir/Nothing/1"), (404, f"/fhir/Observation/{key}.no"), (404, "/fhir/Patient/nobody"),
                         (404, f"/fhir/Patient/{'a' * 26}"), (400, "/fhir/Observation"), (400, f"/fhir/Observation?patient={key}&status=final"),
                         (400, f"/fhir/Observation?patient={key}&date=yesterday"), (400, f"/fhir/Observation?patient={key}&_count=-1"),
                         (400, "/fhir/Patient?name=x"), (400, "/fhir/$export")]:
        answer = demo.get(path)
        assert (answer.status, answer.json()["resourceType"]) == (status, "OperationOutcome"), (path, answer.status, answer.body[:200])
    assert resources(f"/fhir/Observation?patient={'a' * 26}") == []
    assert demo.post("/fhir/Patient", {}).status == 405


@test
def only_for_those_who_are_signed_in():
    with tempfile.TemporaryDirectory() as folder:
        with Service("--store", f"sqlite:{folder}/store.db") as service:
            for path in ("/fhir/Patient", "/fhir/Patient/x", "/fhir/$export", "/fhir/$export-status/x", "/fhir/$export-file/x/y"):
                assert service.get(path).status == 401, path
            assert service.get("/fhir/metadata").status == 200


def export(query=""):
    """The manifest, and where it was."""
    answer = demo.get(f"/fhir/$export{query}", headers={"Prefer": "respond-async"})
    assert answer.status == 202, answer.body
    where = answer.headers["Content-Location"].split(str(demo.port), 1)[1]
    for _ in range(300):
        answer = demo.get(where)
        if answer.status != 202:
            break
        assert "patients" in answer.headers["X-Progress"] and answer.headers["Retry-After"]
        time.sleep(0.1)
    assert answer.status == 200, answer.body
    return answer.json(), where


def lines(manifest):
    for output in manifest["output"]:
        answer = demo.get(output["url"].split(str(demo.port), 1)[1])
        assert answer.headers["Content-Type"] == "application/fhir+ndjson"
        rows = answer.body.decode().splitlines()
        assert len(rows) == output["count"] and all(json.loads(row)["resourceType"] == output["type"] for row in rows)
        yield from rows


@test
def an_export_holds_everything_and_is_read_again():
    manifest, where = export()
    assert manifest["requiresAccessToken"] is True and manifest["error"] == [] and "transactionTime" in manifest
    assert [o["type"] for o in manifest["output"]] == [t for t in TYPES if t != "Procedure" or any(o["type"] == t for o in manifest["output"])]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "all.ndjson"
        path.write_text("\n".join(lines(manifest)) + "\n")
        done = subprocess.run([PROGRAM, "assess", str(path), "--format", "json"], capture_output=True, text=True, check=True)
    read = {a["patient"]: a["bone"]["state"] for a in map(json.loads, done.stdout.splitlines())}
    kept = {p["id"]: p["state"] for p in demo.get("/api/v1/patients").json()["patients"]}
    assert read == kept, (read, kept)
    assert demo.ask("DELETE", where).status == 202
    assert demo.get(where).status == 404
    assert demo.get(manifest["output"][0]["url"].split(str(demo.port), 1)[1]).status == 404


@test
def an_export_of_some_types():
    manifest, _ = export("?_type=Patient,Observation&_outputFormat=application/fhir%2Bndjson")
    assert [o["type"] for o in manifest["output"]] == ["Observation", "Patient"]
    for query in ("?_type=Nothing", "?_since=2020-01-01", "?_since=2026-13-01T00:00:00Z", "?_since=2026-02-30T00:00:00Z", "?_since=2026-11-22T11:05:09",
                  "?_since=x", "?_since=2026-11-22T11:05:09Z%20", "?_since=2026-11-22T25:05:09Z", "?_outputFormat=csv"):
        answer = demo.get(f"/fhir/$export{query}", headers={"Prefer": "respond-async"})
        assert (answer.status, answer.json()["resourceType"]) == (400, "OperationOutcome"), query


def patients_of(query):
    return sorted(json.loads(row)["id"] for row in lines(export(f"?_type=Patient{query}")[0]))


@test
def an_export_of_what_changed():
    keys = sorted(p["key"] for p in demo.get("/api/v1/patients").json()["patients"])
    manifest, _ = export("?_type=Patient")
    assert patients_of("&_since=2000-01-01T00:00:00Z") == keys
    assert patients_of("&_since=2999-01-01T00:00:00%2B01:00") == []
    assert export("?_since=2999-01-01T00:00:00.5Z")[0]["output"] == []
    time.sleep(1.1)
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    answer = demo.post(f"/api/v1/patients/{keys[0]}/rows", {"expected_version": 1, "table": "labs.csv", "row": {
        "date": "d900", "analyte": "ALP", "value": "95", "unit": "U/L", "ref_high": "120"}})
    assert answer.status == 201, answer.body
    assert patients_of(f"&_since={before}") == [keys[0]]
    east = time.strftime("%Y-%m-%dT%H:%M:%S%%2B02:00", time.gmtime(time.time() + 7205))
    assert patients_of(f"&_since={east}") == [], "clocks east of Greenwich are ahead"
    assert keys[0] in patients_of(f"&_since={manifest['transactionTime']}"), "the time of an export is where the next one begins"


@test
def exports_leave_nothing_behind():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        try:
            with Service("--demo") as service:
                answer = service.get("/fhir/$export", headers={"Prefer": "respond-async"})
                where = answer.headers["Content-Location"].split(str(service.port), 1)[1]
                while (answer := service.get(where)).status == 202:
                    time.sleep(0.05)
                assert answer.status == 200 and 3500 < parsedate_to_datetime(answer.headers["Expires"]).timestamp() - time.time() < 3700
                assert list(pathlib.Path(folder).iterdir()) == [], "the files have no name"
        finally:
            del os.environ["TMPDIR"]


@test
def an_export_without_room_says_so():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = f"{folder}/missing"
        try:
            with Service("--demo") as service:
                answer = service.get("/fhir/$export", headers={"Prefer": "respond-async"})
                where = answer.headers["Content-Location"].split(str(service.port), 1)[1]
                while (answer := service.get(where)).status == 202:
                    time.sleep(0.05)
                assert answer.status == 500 and "no room" in answer.body.decode()
        finally:
            del os.environ["TMPDIR"]


@test
def every_resource_is_valid():
    """To Medplum, which tests/fhir uses too."""
    try:
        modules = npm.installed(ROOT / "tests/fhir", BUILD / "tests/fhir", "Medplum")
    except npm.Skip as missing:
        raise Skip(missing) from missing
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "all.ndjson"
        bundle = {"resourceType": "Bundle", "type": "collection"}
        rows = [*lines(export()[0]), demo.get("/fhir/metadata").body.decode(), demo.get("/fhir/Nothing").body.decode(),
                demo.get(f"/fhir/Observation?patient={key_of('kaneko2017')}").body.decode()]
        path.write_text("\n".join(json.dumps(bundle | {"entry": [{"resource": json.loads(row)}]}) for row in rows) + "\n")
        done = subprocess.run(["node", str(ROOT / "tests/fhir/validate.mjs"), str(modules), str(ROOT / "tests/fhir/profiles"), str(path)],
                              capture_output=True, text=True, check=True, timeout=100)
        *faults, last = done.stdout.splitlines()
        assert not faults, faults[:5]
        assert json.loads(last)["resources"] >= len(rows)


with Service("--demo") as demo:
    demo.enter()
    run()
