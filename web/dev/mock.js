// SPDX-License-Identifier: Apache-2.0
// Stands in for `boneflare serve` until that answers: the example cases, assessed by the real program.
//   node dev/mock.js PROGRAM PORT
import { createServer } from 'node:http';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, existsSync, mkdtempSync, cpSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, extname, resolve } from 'node:path';
import { createHash } from 'node:crypto';

const [given = '../build/apps/cli/boneflare', port = '8377'] = process.argv.slice(2);
const program = resolve(given);
const root = new URL('../..', import.meta.url).pathname;
const dist = join(root, 'web/dist');
const CASES = ['debondt2020', 'shi2021_patient1', 'shi2021_patient2', 'kaneko2017', 'satoh2021', 'isolated_alp'];
const work = mkdtempSync(join(tmpdir(), 'boneflare-mock-'));
const patients = new Map();
const run = (...args) => execFileSync(program, args, { cwd: root, maxBuffer: 1 << 28 }).toString();
const table = text => text.trim().split(/\r?\n/).map(line => {
  const cells = [];
  line.replace(/("(?:[^"]|"")*"|[^,]*)(,|$)/g, (_, cell, end) => {
    if (cells.done) return '';
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '') cells.done = true;
    return '';
  });
  return [...cells];
});
for (const name of CASES) {
  const folder = join(work, name);
  cpSync(join(root, 'examples', name), folder, { recursive: true });
  const key = createHash('sha256').update(name).digest('hex').replace(/[^a-z2-7]/g, '').padEnd(26, 'a').slice(0, 26);
  patients.set(key, { key, folder, version: 1, reviews: [] });
}
const tables = p => Object.fromEntries(readdirSync(p.folder).filter(f => f.endsWith('.csv')).map(f => {
  const [columns, ...rows] = table(readFileSync(join(p.folder, f), 'utf8'));
  return [f, { columns, rows }];
}));
const assess = (p, asOf) => run('assess', p.folder, '--format', 'json', ...(asOf ? ['--as-of', asOf] : []));
const head = p => {
  const a = JSON.parse(assess(p)), step = a.next[0];
  return { key: p.key, id: a.patient, state: a.bone.state, p_flare: a.bone.p_flare, low: a.bone.interval?.[0] ?? null,
    high: a.bone.interval?.[1] ?? null, alarms: a.alarms.length, questions: a.issues.filter(i => i.severity !== 'note').length,
    next_step: step?.action ?? null, due: step?.by?.date ?? (step?.by ? `d${step.by.day}` : null),
    review: p.reviews.at(-1)?.status ?? 'draft', version: p.version, updated: 1700000000000 };
};
const objects = t => t ? t.rows.map(r => Object.fromEntries(t.columns.map((c, i) => [c, r[i] ?? '']))) : [];
function timeline(p) {
  const t = tables(p), a = JSON.parse(assess(p));
  const day0 = a.as_of.date ? new Date(Date.parse(a.as_of.date) - a.as_of.day * 864e5).toISOString().slice(0, 10) : null;
  const at = text => {
    const last = (text || '').split('..').at(-1);
    if (/^d-?\d+$/.test(last)) return { day: Number(last.slice(1)), date: null };
    const m = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(last);
    if (!m || !day0) return null;
    const date = m[3] ? last : new Date(Date.UTC(+m[1], +m[2], 0)).toISOString().slice(0, 10);
    return { day: Math.round((Date.parse(date) - Date.parse(day0)) / 864e5), date };
  };
  const studies = new Map();
  const lesions = new Map();
  for (const r of objects(t['lesions.csv'])) {
    const when = at(r.date);
    if (when) studies.set(`${when.day} ${r.modality}`, { ...when, modality: r.modality });
    if (!lesions.has(r.lesion)) lesions.set(r.lesion, { id: r.lesion, site: r.site, organ: r.organ, role: r.role, matrix: r.matrix, course: [] });
    lesions.get(r.lesion).course.push({ ...(when || { day: null, date: null }), modality: r.modality, state: r.state, change: r.change, role: r.role,
      longest_mm: r.longest_mm === '' ? null : Number(r.longest_mm), short_mm: r.short_mm === '' ? null : Number(r.short_mm), note: r.note });
  }
  return {
    day0, days: a.bone.history.map(h => ({ day: h.day, date: h.date, state: h.state, p_flare: h.p_flare })),
    therapies: objects(t['therapy.csv']).map(r => ({ drug: r.drug, class: r.class, intent: r.intent, start: at(r.start), stop: at(r.stop), dose: r.dose,
      reason_stopped: r.reason_stopped, site: r.site })),
    studies: [...studies.values()], lesions: [...lesions.values()],
    events: [...objects(t['clinical.csv']).map(r => ({ ...at(r.date), kind: 'clinical', text: `${r.item}: ${r.value}` })),
      ...objects(t['molecular.csv']).map(r => ({ ...at(r.date), kind: 'molecular', text: `${r.gene} ${r.variant} ${r.result}` })),
      ...objects(t['pathology.csv']).map(r => ({ ...at(r.date), kind: 'pathology', text: `${r.procedure} ${r.site}: ${r.result}` }))].filter(e => 'day' in e),
  };
}
const body = request => new Promise(done => {
  const parts = [];
  request.on('data', part => parts.push(part)).on('end', () => done(Buffer.concat(parts).toString()));
});
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";
async function answer(request, response) {
  const url = new URL(request.url, 'http://x'), parts = url.pathname.split('/').filter(Boolean);
  const json = (value, status = 200) => {
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
  if (parts[0] !== 'api') {
    const file = join(dist, parts.join('/') || 'index.html');
    if (!existsSync(file)) return json({ title: 'Not found' }, 404);
    response.writeHead(200, { 'content-type': TYPES[extname(file)] || 'text/plain', 'content-security-policy': CSP });
    return response.end(readFileSync(file));
  }
  const [, , what, key, part] = parts;
  const asOf = url.searchParams.get('as_of');
  if (what === 'session') return json({ user: 'demo', role: 'admin', csrf: 'x', demo: true, version: '0.1.0', rulebook: '2026.11' });
  if (what === 'patients' && !key) {
    const q = (url.searchParams.get('q') || '').toLowerCase(), state = url.searchParams.get('state');
    return json({ patients: [...patients.values()].map(head).filter(h => h.id.includes(q) && (!state || h.state === state)), next: null });
  }
  const p = patients.get(key);
  if (what === 'patients' && !p) return json({ title: 'No such patient', detail: 'There is no patient with this key.' }, 404);
  if (what === 'patients' && !part) return json(head(p));
  if (part === 'assessment') return json(assess(p, asOf));
  if (part === 'explanation') return json(run('explain', p.folder, '--json', ...(asOf ? ['--as-of', asOf] : [])));
  if (part === 'timeline') return json(timeline(p));
  if (part === 'record') return json({ version: p.version, tables: tables(p) });
  if (part === 'versions') return json({ versions: [{ version: p.version, when: 1700000000000, who: 'demo' }] });
  if (part === 'report') {
    response.writeHead(200, { 'content-type': url.searchParams.get('format') === 'html' ? 'text/html' : 'text/plain' });
    return response.end(run('assess', p.folder, '--format', url.searchParams.get('format') || 'html', '--for', url.searchParams.get('language') || 'clinician', ...(asOf ? ['--as-of', asOf] : [])));
  }
  if (part === 'reviews' && request.method === 'GET') return json({ reviews: p.reviews });
  if (part === 'reviews') {
    p.reviews.push({ ...JSON.parse(await body(request)), who: 'demo', when: Date.now() });
    return json(p.reviews.at(-1), 201);
  }
  if (part === 'rows') {
    const { expected_version: expected, table: name, row } = JSON.parse(await body(request));
    if (expected !== p.version) return json({ title: 'Changed meanwhile', version: p.version }, 409);
    const file = join(p.folder, name), columns = table(readFileSync(file, 'utf8'))[0];
    appendFileSync(file, columns.map(c => `"${String(row[c] ?? '').replaceAll('"', '""')}"`).join(',') + '\n');
    return json({ version: ++p.version, issues: [] }, 201);
  }
  if (what === 'rules') {
    const prefix = url.searchParams.get('prefix') || '';
    const all = JSON.parse(run('rules', 'list', '--json')).rules.filter(r => r.id.startsWith(prefix));
    return json({ rules: Object.fromEntries(all.map(r => [r.id, { title: r.title, text: r.text, known: r.known, sources: r.sources.map(x => x.key), order: r.parameters.order, after: r.parameters.after }])) });
  }
  if (what === 'citations') {
    const all = JSON.parse(run('rules', 'list', '--json')).rules.flatMap(r => r.sources);
    return json({ citations: Object.fromEntries(all.map(x => [x.key, x])) });
  }
  if (what === 'check') return json({ issues: [] });
  if (what === 'ask') return json({ answers: [], none: 'The rulebook says nothing about this.' });
  if (what === 'users') return json({ users: [{ name: 'demo', role: 'admin', disabled: false }] });
  if (what === 'audit') return json(key === 'verify' ? { ok: true, rows: 1 } : { rows: [], next: null });
  return json({ title: 'Not found', detail: url.pathname }, 404);
}
const server = createServer((request, response) => answer(request, response).catch(error => {
  response.writeHead(500, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ title: 'The mock failed', detail: String(error.message).slice(0, 300) }));
}));
server.listen(Number(port), '127.0.0.1', () => console.log(`boneflare listens on http://127.0.0.1:${server.address().port}/`));
