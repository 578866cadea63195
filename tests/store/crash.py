#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a writer with SIGKILL again and again, and finds every write that it had acknowledged: crash.py BACK_END WRITER [KILLS].

The moment of the kill is drawn from a fixed seed; some hit the making of the store, most a transaction. On PostgreSQL every third
kill is of the whole server, which then recovers. Prints TAP. A long run: crash.py sqlite build/tests/store/store_writer 1000
"""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import with_store


def run_and_kill(writer, url, seed, acknowledged, delay, started, kill):
    """Appends what the writer acknowledged to the file, whole lines only; returns how many. `started`: the delay counts from the
    first write, not from the start of the program."""
    with subprocess.Popen([writer, url, seed], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        first = process.stdout.readline() if started else b""
        time.sleep(delay)
        kill(process)
        out, error = process.communicate()
        out = first + out
    if process.returncode not in (-signal.SIGKILL, 1):
        return 0, f"the writer ended with {process.returncode}: {error.decode()}"
    if process.returncode == 1 and b"connection" not in error:
        return 0, error.decode()
    lines = out[:out.rfind(b"\n") + 1]
    with open(acknowledged, "ab") as file:
        file.write(lines)
    return lines.count(b"\n"), None


def kills(writer, url, count, folder, server):
    """Yields (title, what is wrong)."""
    acknowledged, total = folder / "acknowledged", 0
    acknowledged.touch()
    draw = random.Random(20260101)
    for n in range(count):
        whole_server = server and n % 3 == 2

        def kill(process):
            if whole_server:
                server.stop("immediate")
            process.send_signal(signal.SIGKILL)
        started = n % 5 != 0  # the others hit the opening, at first the making, of the store
        got, problem = run_and_kill(writer, url, f"s{n}", acknowledged, draw.uniform(0, 0.2), started, kill)
        if whole_server:
            server.start()
        total += got
        if not problem:
            result = subprocess.run([writer, url, "check", acknowledged], capture_output=True, text=True)
            problem = (result.stdout + result.stderr) if result.returncode else None
        yield f"kill {n + 1}: {total} acknowledged writes are there, the chain is good", problem
    yield "something was written", None if total > 10 else f"only {total} writes"


def report(results):
    failed, number = False, 0
    for number, (title, problem) in enumerate(results, 1):
        failed |= bool(problem)
        print(f"{'not ok' if problem else 'ok'} {number} - {title}", flush=True)
        for line in (problem or "").splitlines():
            print(f"# {line}")
    print(f"1..{number}")
    return failed


def main():
    back_end, writer = sys.argv[1], os.path.abspath(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 15
    with tempfile.TemporaryDirectory(prefix="bfs", dir="/tmp") as top:
        os.chmod(top, 0o711)
        folder = pathlib.Path(top)
        if back_end == "sqlite":
            return report(kills(writer, f"sqlite:{folder}/store.db", count, folder, None))
        if not with_store.programs():
            print("1..0 # SKIP there is no PostgreSQL server here (package postgresql)")
            return 0
        (folder / "server").mkdir(mode=0o700)
        with with_store.Server(folder / "server") as server:
            return report(kills(writer, server.url(), count, folder, server))


if __name__ == "__main__":
    sys.exit(main())
