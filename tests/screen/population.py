# SPDX-License-Identifier: Apache-2.0
"""A population as FHIR Bulk Data, made of the Bundles of tests/cases/fhir: copies under new ids, and people without cancer."""
import json
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUNDLES = sorted(ROOT.glob("tests/cases/fhir/*.json"))


def ids_of(bundle):
    """fullUrl -> "Type/id", with ids that no other Bundle uses"""
    return {e["fullUrl"]: f'{e["resource"]["resourceType"]}/{e["resource"].get("id") or e["fullUrl"].rsplit(":", 1)[1]}'
            for e in bundle["entry"] if "fullUrl" in e}


def replace(value, names, suffix):
    """Every reference and id of a resource, with the suffix of the copy."""
    if isinstance(value, dict):
        out = {k: replace(v, names, suffix) for k, v in value.items()}
        if isinstance(value.get("reference"), str) and not value["reference"].startswith("#"):
            out["reference"] = names.get(value["reference"], value["reference"]) + suffix
        return out
    return [replace(v, names, suffix) for v in value] if isinstance(value, list) else value


def patients(copies):
    """Lists of resources, one list a Bundle and copy."""
    for copy in range(copies):
        for path in BUNDLES:
            bundle = json.loads(path.read_text(encoding="utf-8"))
            names, resources = ids_of(bundle), []
            for entry in bundle["entry"]:
                resource = replace(entry["resource"], names, f"-{copy}")
                own = entry["resource"].get("id") or entry.get("fullUrl", "x:x").rsplit(":", 1)[1]
                resource["id"] = f"{own}-{copy}" if resource["resourceType"] == "Patient" else f"{path.stem}-{own}-{copy}"
                for key in ("focus", "derivedFrom"):
                    for target in resource.get(key, []):
                        kind, name = target["reference"].split("/", 1)
                        target["reference"] = f"{kind}/{path.stem}-{name}" if kind != "Patient" else target["reference"]
                resources.append(resource)
            yield [r for r in resources if r["resourceType"] == "Patient" or "subject" in r or "patient" in r]


def well_people(count):
    """People without cancer: a Patient, a diagnosis, ALP."""
    for i in range(count):
        subject = {"reference": f"Patient/well-{i}"}
        yield [{"resourceType": "Patient", "id": f"well-{i}", "gender": "female"},
               {"resourceType": "Condition", "id": f"well-c-{i}", "subject": subject, "code": {"text": "Hypertension"}},
               {"resourceType": "Claim", "id": f"well-k-{i}", "status": "active", "patient": subject},
               {"resourceType": "Observation", "id": f"well-o-{i}", "status": "final", "subject": subject,
                "effectiveDateTime": "2020-01-02", "code": {"coding": [{"system": "http://loinc.org", "code": "6768-6"}]},
                "valueQuantity": {"value": 70 + i % 50, "unit": "U/L"}}]


def line(resource):
    return json.dumps(resource, separators=(",", ":"), ensure_ascii=False) + "\n"


def write(folder, copies=2, well=40, split=True, seed=None):
    """Bulk Data in `folder`: split by resource type, or one file with the patients in order; shuffled with a seed."""
    folder.mkdir(parents=True)
    resources = [r for p in [*patients(copies), *well_people(well)] for r in p]
    if seed is not None:
        random.Random(seed).shuffle(resources)
    files = {}
    for resource in resources:
        files.setdefault(resource["resourceType"] if split else "all", []).append(line(resource))
    for name, lines in files.items():
        (folder / f"{name}.ndjson").write_text("".join(lines), encoding="utf-8")
    return len(resources)
