# SPDX-License-Identifier: Apache-2.0
"""The rules of CDS Hooks 2.0.1 that a program can check: its twelve invariants by name, and the shape of each document."""
import re

UUID = re.compile(r'(urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', re.I)


def request_r1(request):
    return 'fhirAuthorization' not in request or 'fhirServer' in request


def request_r2(request):
    given = request.get('fhirAuthorization', {})
    return 'patient/' not in given.get('scope', '') or 'patient' in given


def response_1(card):
    recommended = [s for s in card.get('suggestions', []) if s.get('isRecommended')]
    return card.get('selectionBehavior') != 'at-most-one' or len(recommended) <= 1


def response_2(action):
    return action['type'] != 'delete' or ('resourceId' in action and 'resource' not in action)


def response_3(link):
    return link['type'] == 'smart' or 'appContext' not in link


def response_4(card):
    return all(reason.get('display') for reason in card.get('overrideReasons', []))


def response_5(suggestion):
    return all(action.get('description') for action in suggestion.get('actions', []))


def response_6(card):
    return 'suggestions' not in card or 'selectionBehavior' in card


def response_7(suggestion):
    return suggestion.get('actionSelectionBehavior') in (None, 'all', 'any', 'at-most-one')


def feedback_1(feedback):
    return feedback.get('outcome') in ('accepted', 'overridden')


def feedback_2(feedback):
    return feedback.get('outcome') != 'accepted' or bool(feedback.get('acceptedSuggestions'))


def feedback_3(feedback):
    reason = feedback.get('overrideReason')
    return reason is None or 'reason' in reason or 'userComment' in reason


INVARIANTS = {'cds-r-1': request_r1, 'cds-r-2': request_r2, 'cds-resp-1': response_1, 'cds-resp-2': response_2,
              'cds-resp-3': response_3, 'cds-resp-4': response_4, 'cds-resp-5': response_5, 'cds-resp-6': response_6,
              'cds-resp-7': response_7, 'cds-fb-1': feedback_1, 'cds-fb-2': feedback_2, 'cds-fb-3': feedback_3}


def empty(value, path=''):
    """Paths of null and empty members, which CDS Hooks does not allow."""
    if value in (None, '', [], {}):
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield from empty(inner, f'{path}.{key}')


def broken_card(card):
    """What is wrong with a card, one text each."""
    for name in ('cds-resp-1', 'cds-resp-4', 'cds-resp-6'):
        if not INVARIANTS[name](card):
            yield name
    for suggestion in card.get('suggestions', []):
        if not response_5(suggestion):
            yield 'cds-resp-5'
        if not response_7(suggestion):
            yield 'cds-resp-7'
        if not suggestion.get('label') or not UUID.fullmatch(suggestion.get('uuid', '')):
            yield 'a suggestion without label or uuid'
        for action in suggestion.get('actions', []):
            if not response_2(action):
                yield 'cds-resp-2'
            if action['type'] not in ('create', 'update', 'delete') or (action['type'] != 'delete') != ('resource' in action):
                yield 'an action that is none'
    for link in card.get('links', []):
        if not response_3(link):
            yield 'cds-resp-3'
        if link['type'] != 'absolute' or not link['url'].startswith('https://') or not link['label']:
            yield 'a link that is none'
    if not 0 < len(card.get('summary', '')) < 140 or '\n' in card['summary']:
        yield 'summary'
    if card.get('indicator') not in ('info', 'warning', 'critical'):
        yield 'indicator'
    if not card.get('source', {}).get('label'):
        yield 'source'
    if card.get('selectionBehavior') not in (None, 'any', 'at-most-one'):
        yield 'selectionBehavior'
    if not UUID.fullmatch(card.get('uuid', '')):
        yield 'uuid'
    yield from (f'empty: {path}' for path in empty(card))


def broken_response(response):
    if list(response) != ['cards']:
        yield 'members of the response'
    for card in response['cards']:
        yield from broken_card(card)
    uuids = [x['uuid'] for c in response['cards'] for x in [c] + c.get('suggestions', [])]
    if len(set(uuids)) != len(uuids):
        yield 'a uuid twice'


def broken_discovery(document):
    for service in document['services']:
        for key in ('hook', 'description', 'id'):
            if not service.get(key):
                yield f'{key} is missing'
        for key, query in service.get('prefetch', {}).items():
            if not re.fullmatch(r'[A-Z][A-Za-z]+(/|\?patient=)\{\{context\.patientId\}\}', query):
                yield f'prefetch {key}'
        yield from empty(service)
