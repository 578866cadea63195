#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The assessment as FHIR: what it says is what the JSON says, nothing points into the void, and reading it changes nothing.

    assessment.py PROGRAM SOURCE_ROOT

Each case, on its last day and on two days of its history: the disease status follows from RECIST, the note on flare and the state
of the bone, and a flare is never coded as worsened; every reference resolves; no id is there twice; the same call gives the same
bytes; `boneflare validate` finds no fault in the Bundle; assessed again it gives the same verdict.
"""
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import boneflare_cli as cli  # noqa: E402
from round_trip import told  # noqa: E402

OWN = 'https://boneflare.example/fhir/'
TRENDS = {'CR': '268910001', 'PR': '268910001', 'SD': '359746009', 'non-CR/non-PD': '359746009', 'PD': '271299001', 'NE': '709137006'}
WORSENED, STABLE, UNDETERMINED = '271299001', '359746009', '709137006'
FLARE = ('flare_suspected', 'flare_confirmed')


def codes(concept, system):
    return [c['code'] for c in concept.get('coding', []) if c.get('system') == system]


def expected_status(assessment):
    """From the JSON, by the rules of docs/fhir.md."""
    state = assessment['bone']['state']
    visits = [v['recist'] for v in assessment['visits'] if not v['baseline'] and v['recist']['overall']]
    read, noted = (visits[-1]['overall'], visits[-1]['overall_flare_note']) if visits else (None, None)
    if state == 'progression':
        return WORSENED
    if state in FLARE:
        return TRENDS[noted] if noted and noted != 'NE' else STABLE
    if state == 'undetermined' and (not read or (read == 'PD' and noted != 'PD')):
        return UNDETERMINED
    return TRENDS.get(read)


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get('reference'), str):
            yield node['reference']
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def check_references(entries):
    urls = [e['fullUrl'] for e in entries]
    yield from (f'{u} is there twice' for u in sorted({u for u in urls if urls.count(u) > 1}))
    for entry in entries:
        yield from (f'{r} is not here' for r in references(entry['resource']) if r not in urls)


def check_empty(node, path=''):
    """FHIR knows no empty object, list or text."""
    if node in ({}, [], '', None):
        yield f'{path} is empty'
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from check_empty(value, f'{path}.{key}')


def check_status(resources, assessment):
    found = [r for r in resources if codes(r.get('code', {}), 'http://loinc.org') == ['97509-4'] and 'tag' in r['meta']]
    want = expected_status(assessment)
    got = [codes(r['valueCodeableConcept'], 'http://snomed.info/sct')[0] for r in found]
    if got != ([want] if want else []):
        yield f'disease status {got}, expected {want} for {assessment["bone"]["state"]}'
    for r in found:
        state = [e['valueCode'] for e in r.get('extension', []) if e['url'] == OWN + 'StructureDefinition/bone-state']
        if state and state[0] in FLARE and got[0] == WORSENED:
            yield 'a flare is coded as worsened'
    bone = [codes(r['valueCodeableConcept'], OWN + 'CodeSystem/bone-state') for r in resources
            if codes(r.get('code', {}), OWN + 'CodeSystem/assessment') == ['bone-state']]
    if bone != [[assessment['bone']['state']]]:
        yield f'state of the bone {bone}'


def check_visits(resources, assessment):
    found = [r for r in resources if '396432002' in codes(r.get('code', {}), 'http://snomed.info/sct') and 'tag' in r['meta']]
    want = [v['recist']['overall'] for v in assessment['visits'] if not v['baseline'] and v['recist']['overall']]
    got = [codes(r['valueCodeableConcept'], OWN + 'CodeSystem/response')[0] for r in found]
    if got != want:
        yield f'responses {got}, expected {want}'


def check(program, folder, as_of, patient, work):
    options = ['--patient', patient] + (['--as-of', as_of] if as_of else [])
    line = cli.run(program, 'assess', folder, '--format', 'fhir', *options)
    if cli.run(program, 'assess', folder, '--format', 'fhir', *options) != line:
        yield 'the same call gives other bytes'
    assessment = cli.records(cli.run(program, 'assess', folder, '--format', 'json', *options))[0]
    bundle = json.loads(line)
    resources = [e['resource'] for e in bundle['entry']]
    yield from check_references(bundle['entry'])
    yield from check_empty(bundle)
    yield from check_status(resources, assessment)
    yield from check_visits(resources, assessment)
    path = pathlib.Path(work) / 'assessment.json'
    path.write_text(line, encoding='utf-8')
    found = [json.loads(x) for x in cli.run(program, 'validate', '--json', path).splitlines()]
    yield from (f'validate: {x}' for x in found if x.get('severity') == 'error' and x['code'].startswith('fhir.'))
    again = cli.assess(program, path, as_of)[patient]
    if told(again) != told(assessment):
        yield 'assessed again, the verdict is another'


def days(assessment):
    """The end, and the first and the last question on the way."""
    history = [h['day'] for h in assessment['bone'].get('history', []) if h.get('day') is not None]
    return ['', *(f'd{d}' for d in sorted({*history[:1], *history[-2:-1]}))]


def main(program, root):
    done, bad = 0, 0
    for base in ('examples', 'tests/cases/published', 'tests/cases/counter'):
        for folder in sorted(p for p in (pathlib.Path(root) / base).iterdir() if any(p.glob('*.csv'))):
            wrong = []
            with tempfile.TemporaryDirectory() as work:
                for patient, assessment in cli.assess(program, folder).items():
                    for as_of in days(assessment):
                        wrong += [f'{patient} {as_of}: {w}' for w in check(program, folder, as_of, patient, work)]
            done += 1
            bad += bool(wrong)
            print(f'{"not ok" if wrong else "ok"} {done} - {base}/{folder.name}')
            for line in wrong[:10]:
                print(f'# {line}')
    print(f'1..{done}')
    return int(bad > 0 or done < 30)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3]))
