#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes, times, numbers of connections: what one client does, others do not feel."""
import http.client
import os
import resource
import socket
import threading
import time

from service import Service, run, test

RECEIVE = 3
demo = Service("--demo", "--receive-seconds", str(RECEIVE), "--upload-mib", "4")


def memory_kib():
    """The largest the process was; 0 under the address sanitizer, whose shadow makes the number meaningless."""
    with open(f"/proc/{demo.process.pid}/status", encoding="ascii") as f:
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in f if line.startswith("Vm")}
    return 0 if sizes["VmSize"] > 1 << 30 else sizes["VmHWM"]


def answers_within(seconds):
    start = time.monotonic()
    assert demo.get("/api/v1/patients").status == 200
    took = time.monotonic() - start
    assert took < seconds, f"{took:.2f} s"


@test
def bodies_have_a_limit_by_route():
    large = {"q": "x" * 70000}
    assert demo.post("/api/v1/search", large).status == 413
    assert demo.post("/api/v1/session", large).status == 413
    assert demo.post("/api/v1/patients", {"schema": "x", "files": {"labs.csv": "x" * (9 << 20)}}).status == 413
    got = demo.raw(b"GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 2)
    assert got.startswith(b"HTTP/1.1 413"), "a GET takes no body"


@test
def an_upload_of_200_mb_is_refused_and_memory_stays():
    before = memory_kib()
    def pieces(count, size):
        piece = b"\0" * size
        for _ in range(count):
            yield piece
    for headers in ({"Content-Length": str(200 << 20)}, {}):
        connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=30)
        connection.request("POST", "/api/v1/imports?name=big.zip", pieces(200, 1 << 20), {"X-CSRF-Token": demo.csrf, **headers},
                           encode_chunked=not headers)
        answer = connection.getresponse()
        assert answer.status == 413 and b"too-large" in answer.read(), headers
        connection.close()
    assert memory_kib() - before < 40 << 10, f"{memory_kib() - before} KiB more"
    got = demo.raw(b"POST /api/v1/imports?name=a HTTP/1.1\r\nHost: localhost\r\nX-CSRF-Token: " + demo.csrf.encode() +
                   b"\r\nContent-Length: 209715200\r\nExpect: 100-continue\r\n\r\n", 3)
    assert got.startswith(b"HTTP/1.1 413"), got[:40]


@test
def who_may_not_is_told_before_he_sends():
    got = demo.raw(b"POST /api/v1/imports?name=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n", 3)
    assert got.startswith(b"HTTP/1.1 403"), got[:40]


@test
def heads_have_a_limit():
    line = b"X: " + b"a" * 40000
    assert demo.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + line + b"\r\n\r\n", 3).split()[1:2] in ([], [b"431"], [b"413"])
    many = b"".join(b"X-%d: a\r\n" % i for i in range(5000))
    assert demo.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + many + b"\r\n", 3).split()[1:2] in ([], [b"431"], [b"413"])
    assert demo.raw(b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 3).split()[1:2] in ([], [b"414"], [b"431"])


@test
def rubbish_is_no_request():
    for data in (b"\0" * 100 + b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00" + os.urandom(200), b"GET / HTTP/9.9\r\n\r\n",
                 b"GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n", b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        got = demo.raw(data, 1)
        assert got == b"" or got.split()[1][:1] in (b"4", b"5"), (data[:20], got[:40])
    assert demo.raw(b"GET / HTTP/1.1\r\n\r\n", 1).split()[1] in (b"400", b"421"), "no Host"
    answers_within(2)


@test
def a_thousand_slow_connections_do_not_stop_others():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2500)), hard))
    slow = []
    try:
        for i in range(1000):
            s = socket.create_connection(("127.0.0.1", demo.port), timeout=10)
            s.sendall(b"GET /api/v1/patients HTTP/1.1\r\nHost: localhost\r\nX-Slow: " if i % 2 else
                      b"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-CSRF-Token: " +
                      demo.csrf.encode() + b"\r\nContent-Length: 1000\r\n\r\n{")
            slow.append(s)
        for _ in range(5):
            answers_within(2)
        deadline = time.monotonic() + RECEIVE + 5
        while slow and time.monotonic() < deadline:  # one byte now and then does not help them
            for s in slow[:]:
                try:
                    s.send(b"a")
                except OSError:
                    slow.remove(s)
                    s.close()
            time.sleep(0.3)
        assert not slow, f"{len(slow)} are still connected"
        answers_within(2)
    finally:
        for s in slow:
            s.close()


@test
def slow_readers_do_not_stop_others():
    readers = []
    for _ in range(50):
        s = socket.create_connection(("127.0.0.1", demo.port), timeout=10)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        s.sendall(b"GET /api/v1/cohort HTTP/1.1\r\nHost: localhost\r\n\r\n")
        readers.append(s)
    answers_within(10)
    for s in readers:
        s.close()


@test
def an_address_has_so_many_connections():
    with Service("--demo", "--per-address", "10") as few:
        open_ones = [socket.create_connection(("127.0.0.1", few.port), timeout=5, source_address=("127.0.0.7", 0)) for _ in range(10)]
        time.sleep(0.3)
        with socket.create_connection(("127.0.0.1", few.port), timeout=5, source_address=("127.0.0.7", 0)) as refused:
            refused.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                assert refused.recv(100) == b"", "the eleventh is closed"
            except ConnectionResetError:
                pass
        assert few.get("/api/v1/session", address="127.0.0.8").status == 200, "another address comes in"
        for s in open_ones:
            s.close()


@test
def an_address_may_ask_so_often():
    with Service("--demo", "--rate", "20") as few:
        statuses = [few.get("/api/v1/session").status for _ in range(80)]
        assert 429 in statuses and statuses[:40] == [200] * 40, statuses
        assert few.get("/api/v1/session", address="127.0.0.8").status == 200
        time.sleep(0.3)
        assert few.get("/api/v1/session").status == 200, "it fills again"


@test
def bodies_of_all_requests_together_have_a_limit():
    """Forty uploads of 4 MiB at once: each is taken or told to come again; the process stays small."""
    statuses = []
    def send():
        statuses.append(demo.post("/api/v1/imports?name=x.json", b"{" + b" " * ((4 << 20) - 2) + b"}").status)
    threads = [threading.Thread(target=send) for _ in range(40)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert set(statuses) <= {202, 503} and 202 in statuses, statuses
    assert memory_kib() < 900 << 10, memory_kib()
    answers_within(5)


with demo:
    demo.enter()
    run()
