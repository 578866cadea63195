#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A CDS Hooks client in a few lines: starts `boneflare serve --demo`, sends one patient's FHIR Bundle, prints the cards.

    hooks_client.py BUNDLE.json
"""
import json
import subprocess
import sys
import urllib.request
import uuid

with open(sys.argv[1], encoding="utf-8") as file:
    bundle = json.loads(file.readline())
patient = next(e["resource"]["id"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
request = {"hook": "patient-view", "hookInstance": str(uuid.uuid4()), "context": {"userId": "Practitioner/7", "patientId": patient},
           "prefetch": {"observations": bundle}}  # a Bundle may hold all that is asked for; null under a key says that there is nothing

service = subprocess.Popen(["boneflare", "serve", "--demo", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
try:
    base = service.stdout.readline().split()[-1]
    call = urllib.request.Request(base + "cds-services/boneflare-patient-view", json.dumps(request).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(call, timeout=30) as answer:
        for card in json.load(answer)["cards"]:
            print(f"{card['indicator']}: {card['summary']}")
            print(f"  {card['source']['label']}")
            for suggestion in card.get("suggestions", []):
                print(f"  {suggestion['label']}")
finally:
    service.terminate()
    service.wait()
