#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a patient-view hook takes with 5,000 observations prefetched, and how many a second, beside a Node service.

    run.py BONEFLARE LOAD [--reps N] [--seconds S] [--observations N]

Each repetition: as many as go through on two connections, with the processor time that each takes; the same body to
bench/serve/reference.mjs, which only parses it and sorts; then 50 requests a second for S seconds (p50 and p99 from when each was
due), unless the machine is so busy that fewer go through: then no time would mean anything. The load average stands beside them.
"""
import argparse
import datetime
import json
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LOINC = [  # code, name, unit, usual value, low, high
    ("6768-6", "Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 120, 40, 130),
    ("17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", 9.3, 8.6, 10.2),
    ("2039-6", "Carcinoembryonic Ag [Mass/volume] in Serum or Plasma", "ng/mL", 30, 0, 5),
    ("1751-7", "Albumin [Mass/volume] in Serum or Plasma", "g/dL", 4.1, 3.5, 5.2),
    ("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 25, 5, 40),
    ("1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 22, 5, 41),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.9, 0.5, 1.2),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 12.4, 12, 16),
    ("8867-4", "Heart rate", "/min", 76, None, None),
    ("8480-6", "Systolic blood pressure", "mm[Hg]", 128, None, None),
    ("29463-7", "Body Weight", "kg", 68, None, None),
    ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported", "{score}", 2, None, None),
]


def observation(number, count, rng):
    code, name, unit, usual, low, high = LOINC[number % len(LOINC)]
    day = datetime.date(2018, 1, 1) + datetime.timedelta(days=number * 900 // count)
    resource = {
        "resourceType": "Observation", "id": f"o{number:05d}-5f3a-4a3e-8a0e-1b2c3d4e5f60",
        "meta": {"versionId": "1", "lastUpdated": f"{day}T08:10:11.123+00:00",
                 "profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"]},
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory",
                                  "display": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}], "text": name},
        "subject": {"reference": "Patient/p1"}, "encounter": {"reference": f"Encounter/e{number // 10}"},
        "effectiveDateTime": f"{day}T{7 + number % 12:02d}:{number % 60:02d}:00+00:00", "issued": f"{day}T09:00:00.000+00:00",
        "valueQuantity": {"value": round(usual * rng.uniform(0.9, 1.1), 1), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}}
    if high:
        resource["referenceRange"] = [{"low": {"value": low, "unit": unit}, "high": {"value": high, "unit": unit}}]
    return {"fullUrl": f"https://host.example/fhir/Observation/{resource['id']}", "resource": resource, "search": {"mode": "match"}}


def body(count):
    rng = random.Random(1)
    order = {"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": {"reference": "Patient/p1"},
             "medicationCodeableConcept": {"text": "gefitinib 250 MG Oral Tablet"}, "authoredOn": "2019-04-04"}
    bundle = lambda entries: {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
    return json.dumps({
        "hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "context": {"userId": "Practitioner/1", "patientId": "p1"},
        "extension": {"example.boneflare.as-of": "2020-06-30"},
        "prefetch": {"patient": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1955-03-01"},
                     "observations": bundle([observation(i, count, rng) for i in range(count)]),
                     "medicationRequests": bundle([{"resource": order}])}}, separators=(",", ":"))


def load(program, port, path, file, requests, connections, rate):
    done = subprocess.run([program, str(port), path, str(file), str(requests), str(connections), str(rate)], capture_output=True,
                          text=True, check=True)
    result = json.loads(done.stdout)
    if result["failed"]:
        sys.exit(f"{result['failed']} requests failed")
    return result


def processor_ms(process):
    """Processor time of a process and its threads until now."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(asked, port, there, file, service, reference):
    """One line."""
    path, requests = "/cds-services/boneflare-patient-view", 100
    begun = processor_ms(service)
    own = load(asked.load, port, path, file, requests, 2, 0)
    line = f"{own['per_second']:.1f}/s, {(processor_ms(service) - begun) / requests:.1f} ms of processor"
    if reference:
        begun = processor_ms(reference)
        node = load(asked.load, there, "/", file, requests, 2, 0)
        line += (f"; Node {node['per_second']:.1f}/s, {(processor_ms(reference) - begun) / requests:.1f} ms; "
                 f"ratio {own['per_second'] / node['per_second']:.2f}")
    if own["per_second"] < 55:
        return f"{line}; too busy for 50/s"
    paced = load(asked.load, port, path, file, 50 * asked.seconds, 16, 50)
    return f"{line}; at 50/s p50 {paced['p50_ms']:.1f} ms, p90 {paced['p90_ms']:.1f}, p99 {paced['p99_ms']:.1f}, max {paced['max_ms']:.1f}"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("boneflare")
    parser.add_argument("load")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--observations", type=int, default=5000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "body.json"
        file.write_text(body(asked.observations))
        print(f"{asked.observations} observations, {file.stat().st_size / 1e6:.2f} MB, {os.cpu_count()} processors")
        service = subprocess.Popen([asked.boneflare, "serve", "--demo", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        port = int(re.search(r":(\d+)/", service.stdout.readline()).group(1))
        reference, there = None, free_port()
        if shutil.which("node"):
            reference = subprocess.Popen(["node", str(HERE / "reference.mjs"), str(there)], stdout=subprocess.PIPE, text=True)
            reference.stdout.readline()
        try:
            load(asked.load, port, "/cds-services/boneflare-patient-view", file, 40, 2, 0)
            for number in range(asked.reps):
                before = os.getloadavg()[0]
                print(f"{number + 1}: load {before:.1f}: {measure(asked, port, there, file, service, reference)}", flush=True)
        finally:
            service.terminate()
            service.wait()
            if reference:
                reference.terminate()
                reference.wait()


if __name__ == "__main__":
    main()
