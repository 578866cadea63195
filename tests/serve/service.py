# SPDX-License-Identifier: Apache-2.0
"""Starts the real program on a free port, speaks HTTP with it, and prints TAP."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

# A sanitized program: fontconfig, which draws the letters of a PDF, keeps its list of fonts.
os.environ.setdefault("LSAN_OPTIONS", f"print_suppressions=0:suppressions={pathlib.Path(__file__).resolve().parent.parent / 'lsan.txt'}")
PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The last part of a problem's type."""
        return self.json()["type"].rsplit(":", 1)[1]


class Service:
    """A running service: Service("--demo"), to be used with `with`."""

    def __init__(self, *options, folder=None):
        self.temporary = None if folder else tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(folder or self.temporary.name)
        self.log_path = self.folder / "serve.log"
        self.options = list(options)
        self.csrf = self.cookie = None
        self.process = None
        self.before = None  # called in the new process before the program
        self.patience = 30  # seconds until it must say where it listens

    def start(self, port=0):
        options = ["--listen", f"127.0.0.1:{port}", *self.options]
        self.log_file = open(self.log_path, "ab")
        self.process = subprocess.Popen([PROGRAM, "serve", *options], stdout=subprocess.PIPE, stderr=self.log_file,
                                        cwd=self.folder, preexec_fn=self.before)
        self.said = []
        patience = threading.Timer(self.patience, self.process.kill)
        patience.start()
        try:
            return self.wait()
        except RuntimeError:
            self.stop(signal.SIGKILL)
            raise
        finally:
            patience.cancel()

    def wait(self):
        """Reads what it says until it says where it listens."""
        while True:
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError(f"it did not start: {self.log_path.read_text()}")
            self.said.append(line)
            match = re.match(r"boneflare listens on http://127\.0\.0\.1:(\d+)/", line)
            if match:
                self.port = int(match.group(1))
                return self

    def __enter__(self):
        return self.start()

    def stop(self, number=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log_file.close()
        return status

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        if self.temporary:
            self.temporary.cleanup()

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def logged(self, *texts, times=1):
        """The log, once it holds every text so often: a request is logged after its answer is on its way."""
        for _ in range(200):
            log = self.log()
            if all(log.count(text) >= times for text in texts):
                return log
            time.sleep(0.05)
        raise AssertionError(f"not logged {times} times: {texts}")

    def ask(self, method, path, body=None, headers=None, csrf=True, cookie=True, address=None):
        """One request; a dict or list becomes JSON."""
        sent = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if csrf and self.csrf and method not in ("GET", "HEAD"):
            sent.setdefault("X-CSRF-Token", self.csrf)
        if cookie and self.cookie:
            sent.setdefault("Cookie", self.cookie)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30,
                                                source_address=(address, 0) if address else None)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, body, **more)

    def enter(self):
        """Takes the CSRF token of the session."""
        self.csrf = self.get("/api/v1/session").json()["csrf"]
        return self

    def raw(self, data, wait=10):
        """Sends bytes as they are; gives what comes back until the connection ends or `wait` seconds pass."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as s:
            s.sendall(data)
            got = b""
            try:
                while chunk := s.recv(65536):
                    got += chunk
            except (TimeoutError, ConnectionResetError):
                pass
            return got


TESTS = []


class Skip(Exception):
    """What a test needs and this machine has not."""


def test(function):
    TESTS.append(function)
    return function


def run():
    """Runs every @test in turn and ends the program."""
    wanted = sys.argv[2:]
    tests = [t for t in TESTS if not wanted or t.__name__ in wanted]
    print(f"1..{len(tests)}", flush=True)
    bad = 0
    for number, function in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {function.__name__}", flush=True)
        except Skip as missing:
            print(f"ok {number} - {function.__name__} # SKIP {missing}", flush=True)
        except Exception:
            bad += 1
            print(f"not ok {number} - {function.__name__}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
    sys.exit(1 if bad else 0)
