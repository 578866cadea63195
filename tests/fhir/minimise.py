#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cuts mCODE's profile snapshots down to what a validator reads: minimise.py FOLDER_OF_SNAPSHOTS

Writes profiles/<name>.json for the profiles that the program claims and the extensions they name. The snapshots are those of
the mCODE Implementation Guide STU4 (hl7.fhir.us.mcode 4.0.0), HL7, CC0 1.0; see profiles/README.md.
"""
import json
import pathlib
import sys

PROFILES = ['cancer-patient', 'primary-cancer-condition', 'secondary-cancer-condition', 'cancer-disease-status', 'tumor', 'tumor-size', 'tumor-marker-test',
            'ecog-performance-status', 'cancer-related-medication-administration', 'radiotherapy-course-summary',
            'cancer-related-surgical-procedure', 'cancer-disease-status-evidence-type', 'histology-morphology-behavior',
            'related-condition', 'body-structure-identifier']
HEAD = ('resourceType', 'id', 'url', 'version', 'name', 'status', 'fhirVersion', 'kind', 'abstract', 'type', 'baseDefinition', 'derivation')
ELEMENT = ('id', 'path', 'sliceName', 'slicing', 'min', 'max', 'base', 'contentReference', 'type', 'binding')
CONSTRAINT = ('key', 'severity', 'human', 'expression')


def element(source):
    kept = {k: v for k, v in source.items() if k in ELEMENT or k.startswith(('fixed', 'pattern'))}
    if 'constraint' in source:
        kept['constraint'] = [{k: c[k] for k in CONSTRAINT if k in c} for c in source['constraint']]
    if 'binding' in kept:
        kept['binding'] = {k: v for k, v in kept['binding'].items() if k in ('strength', 'valueSet')}
    return kept


def main(folder):
    out = pathlib.Path(__file__).parent / 'profiles'
    for name in PROFILES:
        source = json.loads((pathlib.Path(folder) / f'StructureDefinition-mcode-{name}.json').read_text(encoding='utf-8'))
        small = {k: source[k] for k in HEAD if k in source}
        small['snapshot'] = {'element': [element(e) for e in source['snapshot']['element']]}
        (out / f'{name}.json').write_text(json.dumps(small, separators=(',', ':')) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main(sys.argv[1])
