#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What every request must pass: Host, Origin, path, method, token, type."""
from service import Service, run, test

demo = None


@test
def starts_and_says_who_is_there():
    said = demo.get("/api/v1/session").json()
    assert said["user"] == "demo" and said["role"] == "reviewer" and said["demo"] is True
    assert len(said["csrf"]) == 64 and len(said["rulebook_sha256"]) == 64


@test
def wrong_host_is_refused():
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost@evil", "[::2]", "127.0.0.1:99999", ""):
        answer = demo.get("/api/v1/session", headers={"Host": host})
        assert (answer.status, answer.code) == (421, "wrong-host"), host
    for host in (f"localhost:{demo.port}", "LOCALHOST", "[::1]:1"):
        assert demo.get("/api/v1/session", headers={"Host": host}).status == 200, host


@test
def other_sites_are_refused():
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{demo.port + 1}", f"https://127.0.0.1:{demo.port}", "file://"):
        answer = demo.get("/api/v1/session", headers={"Origin": origin})
        assert (answer.status, answer.code) == (403, "other-site"), origin
    assert demo.get("/api/v1/session", headers={"Origin": f"http://127.0.0.1:{demo.port}"}).status == 200
    for site in ("cross-site", "same-site"):
        assert demo.get("/api/v1/session", headers={"Sec-Fetch-Site": site}).status == 403, site
        assert demo.get("/", headers={"Sec-Fetch-Site": site}).status == 200, "a link to the page is no attack"


@test
def bad_paths_are_refused():
    for path in ("/api/v1/../session", "/api//v1/session", "/api/v1/%2e%2e/session", "/%2e/", "/api%2fv1/session", "/api/v1\\session",
                 "/api/v1/%00", "/api/v1/%0a", "/api/v1/%zz", "/api/v1/%f", "/api/v1/%ff", "/api/v1/session?a=%00",
                 "/api/v1/session?" + "a=1&" * 70, "/..%5c..%5cetc/passwd", "/%c0%ae%c0%ae/x"):
        answer = demo.get(path)
        assert (answer.status, answer.code) == (400, "bad-target"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@test
def unknown_paths_and_methods():
    answer = demo.get("/api/v1/nothing")
    assert (answer.status, answer.code) == (404, "no-such-path")
    assert answer.headers["Content-Type"] == "application/problem+json"
    answer = demo.ask("PUT", "/api/v1/session")
    assert (answer.status, answer.code) == (405, "wrong-method") and "GET" in answer.headers["Allow"]
    assert demo.get("/assets/nothing.js").status == 404
    assert b"<html" in demo.get("/patients/any/place/of/the/page").body


@test
def every_answer_is_protected():
    for path in ("/", "/api/v1/session", "/api/v1/nothing", "/plain.css"):
        headers = demo.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy, path
    assert demo.get("/api/v1/session").headers["Cache-Control"] == "no-store"


@test
def files_have_an_etag():
    first = demo.get("/plain.css")
    again = demo.get("/plain.css", headers={"If-None-Match": first.headers["ETag"]})
    assert first.status == 200 and again.status == 304 and again.body == b""
    assert demo.ask("HEAD", "/plain.css").body == b""


@test
def two_lengths_are_refused():
    for head in (b"Content-Length: 3\r\nTransfer-Encoding: chunked", b"Content-Length: 3\r\nContent-Length: 4",
                 b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked",
                 b"Content-Length: +3", b"Content-Length: -1", b"Content-Length: 99999999999999999999999"):
        got = demo.raw(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + head + b"\r\n\r\n0\r\n\r\n", 2)
        assert got == b"" or got.split()[1] in (b"400", b"413"), (head, got[:60])


with Service("--demo") as demo:
    run()
