#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A population through `boneflare screen`, `shard` and `assess --ndjson`: test_screen.py BONEFLARE. Prints TAP."""
import csv
import io
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time

import population

BONEFLARE = str(pathlib.Path(sys.argv[1]).resolve())
OPEN = {"flare_suspected", "undetermined", "progression"}


def run(*arguments, stdin=None, status=(0,)):
    result = subprocess.run([BONEFLARE, *map(str, arguments)], input=stdin, capture_output=True, timeout=60)
    assert result.returncode in status, (arguments, result.returncode, result.stderr[-500:])
    return result.stdout.decode(), result.stderr.decode()


def screen(folder, *options, status=(0,)):
    return json.loads(run("screen", folder, "--format", "json", *options, status=status)[0])


def ids(work):
    return [item["patient"] for item in work["items"]]


def assess_all(top, folder, name):
    """Every patient's state, by way of shard and the filter."""
    run("shard", "--by", "patient", "-n", 3, folder, "--out", top / name)
    states = {}
    for part in sorted((top / name).glob("part-*.ndjson")):
        out, _ = run("assess", "--ndjson", stdin=part.read_bytes())
        for result in map(json.loads, out.splitlines()):
            states[result["patient"]] = result["bone"]["state"]
    return states


def same_list_in_any_split(top):
    lists = {}
    for name, kind in {"types": {}, "contiguous": {"split": False}, "shuffled": {"seed": 1}, "mixed": {"split": False, "seed": 2}}.items():
        population.write(top / name, **kind)
        lists[name] = run("screen", top / name, "--format", "csv")[0]
        assert run("screen", top / name, "--format", "csv", "--threads", 1)[0] == lists[name], name
    assert len(set(lists.values())) == 1
    assert len(list(csv.reader(io.StringIO(lists["types"])))) > 10


def nobody_is_missed(top):
    """The list holds exactly those for whom the assessment of everybody says that the question is open."""
    population.write(top / "all")
    work, states = screen(top / "all"), assess_all(top, top / "all", "parts")
    assert set(ids(work)) == {p for p, state in states.items() if state in OPEN}
    assert work["account"]["patients"] == len(states) and work["account"]["open"] == len(ids(work))
    assert work["account"]["candidates"] < len(states)
    for item in work["items"]:
        assert item["state"] == states[item["patient"]]


def bundles_on_lines(top):
    """Simulated patients, a Bundle a line, by the same measure."""
    run("simulate", "--patients", 40, "--days", 300, "--seed", 3, "--format", "fhir", "--out", top / "sim")
    work = screen(top / "sim/cases")
    states = assess_all(top, top / "sim/cases", "parts")
    assert len(states) == 40 and set(ids(work)) == {p for p, state in states.items() if state in OPEN}
    assert 0 < work["account"]["cancer"] <= 40 and 0 < work["account"]["bone"] <= 40


def ranked(top):
    population.write(top / "rank", copies=1)
    items = screen(top / "rank")["items"]
    keys = [(not i["urgent"], not i["alarms"], not i["bone"], -i["loss_days"]) for i in items]
    assert keys == sorted(keys) and [i["rank"] for i in items] == list(range(1, len(items) + 1))
    assert len({i["loss_days"] for i in items}) > 3


def alarms_come_first(top):
    """Calcium that is dangerously high makes the last one of the list the first."""
    population.write(top / "alarm", copies=1, split=False)
    last = screen(top / "alarm")["items"][-1]
    date = last["as_of"] if last["as_of"][:2] == "20" else None
    subject = {"reference": f'Patient/{last["patient"]}'}
    calcium = {"resourceType": "Observation", "id": "ca", "status": "final", "subject": subject,
               "code": {"coding": [{"system": "http://loinc.org", "code": "17861-6"}]},
               "valueQuantity": {"value": 15.2, "unit": "mg/dL"}}
    if date:
        calcium["effectiveDateTime"] = date
    with (top / "alarm/all.ndjson").open("a", encoding="utf-8") as out:
        out.write(population.line(calcium))
    first = screen(top / "alarm")["items"][0]
    assert first["patient"] == last["patient"] and first["alarms"] > 0 and first["alarm"], first


def medication_of_its_own(top):
    """A drug that is a resource of its own, in another file, makes the same question."""
    population.write(top / "med", copies=1, well=0)
    before = screen(top / "med")
    for path in (top / "med").glob("Medication*.ndjson"):
        lines, drugs = [], {}
        for text in path.read_text(encoding="utf-8").splitlines():
            resource = json.loads(text)
            concept = resource.pop("medicationCodeableConcept", None)
            if concept:
                key = f"m{len(drugs)}"
                drugs[key] = {"resourceType": "Medication", "id": key, "code": concept}
                resource["medicationReference"] = {"reference": f"Medication/{key}"}
            lines.append(population.line(resource))
        path.write_text("".join(lines), encoding="utf-8")
        (top / "med/Medication.ndjson").write_text("".join(map(population.line, drugs.values())), encoding="utf-8")
    after = screen(top / "med")
    assert drugs and ids(after) == ids(before) and after["account"]["nobody"] == len(drugs)


def absolute_references(top):
    """References as URLs of one server and as urn:uuid: change nothing; a second server for the same id is refused, by name."""
    population.write(top / "plain", copies=1, split=False)
    text = (top / "plain/all.ndjson").read_text(encoding="utf-8")
    before = screen(top / "plain")
    (top / "url").mkdir()
    changed = text.replace('"reference":"Patient/', '"reference":"https://a.example/fhir/Patient/', 100).replace(
        '"reference":"Patient/', '"reference":"urn:uuid:')
    (top / "url/all.ndjson").write_text(changed, encoding="utf-8")
    assert ids(screen(top / "url")) == ids(before)
    victim = ids(before)[0]
    twice = text.replace(f'"reference":"Patient/{victim}"', f'"reference":"https://a.example/fhir/Patient/{victim}"', 1).replace(
        f'"reference":"Patient/{victim}"', f'"reference":"https://b.example/fhir/Patient/{victim}"', 1)
    (top / "url/all.ndjson").write_text(twice, encoding="utf-8")
    out, err = run("screen", top / "url", "--format", "json", status=(1,))
    assert ids(json.loads(out)) == ids(before)[1:] and f"patient {victim}: two servers" in err, err


def patient_over_the_limit(top):
    population.write(top / "large", copies=1, split=False)
    before = screen(top / "large")
    victim = ids(before)[2]
    note = {"resourceType": "Observation", "id": "n", "status": "final", "subject": {"reference": f"Patient/{victim}"}, "note": [{"text": "x" * 1000}]}
    with (top / "large/all.ndjson").open("a", encoding="utf-8") as out:
        out.writelines(population.line({**note, "id": f"n{i}"}) for i in range(1100))
    out, err = run("screen", top / "large", "--format", "json", "--patient-mib", 1, status=(1,))
    assert ids(json.loads(out)) == [p for p in ids(before) if p != victim]
    assert f"patient {victim}: more than the limit of 1048576 bytes" in err, err


def broken_line(top):
    population.write(top / "broken", copies=1, split=False)
    path = top / "broken/all.ndjson"
    lines = path.read_bytes().splitlines(keepends=True)
    before = screen(top / "broken")
    for bad in (b'{"resourceType":"Observation","id":"x","subject":{"refer\n', b"\xff\xfe\n", b'{"resourceType":"Observation"]\n', b"{}\n"):
        path.write_bytes(b"".join(lines[:50] + [bad] + lines[50:]))
        out, err = run("screen", top / "broken", "--format", "json", status=(1,))
        work = json.loads(out)
        assert ids(work) == ids(before) and work["account"]["broken"] == 1 and "all.ndjson:51: " in err, err


def empty_input(top):
    (top / "none").mkdir()
    (top / "none/Patient.ndjson").write_text("", encoding="utf-8")
    work = screen(top / "none")
    assert work["items"] == [] and work["account"]["patients"] == 0
    assert run("assess", "--ndjson", stdin=b"") == ("", "")
    _, err = run("screen", top / "nowhere", status=(3,))
    assert "nowhere" in err


def killed_in_the_middle(top):
    """Neither a half-written folder nor a half-written list is left under the name that was asked for."""
    population.write(top / "kill", copies=1, split=False)
    os.mkfifo(top / "pipe")
    for arguments in (["shard", "-n", "2", top / "pipe", "--out", top / "out"],
                      ["screen", top / "pipe", "--out", top / "out", "--temporary", top]):
        process = subprocess.Popen([BONEFLARE, *map(str, arguments)])
        with (top / "pipe").open("wb", buffering=0) as pipe:
            pipe.write((top / "kill/all.ndjson").read_bytes()[:60000])
            time.sleep(0.2)
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=20)
        assert not (top / "out").exists()


def results_one_by_one(top):
    """The filter writes a patient's result as soon as the next patients' lines have come: it does not wait for the end."""
    population.write(top / "slow", copies=1, split=False)
    data = (top / "slow/all.ndjson").read_bytes()
    process = subprocess.Popen([BONEFLARE, "assess", "--ndjson", "--threads", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(data[:50000])  # fits into the pipe
    process.stdin.flush()
    ready = bool(select.select([process.stdout], [], [], 10)[0])
    process.kill()
    process.communicate(timeout=20)
    assert ready


def main():
    tests = [same_list_in_any_split, nobody_is_missed, bundles_on_lines, ranked, alarms_come_first, medication_of_its_own, absolute_references,
             patient_over_the_limit, broken_line, empty_input, killed_in_the_middle, results_one_by_one]
    print(f"1..{len(tests)}")
    failed = 0
    for i, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as top:
            try:
                test(pathlib.Path(top))
                print(f"ok {i} - {test.__name__}")
            except (AssertionError, subprocess.TimeoutExpired, json.JSONDecodeError, KeyError, IndexError, OSError) as problem:
                failed = 1
                print(f"not ok {i} - {test.__name__}\n# {type(problem).__name__}: {str(problem)[:600]!r} line {problem.__traceback__.tb_next.tb_lineno if problem.__traceback__.tb_next else 0}")
        sys.stdout.flush()
    sys.exit(failed)


main()
