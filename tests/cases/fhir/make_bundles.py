#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes case folders as FHIR R4 Bundles: make_bundles.py SOURCE_ROOT [--check]

One file examples/NAME -> tests/cases/fhir/NAME.json. Public codes where there are any (mCODE TumorSize, LOINC, SNOMED CT), the
program's own vocabulary (docs/fhir.md) for the rest. The id of each resource ends in its table and row: "lesions-4" is row 4 of
lesions.csv. --check compares instead of writing.
"""
import csv
import json
import pathlib
import re
import sys
import tomllib

OWN = 'https://boneflare.example/fhir/'
LOINC, SNOMED, UCUM = 'http://loinc.org', 'http://snomed.info/sct', 'http://unitsofmeasure.org'
MCODE = 'http://hl7.org/fhir/us/mcode/StructureDefinition/'
METHODS = {'ct': '77477000', 'mri': '113091000', 'xray': '363680008', 'ultrasound': '16310003'}
LESION_WORDS = ('role', 'matrix', 'state', 'uptake', 'beyond_bone')
LESION_NUMBERS = ('hu_mean', 'suv_max', 'soft_tissue_mm', 'count', 'slice_mm')


def rows(folder, table):
    """(row number, dict of the cells that say something)"""
    path = folder / f'{table}.csv'
    if not path.exists():
        return
    with path.open(encoding='utf-8', newline='') as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            yield reader.line_num, {key: value.strip() for key, value in row.items() if key and value and value.strip()}


def number(text):
    """A JSON number with its digits as written: json.dumps would write 29 as 29.0 or lose a zero."""
    return f'@number {text}@'


def dumps(value):
    return re.sub(r'"@number ([^@"]+)@"', r'\1', json.dumps(value, indent=1, ensure_ascii=False)) + '\n'


def coding(system, code, display=None):
    entry = {'system': system, 'code': code}
    return {'coding': [entry | ({'display': display} if display else {})]}


def own(system, code):
    return coding(f'{OWN}CodeSystem/{system}', code)


def extension(name, text):
    return {'url': f'{OWN}StructureDefinition/{name}', 'valueString': text}


def date_into(target, key, text):
    """A calendar date as it is; a day of therapy in the own extension, as FHIR has no such date."""
    if not text:
        return
    if re.match(r'\d{4}', text):
        target[key] = text
    else:
        target['_' + key] = {'extension': [extension('study-day', text)]}


def component(code, value):
    part = {'code': own('component', code)}
    return part | value


def finish(resource, row):
    if 'note' in row and resource['resourceType'] != 'Patient':
        resource['note'] = [{'text': row['note']}]
    if 'source' in row:
        resource.setdefault('extension', []).append(extension('source', row['source']))
    return resource


def base(kind, table, line, row):
    ident = f'{row["patient"].replace("_", "-").replace("*", "study")}-{table}-{line}'
    resource = {'resourceType': kind, 'id': ident}
    if row['patient'] != '*':
        resource['subject'] = {'reference': f'urn:uuid:{patient_uuid(row["patient"])}'}
    return resource


def patient_uuid(patient):
    return '00000000-0000-4000-8000-' + patient.encode().hex()[-12:].rjust(12, '0')


def patient(line, row):
    resource = {'resourceType': 'Patient', 'id': row['patient'].replace('_', '-'), 'identifier': [{'value': row['patient']}], 'extension': []}
    if 'sex' in row:
        resource['gender'] = {'F': 'female', 'M': 'male'}[row['sex']]
    date_into(resource, 'birthDate', row.get('birth_date'))
    date_into(resource, 'deceasedDateTime', row.get('death_date'))
    for name in ('age', 'day0', 'smoking', 'label', 'note'):
        if name in row:
            resource['extension'].append(extension(name, row[name]))
    yield finish(resource, row)
    if not any(name in row for name in ('tumour', 'histology', 'stage', 'tnm')):
        return
    condition = base('Condition', 'patients', line, row)
    condition['extension'] = [extension(name, row[key]) for name, key in
                              (('tumour', 'tumour'), ('histology', 'histology'), ('tnm-edition', 'tnm_edition')) if key in row]
    condition['meta'] = {'profile': [MCODE + 'mcode-primary-cancer-condition']}
    condition['code'] = {'text': f'malignant neoplasm of {row.get("tumour", "unknown site")}'}
    condition['stage'] = [{'type': own('fact', key), 'summary': {'text': row[key]}} for key in ('stage', 'tnm') if key in row]
    yield condition


def therapy(line, row):
    drug = row.get('intent', 'anticancer') in ('anticancer', 'bone_agent', 'supportive')
    resource = base('MedicationStatement' if drug else 'Procedure', 'therapy', line, row)
    resource['status'] = 'unknown' if drug else 'completed'
    period = {}
    date_into(period, 'start', row.get('start'))
    date_into(period, 'end', row.get('stop'))
    resource['extension'] = [extension(name, row[name]) for name in ('class', 'intent', 'line') if name in row]
    if drug:
        resource['extension'].append(extension('course', 'as told'))
        resource['medicationCodeableConcept'] = {'text': row['drug']}
        resource['effectivePeriod'] = period
        if 'dose' in row:
            resource['dosage'] = [{'text': row['dose']}]
    else:
        resource['code'] = {'text': row['drug']}
        resource['performedPeriod'] = period
        if 'site' in row:
            resource['bodySite'] = [{'text': row['site']}]
        if 'dose' in row:
            resource['extension'].append(extension('dose', row['dose']))
    if 'reason_stopped' in row:
        reason = {'text': row['reason_stopped']}
        resource['statusReason'] = [reason] if drug else reason
    yield finish(resource, row)


def observation(table, line, row, code):
    resource = base('Observation', table, line, row) | {'status': 'final', 'code': code}
    date_into(resource, 'effectiveDateTime', row.get('date'))
    return resource


def millimetres(loinc, text):
    return {'code': coding(LOINC, loinc), 'valueQuantity': {'value': number(text), 'unit': 'mm', 'system': UCUM, 'code': 'mm'}}


def lesion(line, row, structures):
    code = own('fact', 'lesion')
    if 'longest_mm' in row:
        code['coding'].append({'system': LOINC, 'code': '21889-1'})
    resource = observation('lesions', line, row, code)
    key = (row['patient'], row['lesion'])
    if key not in structures:
        structures[key] = f'{row["patient"].replace("_", "-")}-tumor-{len(structures) + 1}'
        yield {'resourceType': 'BodyStructure', 'id': structures[key], 'meta': {'profile': [MCODE + 'mcode-tumor']},
               'identifier': [{'value': row['lesion']}], 'patient': resource['subject'], 'location': {'text': row.get('site', row['lesion'])}}
    resource['focus'] = [{'reference': f'BodyStructure/{structures[key]}'}]
    resource['bodySite'] = ({'text': row['site']} if 'site' in row else {}) | (own('organ', row['organ']) if 'organ' in row else {})
    if not resource['bodySite']:
        del resource['bodySite']
    if 'modality' in row:
        method = own('modality', row['modality'])
        if row['modality'] in METHODS:
            method['coding'].append({'system': SNOMED, 'code': METHODS[row['modality']]})
        resource['method'] = method
    parts = [millimetres(loinc, row[name]) for name, loinc in (('longest_mm', '33728-7'), ('short_mm', '33729-5')) if name in row]
    parts += [component(name, {'valueCodeableConcept': own(name, row[name])}) for name in LESION_WORDS if name in row]
    if 'change' in row:
        parts.append(component('change', {'valueString': row['change']}))
    parts += [component(name, {'valueQuantity': {'value': number(row[name])}}) for name in LESION_NUMBERS if name in row]
    if parts:
        resource['component'] = parts
    yield finish(resource, row)


def lab(line, row, loinc):
    code = own('analyte', row['analyte']) | {'text': row['analyte']}
    if row['analyte'] in loinc:
        code['coding'].append({'system': LOINC, 'code': loinc[row['analyte']]})
    resource = observation('labs', line, row, code)
    resource['category'] = [coding('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory')]
    plain = re.fullmatch(r'([<>]?)(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE]\d+)?)', row['value'])
    if plain:
        resource['valueQuantity'] = ({'value': number(plain[2])} | ({'comparator': plain[1]} if plain[1] else {}) |
                                     ({'unit': row['unit']} if 'unit' in row else {}))
    else:
        resource['valueString'] = row['value']
    limits = {side: {'value': number(row[column])} for side, column in (('low', 'ref_low'), ('high', 'ref_high')) if column in row}
    if limits:
        resource['referenceRange'] = [limits]
    if 'method' in row:
        resource['method'] = {'text': row['method']}
    yield finish(resource, row)


def told(table, line, row, fact, names):
    resource = observation(table, line, row, own('fact', fact))
    resource['component'] = [component(name, {'valueString': row[name]}) for name in names if name in row]
    if 'site' in row:
        resource['bodySite'] = {'text': row['site']}
    if 'method' in row:
        resource['method'] = {'text': row['method']}
    if 'text' in row:
        resource['note'] = [{'text': row['text']}]
    yield finish(resource, row)


def clinical(line, row):
    ecog = row.get('item') == 'ecog' and re.fullmatch('[0-5]', row.get('value', ''))
    if not ecog or 'site' in row:
        yield from told('clinical', line, row, 'clinical', ('item', 'value', 'unit'))
        return
    resource = observation('clinical', line, row, coding(LOINC, '89247-1', 'ECOG Performance Status score'))
    resource['valueInteger'] = int(row['value'])
    yield finish(resource, row)


def bundle(root, folder):
    analytes = tomllib.loads((root / 'rulebook/terms/analytes.toml').read_text(encoding='utf-8'))['analyte']
    loinc = {a['id']: a['loinc'] for a in analytes if a.get('loinc')}
    structures, resources = {}, []
    for line, row in rows(folder, 'patients'):
        resources += patient(line, row)
    for line, row in rows(folder, 'therapy'):
        resources += therapy(line, row)
    for line, row in rows(folder, 'lesions'):
        resources += lesion(line, row, structures)
    for line, row in rows(folder, 'labs'):
        resources += lab(line, row, loinc)
    for line, row in rows(folder, 'clinical'):
        resources += clinical(line, row)
    for line, row in rows(folder, 'molecular'):
        resources += told('molecular', line, row, 'molecular', ('gene', 'variant', 'result', 'specimen'))
    for line, row in rows(folder, 'pathology'):
        resources += told('pathology', line, row, 'pathology', ('organ', 'procedure', 'result'))
    for line, row in rows(folder, 'notes'):
        resources += told('notes', line, row, 'note', ('topic', 'value', 'stated_day'))
    entries = []
    for resource in resources:
        if resource['resourceType'] == 'Patient':
            url = f'urn:uuid:{patient_uuid(resource["identifier"][0]["value"])}'
        else:
            url = f'https://boneflare.example/fhir/{resource["resourceType"]}/{resource["id"]}'
        entries.append({'fullUrl': url, 'resource': resource})
    return {'resourceType': 'Bundle', 'type': 'collection', 'entry': entries}


def main():
    root = pathlib.Path(sys.argv[1])
    here = root / 'tests/cases/fhir'
    wrong = 0
    for folder in sorted(p.parent for p in (root / 'examples').glob('*/patients.csv')):
        text = dumps(bundle(root, folder))
        path = here / f'{folder.name}.json'
        if '--check' not in sys.argv:
            path.write_text(text, encoding='utf-8')
        elif path.exists() and path.read_text(encoding='utf-8') != text:
            print(f'{path.name} differs: run tests/cases/fhir/make_bundles.py SOURCE_ROOT', file=sys.stderr)
            wrong = 1
    return wrong


if __name__ == '__main__':
    sys.exit(main())
