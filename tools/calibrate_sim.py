#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the calibration page: calibrate_sim.py BUILD_FOLDER [PATIENTS]. Simulates the published series with `boneflare simulate
--calibrate` and replaces the table in docs/simulator.md between its two marks."""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/simulator.md"
BEGIN, END = "<!-- calibration: written by tools/calibrate_sim.py -->\n", "<!-- end of calibration -->\n"
UNITS = {"fraction": "", "days": " d", "hu": " HU", "u_l": " U/L", "percent": " %"}


def figure(value, unit):
    return f"{value * 100:.0f} %" if unit == "fraction" else f"{value:.0f}"


def rules(boneflare):
    listed = json.loads(subprocess.run([boneflare, "rules", "list", "--json"], capture_output=True, text=True, check=True).stdout)
    return {rule["id"]: rule for rule in listed["rules"]}


def row(a, rule):
    printed = f"{figure(a['published'], a['unit'])}{UNITS[a['unit']]}" if "published" in a else "direction or span"
    band = f"{figure(a['low'], a['unit'])} to {figure(a['high'], a['unit'])}"
    source = ", ".join(source["key"] for source in rule["sources"])
    return (f"| {rule['title']} | {source} | {printed} | {band} | {figure(a['simulated'], a['unit'])}{UNITS[a['unit']]} | "
            f"{a['patients']} | {'yes' if a['fits'] else '**no**'} |")


def main():
    boneflare = str((pathlib.Path(sys.argv[1]) / "apps/cli/boneflare").resolve())
    patients = sys.argv[2] if len(sys.argv) > 2 else "1000"
    output = subprocess.run([boneflare, "simulate", "--calibrate", "--json", "--patients", patients], capture_output=True, text=True)
    if output.returncode > 1:
        sys.exit(output.stderr)
    anchors, known = [json.loads(line) for line in output.stdout.splitlines()], rules(boneflare)
    met = sum(a["fits"] for a in anchors)
    table = ["", f"{patients} simulated patients a series, seed 0: {met} of {len(anchors)} figures lie in their band.", "",
             "| figure | source | published | band | simulated | n | fits |", "|---|---|---|---|---|---|---|"]
    table += [row(a, known[a["rule"]]) for a in anchors] + [""]
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    PAGE.write_text(head + BEGIN + "\n".join(table) + "\n" + END + rest.split(END)[1], encoding="utf-8")


main()
