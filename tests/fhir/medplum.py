#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the program writes is valid FHIR R4 and mCODE STU4 to a validator of other people: Medplum, from npm.

    medplum.py PROGRAM SOURCE_ROOT BUILD_FOLDER

npm installs it once into BUILD_FOLDER, as package-lock.json says. Every example and published case is written as a record and as
an assessment, and validated; then faults are put into that output, and the validator must see them, so that its silence means
something. Five faults it does not see (nor does any other validator on npm that was tried): for these `boneflare validate` has to.
Without node, npm or a registry the test is skipped, and says why.
"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / 'tools'))
import npm

LEAST = {'mcode-cancer-patient': 20, 'mcode-primary-cancer-condition': 20, 'mcode-tumor': 50, 'mcode-tumor-size': 20,
         'mcode-cancer-disease-status': 15, 'mcode-cancer-related-medication-administration': 20, 'mcode-tumor-marker-test': 10,
         'mcode-ecog-performance-status': 1, 'mcode-secondary-cancer-condition': 1, 'mcode-radiotherapy-course-summary': 1}


def validator(modules, *files):
    """Faults as texts, and the last line: how much was validated."""
    done = subprocess.run(['node', HERE / 'validate.mjs', modules, HERE / 'profiles', *files], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr.decode('utf-8', 'replace')[-2000:])
    *faults, last = [json.loads(line) for line in done.stdout.decode('utf-8').splitlines()]
    return [f'{pathlib.Path(f["file"]).name}:{f["line"]}: {f["fault"]}' for f in faults], last


def run(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=60)


def write_all(program, root, work):
    """Every case as an assessment, which holds its record; the examples as a record and as a transaction too."""
    files = [work / 'bone_metastasis.ndjson']  # no case folder here has a diagnosis without an image
    run(program, 'assess', HERE / 'bone_metastasis.json', '--format', 'fhir', '--out', files[0])
    for base in ('examples', 'tests/cases/published'):
        for folder in sorted(p for p in (root / base).iterdir() if any(p.glob('*.csv'))):
            name = f'{base.replace("/", "-")}-{folder.name}'
            if base == 'examples':
                run(program, 'convert', folder, '--to', 'fhir', '--out', work / name)
                files.append(work / name / 'bundles.ndjson')
            for form in ('fhir', 'fhir-put') if base == 'examples' else ('fhir',):
                files.append(work / f'{name}.{form}.ndjson')
                run(program, 'assess', folder, '--format', form, '--recorded', '2024-03-04T10:30:00Z', '--out', files[-1])
    return files


# ---- faults ----

def first(bundle, wanted):
    return next(e['resource'] for e in bundle['entry'] if wanted(e['resource']))


def size(bundle):
    return first(bundle, lambda r: any(p.endswith('mcode-tumor-size') for p in r.get('meta', {}).get('profile', [])))


def status(bundle):
    return first(bundle, lambda r: any(p.endswith('mcode-cancer-disease-status') for p in r.get('meta', {}).get('profile', [])))


def tumor(bundle):
    return first(bundle, lambda r: r['resourceType'] == 'BodyStructure')


def longest(resource):
    return next(c for c in resource['component'] if c['code']['coding'][0]['code'] == '33728-7')


def ecog(bundle):
    patient = first(bundle, lambda r: r['resourceType'] == 'Patient')
    resource = {'resourceType': 'Observation', 'id': 'ecog', 'status': 'final', 'effectiveDateTime': '2019-03-04', 'valueInteger': 1,
                'meta': {'profile': ['http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-ecog-performance-status']},
                'category': [{'coding': [{'system': 'http://terminology.hl7.org/CodeSystem/observation-category', 'code': 'survey'}]}],
                'code': {'coding': [{'system': 'http://loinc.org', 'code': '89247-1'}]},
                'subject': {'reference': f'urn:uuid:{patient["id"]}'}}
    bundle['entry'].append({'fullUrl': 'urn:uuid:00000000-0000-4000-8000-000000000001', 'resource': resource})
    return resource


SEEN = {
    'no status': lambda b: size(b).pop('status'),
    'an element that there is not': lambda b: size(b).update(colour='red'),
    'no longest dimension': lambda b: size(b)['component'].remove(longest(size(b))),
    'neither focus nor specimen': lambda b: size(b).pop('focus'),
    'another LOINC code': lambda b: size(b).update(code={'coding': [{'system': 'http://loinc.org', 'code': '21889-2'}]}),
    'a date that is none': lambda b: size(b).update(effectiveDateTime='04/05/2019'),
    'a number as a text': lambda b: longest(size(b))['valueQuantity'].update(value='12'),
    'a tumour without an identifier of its kind': lambda b: tumor(b)['identifier'][0].pop('type'),
    'ECOG 1.5': lambda b: ecog(b).update(valueInteger=1.5),
}
OURS = {
    'a size in inches': ('fhir.unit', lambda b: longest(size(b))['valueQuantity'].update(unit='in', code='[in_i]')),
    'two value[x]': ('fhir.value_twice', lambda b: ecog(b).update(valueString='1')),
    'a text where a code belongs': ('fhir.type', lambda b: status(b).update(valueString=status(b).pop('valueCodeableConcept')['coding'][0]['code'])),
    'a code outside its set': ('fhir.code_set', lambda b: status(b)['valueCodeableConcept']['coding'][0].update(code='271299009')),
    'ECOG 7': ('fhir.code_set', lambda b: ecog(b).update(valueInteger=7)),
}


def broken(bundle, damage, path):
    bundle = copy.deepcopy(bundle)
    damage(bundle)
    path.write_text(json.dumps(bundle) + '\n', encoding='utf-8')
    return path


def check_seen(modules, bundle, work):
    files = {name: broken(bundle, damage, work / f'fault-{i}.json') for i, (name, damage) in enumerate(SEEN.items())}
    faults, _ = validator(modules, *files.values())
    return [f'not seen: {name}' for name, path in files.items() if not any(f.startswith(path.name) for f in faults)]


def check_ours(program, modules, bundle, work):
    wrong = []
    for i, (name, (code, damage)) in enumerate(OURS.items()):
        path = broken(bundle, damage, work / f'ours-{i}.json')
        found = [json.loads(line) for line in run(program, 'validate', '--json', path).stdout.decode('utf-8').splitlines()]
        if not any(f.get('code') == code and f['severity'] == 'error' for f in found):
            wrong.append(f'boneflare validate does not say {code} of {name}')
        faults, _ = validator(modules, path)
        print(f'# {name}: {code} from boneflare, {"seen" if faults else "not seen"} by Medplum')
    return wrong


def check_output(modules, files):
    faults, last = validator(modules, *files)
    counts = {url.rsplit('/', 1)[-1]: n for url, n in last['profiles'].items()}
    print(f'# {last["resources"]} resources in {len(files)} files, {sum(counts.values())} against a profile')
    return faults[:20] + [f'only {counts.get(p, 0)} of {p}' for p, least in LEAST.items() if counts.get(p, 0) < least]


def main(program, root, build):
    root = pathlib.Path(root)
    try:
        modules = npm.installed(HERE, pathlib.Path(build).resolve(), 'Medplum')
    except npm.Skip as missing:
        print(f'1..0 # SKIP {missing}')
        return 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        files = write_all(program, root, work)
        bundle = json.loads((work / 'examples-shi2021_patient2.fhir.ndjson').read_text(encoding='utf-8').splitlines()[0])
        checks = [('everything that is written is valid', check_output(modules, files)),
                  ('the validator sees faults', check_seen(modules, bundle, work)),
                  ('boneflare validate sees those that it does not', check_ours(program, modules, bundle, work))]
    for number, (name, wrong) in enumerate(checks, 1):
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        for line in wrong:
            print(f'# {line}')
    print(f'1..{len(checks)}')
    return int(any(wrong for _, wrong in checks))


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:4]))
