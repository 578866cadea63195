#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""CDS Hooks: what is answered to good and broken requests. test_hooks.py DRIVER BONEFLARE SOURCE_ROOT. Prints TAP."""
import copy
import html
import json
import pathlib
import re
import subprocess
import sys

import cds

DRIVER, BONEFLARE, ROOT = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
CASES = ['debondt2020', 'isolated_alp', 'kaneko2017', 'satoh2021', 'shi2021_patient1', 'shi2021_patient2']
INSTANCE = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea'
VIEW, SIGN = 'boneflare-patient-view', 'boneflare-order-sign'
REGIMEN = 'MedicationRequest MedicationAdministration MedicationStatement'.split()
results, tests = [], []


class Driver:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([DRIVER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(self, service, body=b'', as_of='-'):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.process.stdin.write(f'{service} {as_of} {len(body)}\n'.encode() + body)
        self.process.stdin.flush()
        status, cards, size = map(int, self.process.stdout.readline().split())
        return status, cards, self.process.stdout.read(size)


driver = Driver('https://hospital.example/boneflare')


def test(function):
    """Each test yields what is wrong."""
    tests.append(function)
    return function


def case(name):
    return json.loads((ROOT / f'tests/cases/fhir/{name}.json').read_text())


def as_server(bundle):
    """With references as a server writes them, Type/id instead of the fullUrl of an entry."""
    text = json.dumps(bundle)
    for entry in bundle['entry']:
        text = text.replace(f'"reference": "{entry["fullUrl"]}"', f'"reference": "{entry["resource"]["resourceType"]}/{entry["resource"]["id"]}"')
    return json.loads(text)


def patient_of(bundle):
    return next(e['resource']['id'] for e in bundle['entry'] if e['resource']['resourceType'] == 'Patient')


def request(bundle, hook='patient-view', **more):
    body = {'hook': hook, 'hookInstance': INSTANCE, 'context': {'userId': 'Practitioner/7', 'patientId': patient_of(bundle)},
            'prefetch': {'observations': bundle}}
    return body | more


def on(day):
    return {'extension': {'example.boneflare.as-of': day}}


def order(text, patient='kaneko2017', **more):
    return {'resourceType': 'MedicationRequest', 'id': 'draft-1', 'status': 'draft', 'intent': 'order',
            'subject': {'reference': f'Patient/{patient}'}, 'medicationCodeableConcept': {'text': text}} | more


def signing(*orders, bundle=None, day='d38'):
    body = request(bundle or case('kaneko2017'), 'order-sign', **on(day))
    body['context']['draftOrders'] = {'resourceType': 'Bundle', 'type': 'collection', 'entry': [{'resource': o} for o in orders]}
    return body


def cards(service, body):
    status, count, text = driver.call(service, body)
    response = json.loads(text)
    if status != 200 or len(response['cards']) != count:
        raise AssertionError(f'{status}: {text[:300]}')
    return response


def assessed(name, day):
    run = subprocess.run([BONEFLARE, 'assess', str(ROOT / f'tests/cases/fhir/{name}.json'), '--as-of', day, '--format', 'json'],
                         capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def plain(detail):
    """The text of a detail as a reader sees it."""
    return html.unescape(re.sub(r'\\([^\w\s])', r'\1', detail))


def days_of(name):
    return ['d1'] + [f'd{point["day"]}' for point in assessed(name, 'd10000')['bone']['history']][:12]


@test
def discovery():
    """discovery names both services with what they need"""
    status, _, text = driver.call('discovery')
    document = json.loads(text)
    yield from cds.broken_discovery(document)
    if status != 200 or [s['hook'] for s in document['services']] != ['patient-view', 'order-sign']:
        yield 'services'
    if any('not a medical device' not in s['description'] for s in document['services']):
        yield 'the description does not say what it is not'


@test
def every_case():
    """every case on every day of its history: the cards keep the invariants and say what the assessment says"""
    seen = set()
    for name in CASES:
        for day in days_of(name):
            response = cards(VIEW, request(case(name), **on(day)))
            truth = assessed(name, day)
            yield from (f'{name} {day}: {x}' for x in cds.broken_response(response))
            yield from (f'{name} {day}: {x}' for x in says_otherwise(response['cards'], truth))
            seen |= {c['indicator'] for c in response['cards']} | {truth['bone']['state']}
    if not seen >= {'info', 'warning', 'flare_suspected', 'flare_confirmed', 'progression', 'none'}:
        yield f'only {seen}'


def says_otherwise(found, truth):
    alarms, now = truth['alarms'], truth['bone']
    if len(found) != len(alarms) + (now['state'] != 'none'):
        yield f'{len(found)} cards for {len(alarms)} alarms and {now["state"]}'
        return
    order_of = [a['finding'] for a in sorted(alarms, key=lambda a: not a['urgent'])]
    for card, finding in zip(found, order_of):
        if finding not in plain(card['detail']):
            yield f'alarm {finding}'
    if [c['indicator'] for c in found[:len(alarms)]] != ['critical' if a['urgent'] else 'warning' for a in sorted(alarms, key=lambda a: not a['urgent'])]:
        yield 'indicators of alarms'
    for card in found:
        yield from disclaimers(card)
    if now['state'] == 'none':
        return
    card, text = found[-1], plain(found[-1]['detail'])
    for e in now['evidence']:
        if f'- {e["finding"]} (' not in text:
            yield f'evidence {e["finding"]}'
    if text.count(' for flare;') + text.count(' for progression;') + text.count('(no weight;') + text.count('veto;') != len(now['evidence']):
        yield f'{len(now["evidence"])} findings'
    for step in truth['next']:
        if step['action'] not in text:
            yield f'step {step["action"]}'
    shown = re.search(r'probability of flare <?>?(\d+) % \(95 % interval <?>?(\d+) % to <?>?(\d+) %\)', card['summary'])
    if bool(shown) != now['question']:
        yield card['summary']
    elif shown:
        told = [now['p_flare'], *now['interval']]
        if any(abs(int(a) - 100 * b) > 1 for a, b in zip(shown.groups(), told)):
            yield f'{shown.groups()} for {told}'


def disclaimers(card):
    if 'not a medical device' not in card['source']['label'] or 'It is not a medical device' not in plain(card['detail']):
        yield 'no words on what this is not'
    if card['source']['url'] != 'https://hospital.example/boneflare':
        yield 'url of the source'


@test
def same_bytes():
    """the same call gives the same bytes; another hookInstance other uuids, and nothing else"""
    body = request(case('kaneko2017'), **on('d38'))
    first, second = driver.call(VIEW, body), driver.call(VIEW, body)
    other = driver.call(VIEW, body | {'hookInstance': '4a74b1d0-4fee-4d18-b76f-7f3bd361e4bc'})
    if first != second:
        yield 'other bytes'
    blank = lambda text: cds.UUID.sub('', text.decode())
    if other == first or blank(other[2]) != blank(first[2]):
        yield 'another instance'


@test
def separate_keys():
    """resources under the keys of discovery give the same cards as one Bundle; null says that there is nothing"""
    bundle = as_server(case('kaneko2017'))
    keys = dict(observations=['Observation'], medicationStatements=['MedicationStatement'], conditions=['Condition'],
                bodyStructures=['BodyStructure'], imagingStudies=['ImagingStudy'], procedures=['Procedure'])
    prefetch = {k: {'resourceType': 'Bundle', 'type': 'searchset',
                    'entry': [e for e in bundle['entry'] if e['resource']['resourceType'] in types]} for k, types in keys.items()}
    prefetch['patient'] = next(e['resource'] for e in bundle['entry'] if e['resource']['resourceType'] == 'Patient')
    prefetch |= {'medicationRequests': None, 'diagnosticReports': None}
    prefetch = {k: None if v and v.get('entry') == [] else v for k, v in prefetch.items()}
    rest = {e['resource']['resourceType'] for e in bundle['entry']} - {t for types in keys.values() for t in types} - {'Patient'}
    if rest:
        prefetch['others'] = {'resourceType': 'Bundle', 'type': 'searchset',
                              'entry': [e for e in bundle['entry'] if e['resource']['resourceType'] in rest]}
    whole = cards(VIEW, request(bundle, **on('d38')))
    parts = cards(VIEW, request(bundle, **on('d38')) | {'prefetch': prefetch})
    if whole['cards'][-1]['detail'] != parts['cards'][-1]['detail']:
        yield parts['cards'][-1]['detail'][:400]


@test
def silent():
    """no question, no card; nothing known, no card"""
    empty = {'patient': {'resourceType': 'Patient', 'id': 'p1'}, 'observations': {'resourceType': 'Bundle', 'type': 'searchset', 'total': 0},
             'medicationRequests': None}
    body = {'hook': 'patient-view', 'hookInstance': INSTANCE, 'context': {'userId': 'Practitioner/1', 'patientId': 'p1'}, 'prefetch': empty}
    for sent in (body, body | {'prefetch': {'observations': None, 'medicationRequests': None}}, request(case('isolated_alp'))):
        if driver.call(VIEW, sent)[1:] != (0, b'{"cards":[]}'):
            yield str(driver.call(VIEW, sent))


@test
def later_version():
    """members that CDS Hooks 3.0 adds, and unknown ones, are let through"""
    body = request(case('kaneko2017'), **on('d38')) | {
        'hookVersion': '1.0', 'fhirServer': 'https://host.example/fhir', 'unknown': {'a': [1, None]},
        'fhirAuthorization': {'access_token': 't', 'token_type': 'Bearer', 'expires_in': 300, 'scope': 'patient/Observation.rs',
                              'subject': 'cds', 'patient': 'kaneko2017'}}
    body['context'] |= {'patientId': 'Patient/kaneko2017', 'encounterId': '12', 'more': True}
    found = cards(VIEW, body)['cards']
    requests = [a['resource'] for s in found[-1]['suggestions'] for a in s['actions']]
    if any(r['encounter'] != {'reference': 'Encounter/12'} or r['subject'] != {'reference': 'Patient/kaneko2017'} for r in requests):
        yield 'encounter or subject of an order'
    if not (cds.request_r1(body) and cds.request_r2(body)):
        yield 'the request itself breaks an invariant'


@test
def given_day():
    """the day comes from the caller, and a day of calendar is not used where only days of therapy are known"""
    body = request(case('shi2021_patient1'))
    if '2018-05' in driver.call(VIEW, body)[2].decode().split('detail')[0]:
        yield 'not the last day'
    early = driver.call(VIEW, body, '2018-05-01')[2].decode()
    if '2018-05-01' not in early:
        yield early[:200]
    if driver.call(VIEW, request(case('kaneko2017')), '2026-11-22')[2] != driver.call(VIEW, request(case('kaneko2017')))[2]:
        yield 'kaneko2017'


@test
def incomplete():
    """further pages, and resources of other patients, are told in the detail"""
    bundle = case('kaneko2017')
    bundle['type'] = 'searchset'
    bundle['link'] = [{'relation': 'next', 'url': 'https://host.example/fhir?page=2'}]
    bundle['entry'].append({'resource': {'resourceType': 'Observation', 'id': 'x', 'status': 'final', 'subject': {'reference': 'Patient/other'},
                                         'code': {'coding': [{'system': 'http://loinc.org', 'code': '6768-6'}]}}})
    text = plain(cards(VIEW, request(bundle, **on('d38')))['cards'][-1]['detail'])
    for words in ('observations had further pages that were not sent', 'Resources of other patients were sent'):
        if words not in text:
            yield words


@test
def hostile():
    """what a record holds is shown as text: no HTML, no Markdown, no link"""
    evil = 'x</td><script>alert(1)</script> [a](javascript:1) ![i](http://evil.example/i.png) www.evil.example `c` *b* a@b.example'
    bundle = case('kaneko2017')
    text = json.dumps(bundle).replace('left 4th rib', evil.replace('"', '')).replace('"gefitinib"', '"gefitinib\\u202e <img src=x onerror=1>"')
    found = cards(VIEW, request(json.loads(text), **on('d38')))
    yield from cds.broken_response(found)
    detail = found['cards'][-1]['detail']
    for raw in ('<script', '<img', '[a](', '![i]', 'http://evil', 'www.evil', '`c`', ' *b*', 'a@b', '\u202e'):
        if raw in detail:
            yield f'{raw} stands in the detail'
    if 'alert(1)' not in detail:
        yield 'the text is gone'


@test
def order_sign():
    """order-sign speaks when the drug in force is stopped, or another one is started, while the question is open"""
    speaks = {
        'another drug': signing(order('osimertinib 80 MG Oral Tablet')),
        'a stop': signing(order('gefitinib', status='stopped')),
        'on hold': signing(order('gefitinib 250 mg', status='on-hold')),
        'not to be given': signing(order('gefitinib', doNotPerform=True)),
        'the second order': signing(order('paracetamol'), order('carboplatin')),
        'no subject': signing({k: v for k, v in order('pemetrexed').items() if k != 'subject'}),
        'a contained drug': signing(order('', contained=[{'resourceType': 'Medication', 'id': 'm', 'code': {'text': 'osimertinib'}}],
                                          medicationReference={'reference': '#m'}) | {'medicationCodeableConcept': None}),
        'a drug of the Bundle': signing({'resourceType': 'Medication', 'id': 'm', 'code': {'text': 'osimertinib'}},
                                        order('', medicationReference={'reference': 'Medication/m'}) | {'medicationCodeableConcept': None}),
    }
    for what, body in speaks.items():
        response = cards(SIGN, body)
        yield from (f'{what}: {x}' for x in cds.broken_response(response))
        if len(response['cards']) != 1 or response['cards'][0]['indicator'] != 'warning':
            yield f'{what}: no card'
            continue
        card = response['cards'][0]
        yield from disclaimers(card)
        if 'Bone flare suspected (94 %, 94 % to 94 %) and still open: this order ' not in card['summary']:
            yield f'{what}: {card["summary"]}'
        if 'since day 0' not in card['detail'] or 'Continue gefitinib' not in card['detail']:
            yield f'{what}: detail'


@test
def order_sign_silent():
    """order-sign is silent otherwise"""
    silent_ones = {
        'the same drug again': signing(order('gefitinib 250 MG Oral Tablet')),
        'a supportive drug': signing(order('denosumab'), order('zoledronic acid', status='stopped')),
        'an unknown drug': signing(order('paracetamol 500 mg')),
        'stop of a drug that is not given': signing(order('osimertinib', status='stopped')),
        'another patient': signing(order('osimertinib', patient='other')),
        'another kind of order': signing({'resourceType': 'ServiceRequest', 'id': 's', 'status': 'draft', 'intent': 'order',
                                          'subject': {'reference': 'Patient/kaneko2017'}, 'code': {'text': 'osimertinib'}}),
        'no order': signing(),
        'before the question': signing(order('osimertinib'), day='d5'),
        'an entry without a resource': signing(None, 7),
        'a confirmed flare': signing(order('osimertinib', patient=patient_of(case('shi2021_patient1'))), bundle=case('shi2021_patient1'), day='2018-07-20'),
        'progression': signing(order('osimertinib', patient=patient_of(case('debondt2020'))), bundle=case('debondt2020'), day='d215'),
    }
    for what, body in silent_ones.items():
        response = cards(SIGN, body)
        if response != {'cards': []}:
            yield f'{what}: {response["cards"][0]["summary"]}'


@test
def set_aside():
    """a draft may be set aside, an order that exists may not"""
    deletes = lambda body: [a for s in cards(SIGN, body)['cards'][0].get('suggestions', []) for a in s['actions'] if a['type'] == 'delete']
    if [a['resourceId'] for a in deletes(signing(order('osimertinib')))] != ['MedicationRequest/draft-1']:
        yield 'the draft'
    for body in (signing(order('gefitinib', status='stopped')), signing(order('osimertinib', status='active')),
                 signing({k: v for k, v in order('osimertinib').items() if k != 'id'})):
        if deletes(body):
            yield str(deletes(body))


def without(body, *path):
    body = copy.deepcopy(body)
    at = body
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return body


def changed(body, value, *path):
    body = copy.deepcopy(body)
    at = body
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return body


GOOD = request(case('kaneko2017'))
DRUGS_ONLY = {'medicationRequests': {'resourceType': 'Bundle', 'type': 'searchset', 'entry': []}}
FAILED = {'resourceType': 'OperationOutcome', 'issue': [{'severity': 'error', 'code': 'timeout'}]}
TOKEN = {'access_token': 't', 'token_type': 'Bearer', 'expires_in': 300, 'scope': 's', 'subject': 'c'}
SERVER = {'fhirServer': 'https://host.example/fhir'}
BROKEN = [
    ('no such service', 'nothing', GOOD, 404, '', 'no such service'),
    ('an empty body', VIEW, b'', 400, '', 'not JSON'),
    ('half a body', VIEW, json.dumps(GOOD).encode()[:-5], 400, '', 'not JSON'),
    ('not UTF-8', VIEW, b'{"hook":"\xff"}', 400, '', 'not JSON'),
    ('a list', VIEW, b'[]', 400, 'the body', 'not an object'),
    ('a key twice', VIEW, b'{"hook":"patient-view","hook":"patient-view"}', 400, '', 'twice'),
    ('too deep', VIEW, b'[' * 1000 + b']' * 1000, 400, '', 'nested deeper'),
    ('too long', VIEW, b' ' * ((8 << 20) + 1), 413, '', 'longer than'),
    ('no hook', VIEW, without(GOOD, 'hook'), 400, 'hook', 'missing'),
    ('another hook', VIEW, changed(GOOD, 'order-sign', 'hook'), 400, 'hook', 'is for the hook patient-view'),
    ('an unknown hook', VIEW, changed(GOOD, 'tea-time', 'hook'), 400, 'hook', 'tea-time'),
    ('a hook that is a number', VIEW, changed(GOOD, 7, 'hook'), 400, 'hook', 'not a text'),
    ('no hookInstance', VIEW, without(GOOD, 'hookInstance'), 400, 'hookInstance', 'missing'),
    ('a hookInstance that is no UUID', VIEW, changed(GOOD, '1', 'hookInstance'), 400, 'hookInstance', 'not a UUID'),
    ('no context', VIEW, without(GOOD, 'context'), 400, 'context', 'missing'),
    ('a context that is a text', VIEW, changed(GOOD, 'x', 'context'), 400, 'context', 'not an object'),
    ('no user', VIEW, without(GOOD, 'context', 'userId'), 400, 'context.userId', 'missing'),
    ('a user that is no reference', VIEW, changed(GOOD, 'me', 'context', 'userId'), 400, 'context.userId', 'reference'),
    ('no patient', VIEW, without(GOOD, 'context', 'patientId'), 400, 'context.patientId', 'missing'),
    ('a patient that is no id', VIEW, changed(GOOD, '../x', 'context', 'patientId'), 400, 'context.patientId', 'id of FHIR'),
    ('a long id', VIEW, changed(GOOD, 'x' * 65, 'context', 'patientId'), 400, 'context.patientId', 'id of FHIR'),
    ('an encounter that is a number', VIEW, changed(GOOD, 1, 'context', 'encounterId'), 400, 'context.encounterId', 'not a text'),
    ('order-sign without drafts', SIGN, changed(GOOD, 'order-sign', 'hook'), 400, 'context.draftOrders', 'missing'),
    ('drafts that are no Bundle', SIGN, changed(changed(GOOD, 'order-sign', 'hook'), {'resourceType': 'List'}, 'context', 'draftOrders'),
     400, 'context.draftOrders', 'not a Bundle'),
    ('cds-r-1', VIEW, GOOD | {'fhirAuthorization': TOKEN}, 400, 'fhirServer', 'cds-r-1'),
    ('a server that is no URL', VIEW, GOOD | {'fhirServer': 'host'}, 400, 'fhirServer', 'not a URL'),
    ('a token of another kind', VIEW, GOOD | SERVER | {'fhirAuthorization': TOKEN | {'token_type': 'MAC'}}, 400, 'fhirAuthorization.token_type', 'Bearer'),
    ('a token without a scope', VIEW, GOOD | SERVER | {'fhirAuthorization': without(TOKEN, 'scope')}, 400, 'fhirAuthorization.scope', 'missing'),
    ('a token for another patient (cds-r-2)', VIEW, GOOD | SERVER | {'fhirAuthorization': TOKEN | {'patient': 'other'}}, 400, 'fhirAuthorization.patient', 'another patient'),
    ('a day that is none', VIEW, GOOD | on('04/05/2019'), 400, 'extension', 'a date such as'),
    ('a prefetch that is a list', VIEW, changed(GOOD, [], 'prefetch'), 400, 'prefetch', 'not an object'),
    ('a prefetch that is a text', VIEW, changed(GOOD, 'x', 'prefetch', 'observations'), 400, 'prefetch.observations', 'no FHIR resource'),
    ('a prefetch without a type', VIEW, changed(GOOD, {'a': 1}, 'prefetch', 'observations'), 400, 'prefetch.observations', 'no FHIR resource'),
    ('another patient', VIEW, changed(GOOD, {'resourceType': 'Patient', 'id': 'other'}, 'prefetch', 'patient'), 400, 'prefetch.patient', 'another patient'),
    ('no prefetch', VIEW, without(GOOD, 'prefetch'), 412, 'prefetch.observations', 'Observations are needed'),
    ('no prefetch, and a server', VIEW, without(GOOD, 'prefetch') | SERVER | {'fhirAuthorization': TOKEN}, 412, 'prefetch.observations', 'asks no server'),
    ('an empty prefetch', VIEW, changed(GOOD, {}, 'prefetch'), 412, 'prefetch.observations', 'Observations are needed'),
    ('drugs only', VIEW, changed(GOOD, DRUGS_ONLY, 'prefetch'), 412, 'prefetch.observations', 'Observations are needed'),
    ('observations only', VIEW, changed(GOOD, {'observations': None}, 'prefetch'), 412, 'prefetch.medicationRequests', 'drugs are needed'),
    ('a failed search', VIEW, changed(GOOD, DRUGS_ONLY | {'observations': FAILED}, 'prefetch'), 412, 'prefetch.observations', 'Observations are needed'),
    ('a failure in a Bundle', VIEW, changed(GOOD, DRUGS_ONLY | {'observations': {'resourceType': 'Bundle', 'type': 'searchset', 'entry': [{'resource': FAILED}]}}, 'prefetch'),
     412, 'prefetch.observations', 'Observations are needed'),
    ('Bundles in Bundles', VIEW, changed(GOOD, None, 'prefetch', 'medicationRequests'), 400, 'prefetch', 'cannot be read'),
]
inner = {'resourceType': 'Bundle', 'type': 'collection', 'entry': []}
for _ in range(6):
    inner = {'resourceType': 'Bundle', 'type': 'collection', 'entry': [{'resource': inner}]}
BROKEN[-1][2]['prefetch']['observations'] = inner


def broken(what, service, body, status, expression, words):
    got, count, text = driver.call(service, body)
    outcome = json.loads(text)
    issue = outcome.get('issue', [{}])[0]
    if got != status or count:
        yield f'status {got}: {text[:200]}'
    elif outcome['resourceType'] != 'OperationOutcome' or issue['severity'] != 'error' or list(cds.empty(outcome)):
        yield f'no OperationOutcome: {text[:200]}'
    elif words not in issue['details']['text'] or issue.get('expression', [''])[0] != expression:
        yield f'{issue}'


for row in BROKEN:
    results.append((f'{row[0]}: {row[3]}', list(broken(*row))))

FEEDBACK = {'card': '4e0a3a1e-3283-4575-ab82-028d55fe2719', 'outcome': 'accepted', 'outcomeTimestamp': '2021-12-11T10:05:31Z',
            'acceptedSuggestions': [{'id': 'e56e1945-20b3-4393-8503-a1a20fd73152'}]}
OVERRIDDEN = {'card': '9368d37b-283f-44a0-93ea-547cebab93ed', 'outcome': 'overridden', 'outcomeTimestamp': '2020-12-11T00:00:00Z',
              'overrideReason': {'reason': {'code': 'not-tolerated', 'system': 'https://a.example/r'}, 'userComment': 'rash'}}


@test
def feedback():
    """feedback is read"""
    plain_override = without(OVERRIDDEN, 'overrideReason')
    comment = OVERRIDDEN | {'overrideReason': {'userComment': 'no'}}
    status, count, text = driver.call(f'feedback:{VIEW}', {'feedback': [FEEDBACK, OVERRIDDEN, plain_override, comment]})
    expected = ['4e0a3a1e-3283-4575-ab82-028d55fe2719|accepted|1|e56e1945-20b3-4393-8503-a1a20fd73152||||2021-12-11T10:05:31Z',
                '9368d37b-283f-44a0-93ea-547cebab93ed|overridden|0||not-tolerated|https://a.example/r|rash|2020-12-11T00:00:00Z',
                '9368d37b-283f-44a0-93ea-547cebab93ed|overridden|0|||||2020-12-11T00:00:00Z',
                '9368d37b-283f-44a0-93ea-547cebab93ed|overridden|0||||no|2020-12-11T00:00:00Z']
    if (status, count) != (200, 4) or text.decode().splitlines() != expected:
        yield text.decode()


BROKEN_FEEDBACK = [
    ('no list', {}, 'feedback', 'missing'),
    ('no object in the list', {'feedback': [7]}, 'feedback.card', 'missing'),
    ('no card', {'feedback': [without(FEEDBACK, 'card')]}, 'feedback.card', 'missing'),
    ('a card that is no UUID', {'feedback': [FEEDBACK | {'card': '1'}]}, 'feedback.card', 'UUID'),
    ('no outcome', {'feedback': [without(FEEDBACK, 'outcome')]}, 'feedback.outcome', 'missing'),
    ('cds-fb-1', {'feedback': [FEEDBACK | {'outcome': 'ignored'}]}, 'feedback.outcome', 'cds-fb-1'),
    ('cds-fb-2', {'feedback': [without(FEEDBACK, 'acceptedSuggestions')]}, 'feedback.acceptedSuggestions', 'cds-fb-2'),
    ('cds-fb-2, empty', {'feedback': [FEEDBACK | {'acceptedSuggestions': []}]}, 'feedback.acceptedSuggestions', 'cds-fb-2'),
    ('cds-fb-3', {'feedback': [OVERRIDDEN | {'overrideReason': {}}]}, 'feedback.overrideReason', 'cds-fb-3'),
    ('a reason without a code', {'feedback': [OVERRIDDEN | {'overrideReason': {'reason': {'display': 'x'}}}]}, 'feedback.overrideReason.reason.code', 'missing'),
    ('no time', {'feedback': [without(FEEDBACK, 'outcomeTimestamp')]}, 'feedback.outcomeTimestamp', 'missing'),
    ('a time that is none', {'feedback': [FEEDBACK | {'outcomeTimestamp': 'yesterday'}]}, 'feedback.outcomeTimestamp', 'not a time'),
    ('one bad of two', {'feedback': [FEEDBACK, without(FEEDBACK, 'card')]}, 'feedback.card', 'missing'),
]
for what, body, expression, words in BROKEN_FEEDBACK:
    results.append((f'feedback, {what}: 400', list(broken(what, f'feedback:{VIEW}', body, 400, expression, words))))
results.append(('feedback for no service: 404', list(broken('', 'feedback:nothing', {'feedback': [FEEDBACK]}, 404, '', 'no such service'))))


@test
def named_invariants():
    """every invariant that HL7 publishes is checked here by its name"""
    folder = ROOT.parent / 'shared/data/fhir/cds-hooks/input/fsh/invariants'
    if folder.is_dir() and {p.stem for p in folder.glob('*.fsh')} != set(cds.INVARIANTS):
        yield str(set(cds.INVARIANTS))
    bad = {'cds-r-1': {'fhirAuthorization': {}}, 'cds-r-2': {'fhirAuthorization': {'scope': 'patient/*.rs'}},
           'cds-resp-1': {'selectionBehavior': 'at-most-one', 'suggestions': [{'isRecommended': True}] * 2},
           'cds-resp-2': {'type': 'delete', 'resource': {}}, 'cds-resp-3': {'type': 'absolute', 'appContext': 'x'},
           'cds-resp-4': {'overrideReasons': [{'code': 'x'}]}, 'cds-resp-5': {'actions': [{'type': 'create'}]},
           'cds-resp-6': {'suggestions': [1]}, 'cds-resp-7': {'actionSelectionBehavior': 'some'}, 'cds-fb-1': {'outcome': 'x'},
           'cds-fb-2': {'outcome': 'accepted'}, 'cds-fb-3': {'overrideReason': {}}}
    yield from (f'{name} lets its own breach through' for name, holds in cds.INVARIANTS.items() if holds(bad[name]))


results += [(function.__doc__, list(function() or [])) for function in tests]
print(f'1..{len(results)}')
for number, (name, problems) in enumerate(results, 1):
    print(f'{"not " if problems else ""}ok {number} - {name}')
    for problem in problems[:5]:
        print(f'# {problem}')
sys.exit(any(problems for _, problems in results))
