#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Users, passwords, sessions, roles, and how often one may try."""
import re
import sqlite3
import statistics
import time

from service import Service, run, test

PASSWORD = "correct horse battery"
service = Service("--store", "sqlite:store.db")


def link():
    return re.search(r"token=([\w-]+)", "".join(service.said)).group(1)


def sign_in(name, password=PASSWORD, **more):
    """Another client of the same server, signed in as that user."""
    answer = service.post("/api/v1/session", {"name": name, "password": password}, csrf=False, cookie=False, **more)
    assert answer.status == 201, answer.body
    client = Service("")
    client.port = service.port
    client.cookie = answer.headers["Set-Cookie"].split(";")[0]
    client.csrf = answer.json()["csrf"]
    return client


@test
def first_link_works_once_and_wants_a_good_password():
    token = link()
    assert service.get("/api/v1/session").status == 401
    weak = service.post("/api/v1/setup", {"token": token, "name": "anna", "password": "short"})
    assert (weak.status, weak.code) == (422, "weak-password")
    odd = service.post("/api/v1/setup", {"token": token, "name": "<b>anna", "password": PASSWORD})
    assert (odd.status, odd.code) == (422, "bad-name")
    wrong = service.post("/api/v1/setup", {"token": "x" * 43, "name": "anna", "password": PASSWORD})
    assert (wrong.status, wrong.code) == (403, "bad-link")
    made = service.post("/api/v1/setup", {"token": token, "name": "anna", "password": PASSWORD})
    assert made.status == 201 and made.json()["role"] == "admin"
    service.cookie, service.csrf = made.headers["Set-Cookie"].split(";")[0], made.json()["csrf"]
    again = service.post("/api/v1/setup", {"token": token, "name": "eve", "password": PASSWORD})
    assert (again.status, again.code) == (403, "bad-link")


@test
def an_older_link_dies_with_the_first_administrator():
    """The server was started twice before anybody came: two links were printed, one administrator is made."""
    two = Service("--store", "sqlite:store.db")
    with two:
        first = re.search(r"token=([\w-]+)", "".join(two.said)).group(1)
        two.stop()
        two.start()
        second = re.search(r"token=([\w-]+)", "".join(two.said)).group(1)
        assert first != second
        assert two.post("/api/v1/setup", {"token": second, "name": "anna", "password": PASSWORD}).status == 201
        late = two.post("/api/v1/setup", {"token": first, "name": "eve", "password": PASSWORD})
        assert (late.status, late.code) == (403, "bad-link"), late.body


@test
def cookie_is_closed_to_scripts_and_other_sites():
    answer = service.post("/api/v1/session", {"name": "anna", "password": PASSWORD}, cookie=False, csrf=False)
    parts = {p.strip() for p in answer.headers["Set-Cookie"].split(";")}
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= parts and "Secure" not in parts, "no TLS here"
    assert answer.headers["Cache-Control"] == "no-store"


@test
def nobody_bears_the_name_of_the_server_itself():
    """What the server writes into the audit log of its own must not look like what a user did, nor the other way."""
    for name in ("store", "start", "sign-in", "cds-hooks", "demo", "Store", "boneflare"):
        answer = service.post("/api/v1/users", {"name": name, "password": PASSWORD, "role": "reader"})
        assert (answer.status, answer.code) == (422, "bad-name"), name
    assert service.post("/api/v1/users", {"name": "ANNA", "password": PASSWORD, "role": "reader"}).code == "name-taken", "nor a name that reads like another"


@test
def exports_of_others_stay():
    made = service.post("/api/v1/users", {"name": "exporter", "password": PASSWORD, "role": "reader"})
    assert made.status == 201
    other = sign_in("exporter")
    def start(who):
        answer = who.get("/fhir/$export", headers={"Prefer": "respond-async"})
        return answer.headers["Content-Location"].split(str(service.port), 1)[1] if answer.status == 202 else answer.status
    mine = start(service)
    theirs = [start(other) for _ in range(8)]
    assert service.get(mine).status in (200, 202), "asking for many ends one's own only"
    assert other.get(mine).status == 404, "and nobody sees another's"
    assert [other.get(w).status in (200, 202) for w in theirs if isinstance(w, str)][-3:] == [True] * 3
    assert other.get(theirs[0]).status == 404


@test
def an_https_address_alone_makes_cookies_secure():
    other = Service("--store", "sqlite:store.db", "--public-url", "https://bone.example.org", folder=service.folder / "https")
    (service.folder / "https").mkdir()
    with other:
        token = re.search(r"token=([\w-]+)", "".join(other.said)).group(1)
        made = other.post("/api/v1/setup", {"token": token, "name": "anna", "password": PASSWORD}, headers={"Host": "bone.example.org"})
        assert made.status == 201 and made.headers["Set-Cookie"].startswith("__Host-boneflare=") and "; Secure" in made.headers["Set-Cookie"]
        cookie = made.headers["Set-Cookie"].split(";")[0]
        assert other.get("/api/v1/session", headers={"Cookie": cookie}).status == 200


@test
def passwords_and_tokens_are_kept_as_hashes():
    token = service.cookie.split("=", 1)[1]
    everything = b"".join(p.read_bytes() for p in service.folder.glob("store.db*"))
    assert PASSWORD.encode() not in everything and token.encode() not in everything and link().encode() not in everything
    assert b"$argon2id$v=19$m=65536,t=3,p=1$" in everything


@test
def admin_makes_users_and_roles_hold():
    for name, role in (("rita", "reader"), ("vera", "reviewer"), ("adam", "admin")):
        made = service.post("/api/v1/users", {"name": name, "password": PASSWORD, "role": role})
        assert made.status == 201 and made.json()["role"] == role, made.body
    assert service.post("/api/v1/users", {"name": "rita", "password": PASSWORD}).status == 409
    assert service.post("/api/v1/users", {"name": "x", "password": PASSWORD, "role": "king"}).code == "bad-role"
    assert service.post("/api/v1/users", {"name": "x", "password": "short"}).code == "weak-password"
    assert service.post("/api/v1/users", {"password": PASSWORD}).status == 422
    rita, vera = sign_in("rita"), sign_in("vera")
    case = {"schema": "boneflare.case/1", "files": {"patients.csv": "patient,sex\np1,F\n"}}
    wanted = [("GET", "/api/v1/patients", None, 200, 200, 200), ("POST", "/api/v1/patients", case, 403, 201, 409),
              ("POST", "/api/v1/imports?name=x", b"x", 403, 202, 202), ("GET", "/api/v1/users", None, 403, 403, 200),
              ("POST", "/api/v1/users", {"name": "rita", "password": PASSWORD}, 403, 403, 409),
              ("PATCH", "/api/v1/users/rita", {"role": "reader"}, 403, 403, None), ("GET", "/api/v1/audit", None, 403, 403, 200),
              ("GET", "/api/v1/audit/verify", None, 403, 403, 200), ("POST", "/api/v1/search", {"q": "p1"}, 200, 200, 200),
              ("GET", "/api/v1/cohort", None, 200, 200, 200), ("POST", "/api/v1/ask", {"question": "flare"}, 200, 200, 200)]
    for method, path, body, *expected in wanted:
        nobody = service.ask(method, path, body, csrf=False, cookie=False)
        assert (nobody.status, nobody.code) == (401, "not-signed-in"), path
        for client, status in zip((rita, vera, service), expected):
            if status is not None:
                answer = client.ask(method, path, body)
                assert answer.status == status, (method, path, status, answer.status, answer.body)


@test
def every_route_but_three_needs_a_session():
    import subprocess
    from service import PROGRAM
    lines = subprocess.run([PROGRAM, "serve", "--routes"], capture_output=True, text=True, check=True).stdout.splitlines()
    for line in lines:
        method, pattern, role, _ = line.split()
        if not pattern.startswith("/api/") or role == "anyone":
            continue
        path = re.sub(r"\{.*?\}", "a" * 26, pattern)
        answer = service.ask(method, path, {} if method in ("POST", "PATCH") else None, csrf=False, cookie=False)
        assert answer.status == 401, (method, pattern, answer.status)
    free = [line for line in lines if line.split()[2] == "anyone" and line.split()[1].startswith("/api/")]
    assert len(free) == 3, free


@test
def writes_need_the_token_of_the_session():
    vera = sign_in("vera")
    for headers in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": service.csrf}, {"X-CSRF-Token": ""}):
        answer = vera.post("/api/v1/search", {"q": "x"}, headers=headers, csrf=False)
        assert (answer.status, answer.code) == (403, "csrf"), headers
    assert vera.post("/api/v1/search", {"q": "x"}).status == 200
    form = vera.ask("POST", "/api/v1/search", b'{"q":"x"}', headers={"Content-Type": "text/plain"})
    assert (form.status, form.code) == (415, "wrong-type")


@test
def signing_out_ends_the_session():
    vera = sign_in("vera")
    answer = vera.ask("DELETE", "/api/v1/session")
    assert answer.status == 204 and "Max-Age=0" in answer.headers["Set-Cookie"]
    assert vera.get("/api/v1/session").status == 401


@test
def a_change_of_the_user_ends_his_sessions():
    rita = sign_in("rita")
    assert service.ask("PATCH", "/api/v1/users/rita", {"disabled": True}).status == 200
    assert rita.get("/api/v1/patients").status == 401
    refused = service.post("/api/v1/session", {"name": "rita", "password": PASSWORD}, csrf=False, cookie=False)
    assert (refused.status, refused.code) == (401, "wrong-password"), "a disabled user is told the same as an unknown one"
    assert service.ask("PATCH", "/api/v1/users/rita", {"disabled": False, "role": "reviewer"}).json()["role"] == "reviewer"
    assert sign_in("rita").post("/api/v1/imports?name=x", b"x").status == 202
    assert service.ask("PATCH", "/api/v1/users/rita", {"disabled": "yes"}).status == 422
    assert service.ask("PATCH", "/api/v1/users/nobody", {"role": "reader"}).status == 404


@test
def the_last_admin_stays():
    assert service.ask("PATCH", "/api/v1/users/adam", {"role": "reader"}).status == 200
    answer = service.ask("PATCH", "/api/v1/users/anna", {"disabled": True})
    assert (answer.status, answer.code) == (409, "last-admin")


@test
def unknown_users_take_as_long_as_known_ones():
    def seconds(name):
        start = time.monotonic()
        answer = service.post("/api/v1/session", {"name": name, "password": "wrong password"}, csrf=False, cookie=False)
        assert answer.status == 401 and answer.json()["detail"] == "The name or the password is wrong.", answer.body
        return time.monotonic() - start
    known, unknown = [seconds("vera") for _ in range(3)], [seconds(f"nobody{i}") for i in range(3)]
    ratio = statistics.median(unknown) / statistics.median(known)
    assert 0.4 < ratio < 2.5, (known, unknown)
    assert min(known + unknown) > 0.01, "Argon2id takes its time"


@test
def wrong_passwords_are_limited_by_user():
    answers = [service.post("/api/v1/session", {"name": "adam", "password": "wrong password"}, csrf=False, cookie=False)
               for _ in range(12)]
    statuses = [a.status for a in answers]
    assert statuses[:10] == [401] * 10 and statuses[10:] == [429] * 2, statuses
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
    right = service.post("/api/v1/session", {"name": "adam", "password": PASSWORD}, csrf=False, cookie=False)
    assert right.status == 429, "the right password is no way around"
    assert sign_in("vera"), "others may sign in"


@test
def wrong_passwords_are_limited_by_address():
    for i in range(60):
        answer = service.post("/api/v1/session", {"name": f"guess{i}", "password": "wrong password"}, csrf=False, cookie=False,
                              address="127.0.0.9")
        if answer.status == 429:
            break
    assert answer.status == 429 and 15 < i < 50, i
    assert sign_in("vera"), "another address may sign in"


@test
def bad_bodies_are_told():
    for body, status in ((b"", 400), (b"{", 400), (b"[]", 400), (b'{"name":"a","name":"b"}', 400), (b'{"name":1}', 422),
                         (b'{"name":"x"}', 422), (b'{"name":"\\ud800"}', 400), (b"\xff", 400), (b'"' + b"a" * 70000, 413),
                         (b"[" * 5000, 400)):
        answer = service.ask("POST", "/api/v1/session", body, headers={"Content-Type": "application/json"})
        assert answer.status == status, (body[:20], answer.status)
        assert set(answer.json()) == {"type", "title", "status", "detail", "hint"}


@test
def sessions_end_when_idle():
    """With a store whose sessions are made to look as if nothing had been asked for an hour."""
    vera = sign_in("vera")
    assert vera.get("/api/v1/session").status == 200
    port = service.port
    service.stop()
    base = sqlite3.connect(service.folder / "store.db")
    changed = base.execute("UPDATE sessions SET expires_ms = expires_ms - 3600000 WHERE name = 'vera'").rowcount
    assert changed > 0
    base.commit()
    base.close()
    service.start(port)
    assert vera.get("/api/v1/session").status == 401
    assert service.get("/api/v1/session").status == 200


@test
def a_restart_keeps_sessions():
    port = service.port
    assert service.get("/api/v1/session").status == 200
    service.stop()
    service.start(port)
    assert service.get("/api/v1/session").status == 200
    assert not [line for line in service.said if "token=" in line], "no link when there is a user"


@test
def behind_a_proxy_cookies_are_secure_and_its_word_counts():
    port = service.port
    service.stop()
    proxied = Service("--store", "sqlite:store.db", "--public-url", "https://bone.example.org", "--tls-behind-proxy", folder=service.folder)
    with proxied:
        forwarded = {"Host": "bone.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 203.0.113.7",
                     "Origin": "https://bone.example.org"}
        answer = proxied.post("/api/v1/session", {"name": "vera", "password": PASSWORD}, headers=forwarded)
        assert answer.status == 201 and answer.headers["Set-Cookie"].startswith("__Host-boneflare=")
        assert "; Secure" in answer.headers["Set-Cookie"] and answer.headers["Strict-Transport-Security"]
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        assert proxied.get("/api/v1/session", headers={**forwarded, "Cookie": cookie}).status == 200
        assert proxied.get("/api/v1/session", headers={**forwarded, "Cookie": cookie.replace("__Host-", "")}).status == 401
        assert proxied.get("/api/v1/session", headers={**forwarded, "Cookie": f"{cookie}; {cookie}"}).status == 401
        assert proxied.get("/api/v1/session", headers={**forwarded, "Origin": "https://evil.example"}).status == 403
        proxied.logged(" 203.0.113.7 POST /api/v1/session")  # the last address is the proxy's own word
        for forged in ("9.9.9.9 GET /forged 200", "nobody", "", "203.0.113.7, 1.2.3"):
            assert proxied.get("/api/v1/session", headers={**forwarded, "Cookie": cookie, "X-Forwarded-For": forged}).status == 200
        log = proxied.logged("GET /api/v1/session 200", times=5)
        assert "forged" not in log and " nobody " not in log, "only addresses count as addresses"
    service.start(port)


with service:
    run()
