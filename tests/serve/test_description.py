#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""openapi.json describes exactly the table of routes; SECURITY.md names tests that exist."""
import json
import pathlib
import re
import subprocess

from service import PROGRAM, Service, run, test

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
description = json.loads((ROOT / "apps/serve/openapi.json").read_text(encoding="utf-8"))


def routes():
    """(method, pattern) -> least role, of what is described; the page is not."""
    lines = subprocess.run([PROGRAM, "serve", "--routes"], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split() for line in lines]
    return {(m, p): role for m, p, role, _ in rows if p not in ("/", "/{path...}") and m != "OPTIONS"}


def described():
    return {(method.upper(), path): operation["x-role"]
            for path, operations in description["paths"].items() for method, operation in operations.items()}


@test
def every_route_is_described_with_its_role():
    there, told = routes(), described()
    assert set(there) - set(told) == set(), "not described"
    assert set(told) - set(there) == set(), "described, and not there"
    for key, role in there.items():
        assert told[key] == role, key


@test
def references_lead_somewhere():
    def walk(node):
        if isinstance(node, dict):
            if "$ref" in node:
                at = description
                for part in node["$ref"].lstrip("#/").split("/"):
                    at = at[part]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
    walk(description)


@test
def path_parameters_are_described():
    for path, operations in description["paths"].items():
        for operation in operations.values():
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert named == {n.removesuffix("...") for n in re.findall(r"\{(.*?)\}", path)}, path


@test
def the_program_gives_the_same_description():
    with Service("--demo") as service:
        assert service.get("/api/v1/openapi.json").json() == description


@test
def threat_model_names_tests_that_exist():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ") and line.count("|") == 4]
    named = [name for row in rows[1:] for name in re.findall(r"`([\w.]+::\w+)`", row[3])]
    assert len(named) >= 15, f"the table of threats is not read: {len(named)}"
    for row in rows[1:]:
        assert set(row[1].strip()) == {"-"} or re.search(r"`[\w.]+::\w+`", row[3]), f"no test: {row[1]}"
    for name in named:
        file, function = name.split("::")
        found = list((ROOT / "tests").rglob(file))
        assert found, f"{name}: there is no such file"
        assert any(re.search(rf"^(def {function}\(|TEST\({function}\))", f.read_text(encoding="utf-8"), re.M) for f in found), f"{name}: no such test"


run()
