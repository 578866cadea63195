#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is there after a restart and after kill -9; a restart in the middle of an edit loses nothing."""
import os
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time

from service import PROGRAM, Service, run, test

PASSWORD = "correct horse battery"
service = Service("--store", "sqlite:store.db")


def row(number):
    return {"date": "2019-02-01", "item": "pain", "value": "improved", "note": f"row {number}"}


def notes(path):
    table = service.get(f"{path}/record").json()["tables"].get("clinical.csv", {"columns": [], "rows": []})
    return [dict(zip(table["columns"], r))["note"] for r in table["rows"]]


def new_patient(name):
    case = {"schema": "boneflare.case/1", "files": {"patients.csv": f"patient,sex,day0\n{name},F,2019-01-01\n"}}
    answer = service.post("/api/v1/patients", case)
    assert answer.status == 201, answer.body
    return f"/api/v1/patients/{answer.json()['key']}"


@test
def a_restart_in_the_middle_of_an_edit_loses_nothing():
    path = new_patient("a")
    version = service.get(path).json()["version"]
    port = service.port
    assert service.stop() == 0, "SIGTERM ends it in order"
    service.start(port)
    kept = service.post(f"{path}/rows", {"expected_version": version, "table": "clinical.csv", "row": row(1)})
    assert kept.status == 201, "same session, same token, same version: the row that was being typed goes in"
    lost_answer = service.post(f"{path}/rows", {"expected_version": version, "table": "clinical.csv", "row": row(1)})
    assert (lost_answer.status, lost_answer.json()["version"]) == (409, 2), "sent again it is not written twice"
    assert notes(path) == ["row 1"]


@test
def kill_9_during_writes_loses_no_acknowledged_row():
    path = new_patient("b")
    acknowledged, stop = [], threading.Event()

    def write():
        version, number = service.get(path).json()["version"], len(acknowledged) + 1
        while not stop.is_set():
            try:
                answer = service.post(f"{path}/rows", {"expected_version": version, "table": "clinical.csv", "row": row(number)})
            except OSError:
                return
            if answer.status == 201:
                version = answer.json()["version"]
                acknowledged.append(f"row {number}")
            elif answer.status == 409:
                version = answer.json()["version"]
            number += 1

    for round_number in range(4):
        stop.clear()
        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.25 + 0.07 * round_number)
        port = service.port
        service.stop(signal.SIGKILL)
        stop.set()
        writer.join()
        service.start(port)
        there = notes(path)
        assert set(acknowledged) <= set(there), set(acknowledged) - set(there)
        assert len(set(there)) == len(there), "written twice"
        verdict = service.get("/api/v1/audit/verify").json()
        assert verdict["ok"] and verdict["rows"] > len(acknowledged), verdict
    assert len(acknowledged) > 8, f"only {len(acknowledged)} rows: it was too slow to test anything"


@test
def the_audit_says_who_did_what():
    rows, after = [], 0
    while after is not None:
        page = service.get(f"/api/v1/audit?after={after}").json()
        rows += page["rows"]
        after = page["next"]
    assert [r["seq"] for r in rows] == list(range(1, len(rows) + 1))
    assert all(b["previous"] == a["hash"] for a, b in zip(rows, rows[1:]))
    assert {"anna"} <= {r["actor"] for r in rows} and not any("row 1" in str(r) for r in rows)
    assert service.get("/api/v1/audit?after=x").status == 400


@test
def a_stop_waits_for_requests_in_progress():
    path = new_patient("c")
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(service.get("/api/v1/cohort").status)) for _ in range(4)]
    for t in threads:
        t.start()
    time.sleep(0.05)
    port = service.port
    assert service.stop() == 0
    for t in threads:
        t.join()
    assert statuses.count(200) + statuses.count(503) == len(statuses) == 4, statuses
    service.start(port)
    assert service.get(path).status == 200


@test
def a_full_disk_is_told_and_nothing_is_lost():
    """The system lets the store's files grow no further, as a full disk would."""
    with tempfile.TemporaryDirectory() as folder:
        limit = 6 << 20
        small = Service("--store", "sqlite:store.db", folder=folder)
        small.before = lambda: (resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)), signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
        with small:
            token = re.search(r"token=([\w-]+)", "".join(small.said)).group(1)
            made = small.post("/api/v1/setup", {"token": token, "name": "anna", "password": PASSWORD})
            small.cookie, small.csrf = made.headers["Set-Cookie"].split(";")[0], made.json()["csrf"]
            kept = 0
            for i in range(200):
                case = {"schema": "boneflare.case/1", "files": {"patients.csv": f"patient,note\nfull{i},{'x' * 60000}\n"}}
                answer = small.post("/api/v1/patients", case)
                if answer.status != 201:
                    break
                kept += 1
            assert answer.status in (500, 507) and answer.json()["hint"] and "store.db" not in answer.body.decode(), answer.body
            listed = small.get("/api/v1/patients?limit=1000")
            assert kept > 3 and listed.status == 200 and len(listed.json()["patients"]) == kept, (kept, listed.body[:300], answer.body)


@test
def one_store_two_commands():
    """`boneflare store` looks at the file while the service runs."""
    said = subprocess.run([PROGRAM, "store", "verify", f"sqlite:{service.folder}/store.db"], capture_output=True, text=True)
    assert said.returncode == 0, said


@test
def a_port_in_use_is_told():
    second = subprocess.run([PROGRAM, "serve", "--listen", f"127.0.0.1:{service.port}", "--demo"], capture_output=True, text=True, timeout=30)
    assert second.returncode == 3 and "in use" in second.stderr, second
    nowhere = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--store", "sqlite:/nowhere/at/all.db"], capture_output=True,
                             text=True, timeout=30)
    assert nowhere.returncode == 3 and "all.db" in nowhere.stderr, nowhere


@test
def a_service_that_never_listens_is_given_up():
    """Of the tests themselves: a store that cannot be opened because nobody writes to the pipe that it is."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkfifo(f"{folder}/pipe")
        silent = Service("--store", "sqlite:store.db", "--rules", "pipe", folder=folder)
        silent.patience = 1
        began = time.monotonic()
        try:
            silent.start()
            raise AssertionError("it listens")
        except RuntimeError:
            pass
        assert time.monotonic() - began < 20 and silent.process.poll() is not None


with service:
    token = re.search(r"token=([\w-]+)", "".join(service.said)).group(1)
    made = service.post("/api/v1/setup", {"token": token, "name": "anna", "password": PASSWORD})
    service.cookie, service.csrf = made.headers["Set-Cookie"].split(";")[0], made.json()["csrf"]
    run()
