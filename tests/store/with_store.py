#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a test of the store: with_store.py sqlite|postgresql PROGRAM [ARGUMENT...].

postgresql starts a server of its own (a temporary folder, a socket there, no network), and stops it at the end. Root runs the
server as nobody, since PostgreSQL refuses root.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def programs():
    """The folder with initdb, newest version first; None when there is no server."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0]))
    other = shutil.which("initdb")
    return found[-1].parent if found else pathlib.Path(other).parent if other else None


class Server:
    """A PostgreSQL server that lives as long as the with block."""

    def __init__(self, folder):
        self.bin, self.folder = programs(), pathlib.Path(folder)
        self.data = self.folder / "data"
        self.as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}

    def run(self, name, *arguments):
        result = subprocess.run([self.bin / name, *arguments], cwd=self.folder, capture_output=True, text=True,
                                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}, **self.as_user)
        if result.returncode:
            sys.exit(f"{name}: {result.stdout}{result.stderr}")

    def __enter__(self):
        if self.as_user:
            shutil.chown(self.folder, "nobody", "nogroup")
        self.run("initdb", "--no-sync", "--auth=trust", "--username=boneflare", "--encoding=UTF8", "--locale=C.UTF-8",
                 "-D", self.data)
        self.start()
        return self

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-l", self.folder / "log",
                 "-o", f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off "
                       "-c shared_buffers=32MB -c max_connections=40", "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-s", "stop")

    def __exit__(self, *_):
        self.stop("immediate")

    def url(self):
        return f"postgresql://boneflare@/postgres?host={self.folder}"


def main():
    back_end, program = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix="bfs", dir="/tmp") as top:
        own = pathlib.Path(top) / "test"
        own.mkdir()
        os.chmod(top, 0o711)
        environment = dict(os.environ, STORE_TEST_FOLDER=str(own))
        environment.pop("STORE_TEST_SERVER", None)
        if back_end == "sqlite":
            return subprocess.run(program, env=environment).returncode
        if not programs():
            print("1..0 # SKIP there is no PostgreSQL server here (package postgresql)")
            return 0
        folder = pathlib.Path(top) / "server"
        folder.mkdir(mode=0o700)
        with Server(folder) as server:
            return subprocess.run(program, env=dict(environment, STORE_TEST_SERVER=server.url())).returncode


if __name__ == "__main__":
    sys.exit(main())
