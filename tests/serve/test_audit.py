#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who read of whom stands in the audit log: on SQLite, and on PostgreSQL when STORE_TEST_SERVER names a server."""
import os
import re
import subprocess
import threading
import time

from service import PROGRAM, Service, run, test

PASSWORD = "correct horse battery"
STORE = os.environ.get("STORE_TEST_SERVER") or "sqlite:store.db"
service = Service("--store", STORE)
# What of the routes shows nothing of a patient's record, and is not noted.
OPEN = {"/api/v1/session", "/api/v1/users", "/api/v1/jobs/{job}", "/api/v1/jobs/{job}/events", "/api/v1/rules", "/api/v1/citations",
        "/api/v1/audit/verify", "/fhir/metadata", "/fhir/$export", "/fhir/$export-status/{export}", "/cds-services", "/api/v1/openapi.json", "/", "/{path...}"}


def rows():
    found, after = [], 0
    while after is not None:
        page = service.get(f"/api/v1/audit?after={after}").json()
        found += page["rows"]
        after = page["next"]
    return found


def reads(who=None):
    return [(r["actor"], r["action"], r["subject"]) for r in rows() if re.match(r"(patients?\.(read|report|fhir|list|cohort|export)|audit\.read)$", r["action"])
            and who in (None, r["actor"])]


def client(name, role="reader"):
    """Another user, signed in."""
    assert service.post("/api/v1/users", {"name": name, "password": PASSWORD, "role": role}).status == 201
    answer = service.post("/api/v1/session", {"name": name, "password": PASSWORD}, csrf=False, cookie=False)
    other = Service("")
    other.port, other.cookie, other.csrf = service.port, answer.headers["Set-Cookie"].split(";")[0], answer.json()["csrf"]
    return other


def new_patient(name):
    case = {"schema": "boneflare.case/1", "files": {"patients.csv": f"patient,sex,tumour,day0\n{name},F,lung,2019-01-01\n",
                                                    "therapy.csv": f"patient,drug,start\n{name},gefitinib,2019-01-01\n"}}
    answer = service.post("/api/v1/patients", case)
    assert answer.status == 201, answer.body
    return answer.json()["key"]


@test
def a_reading_is_one_row_with_who_and_whom():
    key, rita = new_patient("p1"), client("rita")
    before = time.time() * 1000
    for part in ("", "/record", "/versions", "/assessment", "/assessment?as_of=d5", "/timeline", "/explanation", "/reviews"):
        assert rita.get(f"/api/v1/patients/{key}{part}").status == 200, part
    assert reads("rita") == [("rita", "patient.read", key)], "opening a screen is one reading"
    row = [r for r in rows() if r["actor"] == "rita" and r["action"] == "patient.read"][0]
    assert before - 1000 <= row["when"] <= time.time() * 1000
    assert rita.get(f"/api/v1/patients/{key}/report?format=text").status == 200
    assert rita.post("/api/v1/ask", {"question": "gefitinib", "patient": key}).status == 200
    assert reads("rita")[1:] == [("rita", "patient.report", key)], "what is taken out is told apart; a question is a reading of the same"
    assert service.get(f"/api/v1/patients/{key}").status == 200
    assert ("anna", "patient.read", key) in reads("anna"), "each user for himself"


@test
def every_route_that_shows_a_patient_is_noted():
    lines = subprocess.run([PROGRAM, "serve", "--routes"], capture_output=True, text=True, check=True).stdout.splitlines()
    patterns = [line.split()[1] for line in lines if line.split()[0] == "GET" and line.split()[1] not in OPEN]
    assert len(patterns) >= 12, patterns
    who, seen = client("router", "admin"), 0
    for number, pattern in enumerate(patterns):
        key = new_patient(f"routed{number}")
        path = pattern.replace("{key}", key).replace("{type}/{id}", f"Patient/{key}").replace("{type}", f"Observation?patient={key}")
        if "$export-file" in pattern:
            where = who.get("/fhir/$export", headers={"Prefer": "respond-async"}).headers["Content-Location"].split(str(service.port), 1)[1]
            while (answer := who.get(where)).status == 202:
                time.sleep(0.05)
            path = answer.json()["output"][0]["url"].split(str(service.port), 1)[1]
        answer = who.get(path)
        assert answer.status == 200, (path, answer.body[:200])
        noted = reads("router")[seen:]
        assert len(noted) == 1, (pattern, noted)
        seen += 1
        if "{key}" in pattern or "{id}" in pattern:
            assert noted[0][2] == key, (pattern, noted)
    asked = client("asker")
    assert asked.post("/api/v1/search", {"q": "gefitinib"}).status == 200
    assert reads("asker") == [("asker", "patients.list", "")], "words that are looked for stand nowhere"


@test
def what_was_not_shown_is_not_noted():
    nina = client("nina")
    for path in (f"/api/v1/patients/{'a' * 26}", f"/api/v1/patients/{'a' * 26}/report", "/api/v1/patients/x/record", f"/fhir/Patient/{'a' * 26}", "/api/v1/audit"):
        assert nina.get(path).status in (403, 404), path
    key = new_patient("p3")
    assert nina.get(f"/api/v1/patients/{key}/report?format=doc").status == 400
    assert nina.get(f"/api/v1/patients/{key}/assessment?version=9").status == 404
    assert service.ask("GET", f"/api/v1/patients/{key}", cookie=False).status == 401
    assert reads("nina") == []


@test
def many_at_once_are_all_there_and_the_chain_is_good():
    keys = [new_patient(f"many{i}") for i in range(8)]
    users = [client(f"many{i}") for i in range(3)]
    answers = []

    def look(user):
        for _ in range(3):
            answers.extend(user.get(f"/api/v1/patients/{key}").status for key in keys)

    threads = [threading.Thread(target=look, args=(u,)) for u in users]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert answers == [200] * (3 * 8 * 3)
    for i in range(3):
        assert sorted(subject for _, _, subject in reads(f"many{i}")) == sorted(keys), i
    verdict = service.get("/api/v1/audit/verify").json()
    assert verdict["ok"], verdict


@test
def a_reading_is_on_the_disk_before_it_is_answered():
    import signal
    key, kim = new_patient("p4"), client("kim")
    assert kim.get(f"/api/v1/patients/{key}").status == 200
    port = service.port
    service.stop(signal.SIGKILL)
    service.start(port)
    assert reads("kim") == [("kim", "patient.read", key)]
    assert kim.get(f"/api/v1/patients/{key}").status == 200
    assert len(reads("kim")) == 2, "after a restart it is noted again"


with service:
    token = re.search(r"token=([\w-]+)", "".join(service.said)).group(1)
    made = service.post("/api/v1/setup", {"token": token, "name": "anna", "password": PASSWORD})
    service.cookie, service.csrf = made.headers["Set-Cookie"].split(";")[0], made.json()["csrf"]
    run()
