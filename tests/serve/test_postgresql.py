#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The service on PostgreSQL while the database goes away and comes back."""
import os
import pathlib
import re
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "store"))
import with_store  # noqa: E402
from service import Service, run, test  # noqa: E402

PASSWORD = "correct horse battery"
database = service = None


def new_patient(name):
    return service.post("/api/v1/patients", {"schema": "boneflare.case/1", "files": {"patients.csv": f"patient,sex,day0\n{name},F,2019-01-01\n"}})


@test
def a_database_that_was_started_anew_is_found_again():
    key = new_patient("a").json()["key"]
    database.stop()
    database.start()
    assert service.get(f"/api/v1/patients/{key}").status == 200, "the first request after it"
    assert new_patient("b").status == 201
    assert service.get("/api/v1/audit/verify").json()["ok"]


@test
def without_the_database_it_says_so_and_goes_on_when_it_is_back():
    database.stop()
    for method, path, body in (("GET", "/api/v1/patients", None), ("POST", "/api/v1/search", {"q": "a"})):
        answer = service.ask(method, path, body)
        assert answer.status in (500, 503), (path, answer.status)
        assert answer.json()["hint"] and "socket" not in answer.body.decode() and str(database.folder) not in answer.body.decode(), answer.body
    assert service.get("/").status == 200, "the page itself needs no database"
    database.start()
    assert service.get("/api/v1/patients").status == 200
    assert new_patient("c").status == 201


@test
def writes_during_a_restart_are_whole_or_not_there():
    kept, refused, stop = [], [], threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            (kept if new_patient(f"w{number}").status == 201 else refused).append(f"w{number}")

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(2):
        time.sleep(0.4)
        database.stop("immediate")
        database.start()
    time.sleep(0.4)
    stop.set()
    writer.join()
    there = {p["id"] for p in service.get("/api/v1/patients?limit=1000").json()["patients"]}
    assert kept and set(kept) <= there, set(kept) - there
    verdict = service.get("/api/v1/audit/verify").json()
    assert verdict["ok"], verdict


if not with_store.programs():
    print("1..0 # SKIP there is no PostgreSQL server here (package postgresql)")
    sys.exit(0)
with tempfile.TemporaryDirectory(prefix="bfs", dir="/tmp") as top:
    os.chmod(top, 0o711)
    folder = pathlib.Path(top) / "server"
    folder.mkdir(mode=0o700)
    with with_store.Server(folder) as database, Service("--store", database.url()) as service:
        token = re.search(r"token=([\w-]+)", "".join(service.said)).group(1)
        made = service.post("/api/v1/setup", {"token": token, "name": "anna", "password": PASSWORD})
        service.cookie, service.csrf = made.headers["Set-Cookie"].split(";")[0], made.json()["csrf"]
        run()
