// SPDX-License-Identifier: Apache-2.0
// A laboratory value or a lesion by hand. The server checks while one types: unit, date, range, words.
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useRested } from '../loading.js';
import { Dialog, Trouble } from '../parts/states.js';
import { draftOf, forget, keep } from './drafts.js';
import { useSaving } from './saving.js';
import { spaced, times } from '../words.js';

const word = words => words.map(w => [w, spaced(w)]);
const FORMS = {
  'labs.csv': { name: 'Laboratory value', fields: [
    { column: 'date', name: 'Date', need: true, hint: '2019-04-04, or d41 for day 41' }, { column: 'analyte', name: 'Analyte', need: true, list: 'analytes', hint: 'ALP, GGT, CEA …' },
    { column: 'value', name: 'Value', need: true, hint: '952, <3, or high' }, { column: 'unit', name: 'Unit', list: 'units', hint: 'as printed' },
    { column: 'ref_low', name: 'Range from' }, { column: 'ref_high', name: 'Range to' }, { column: 'method', name: 'Method', hint: 'IFCC, JSCC' }, { column: 'note', name: 'Note', wide: true }] },
  'lesions.csv': { name: 'Lesion', fields: [
    { column: 'date', name: 'Date of the study', need: true, hint: '2019-04-04, or d41' }, { column: 'lesion', name: 'Lesion', need: true, list: 'lesions', hint: 'the same id as before, or a new one' },
    { column: 'site', name: 'Place', hint: 'left 4th rib' }, { column: 'organ', name: 'Organ', words: word(['bone', 'lung', 'liver', 'lymph_node', 'brain', 'adrenal', 'pleura', 'soft_tissue', 'other']) },
    { column: 'role', name: 'Role', words: word(['target', 'non_target', 'new']) }, { column: 'matrix', name: 'Matrix', words: word(['soft', 'lytic', 'blastic', 'mixed', 'marrow']) },
    { column: 'modality', name: 'Modality', words: word(['ct', 'mri', 'xray', 'bone_scan', 'fdg_pet', 'psma_pet', 'naf_pet', 'ultrasound', 'clinical']) },
    { column: 'longest_mm', name: 'Longest, mm' }, { column: 'short_mm', name: 'Short axis, mm' },
    { column: 'state', name: 'State', words: word(['measured', 'too_small', 'absent', 'present', 'not_evaluable', 'progressed', 'equivocal']) },
    { column: 'change', name: 'Change', hint: 'sclerosed;sclerotic_rim' }, { column: 'note', name: 'Note', wide: true }] },
};
const empty = table => Object.fromEntries(FORMS[table].fields.map(f => [f.column, '']));
const table = (record, name) => {
  const t = record.tables[name] || record.tables[name.replace('.csv', '')];
  return t ? t.rows.map(r => Array.isArray(r) ? Object.fromEntries(t.columns.map((c, i) => [c, r[i] ?? ''])) : r) : [];
};
const distinct = (rows, column) => [...new Set(rows.map(r => r[column]).filter(Boolean))];

/** What is usual for this patient: unit and range of the last value of the analyte, place and kind of the lesion. */
function usual(record, name, column, value) {
  const last = table(record, name).findLast(r => r[column] === value);
  if (!last) return {};
  const from = name === 'labs.csv' ? ['unit', 'ref_low', 'ref_high', 'method'] : ['site', 'organ', 'role', 'matrix', 'modality'];
  return Object.fromEntries(from.map(c => [c, last[c] ?? '']).filter(([, v]) => v));
}

function Field({ field, value, lists, issues, change }) {
  const id = `entry-${field.column}`, said = issues.filter(i => i.column === field.column);
  const worst = said.some(i => i.severity === 'error') ? 'error' : said.length ? 'warning' : '';
  const common = { id, name: field.column, value, 'aria-invalid': worst === 'error' ? 'true' : undefined, 'aria-describedby': said.length ? `${id}-said` : field.hint ? `${id}-hint` : undefined,
    required: field.need, onInput: e => change(field.column, e.target.value) };
  return html`<div class="field ${field.wide ? 'whole' : ''} ${worst}"><label for=${id}><span>${field.name}${field.need ? html` <span class="quiet">needed</span>` : ''}</span></label>
    ${field.words ? html`<select ...${common}><option value="">not stated</option>${field.words.map(([v, n]) => html`<option value=${v}>${n}</option>`)}</select>`
      : html`<input ...${common} autocomplete="off" list=${field.list && `${id}-list`} maxlength="2000" />`}
    ${field.list && html`<datalist id=${`${id}-list`}>${(lists[field.list] || []).map(v => html`<option value=${v} />`)}</datalist>`}
    ${said.length ? html`<p class="said ${worst}" id=${`${id}-said`}>${said.map(i => html`<span key=${i.code}>${worst === 'error' ? '✕' : '!'} ${i.found ? `${i.found}: ` : ''}expected ${i.expected}. ${i.action}</span>`)}</p>`
      : field.hint && html`<p class="hint small" id=${`${id}-hint`}>${field.hint}</p>`}</div>`;
}

const MISSING = ['row.cell_missing', 'date.missing'];
/** Of what was said, what still holds: a field that changed since is checked again in a moment; one not filled yet is not wrong yet. */
const still = (said, row, tried) => said.issues.filter(i => !i.column || !(i.column in row) || (said.row?.[i.column] === row[i.column] && (tried || row[i.column] !== '' || !MISSING.includes(i.code))));

/** What the server says of the row while it is typed. */
function useCheck(name, row, filled) {
  const rested = useRested(JSON.stringify(row), 250);
  const [said, setSaid] = useState({ issues: [] });
  useEffect(() => {
    if (!filled) { setSaid({ issues: [] }); return undefined; }
    const stop = new AbortController();
    const checked = JSON.parse(rested);
    api.checkRow(name, checked, stop.signal).then(answer => setSaid({ ...answer, row: checked }), () => null);
    return () => stop.abort();
  }, [name, rested, filled]);
  return said;
}

function Progress({ saving }) {
  const { state } = saving;
  if (state.kind === 'saving') return html`<p role="status" class="quiet">${state.again ? 'Sending again …' : 'Saving …'}</p>`;
  if (state.kind === 'waiting') return html`<div class="callout" role="status"><p><strong>The server does not answer.</strong> What you typed is kept here and is sent again by itself every few seconds; it is written once.</p>
    <button type="button" onClick=${saving.now}>Send now</button></div>`;
  if (state.kind === 'conflict') return html`<div class="callout" role="alert"><p><strong>Somebody else changed this record meanwhile</strong> (it is at version ${state.version}). Your row is not in it yet.</p>
    <button type="button" class="primary" onClick=${() => saving.onto(state.version)}>Add it to version ${state.version}</button></div>`;
  if (state.kind === 'refused') return html`<${Trouble} problem=${state.problem} />`;
  return null;
}

/** What the server made of it: 15.87 ukat/L is 952 U/L. */
function Read({ canonical: c }) {
  if (!c) return null;
  return html`<p class="read" role="status">Read as <strong>${c.name} ${c.value === null ? 'without a number' : `${c.value} ${c.unit || ''}`}</strong>${c.times_uln !== null && c.times_uln !== undefined ? `, ${times(c.times_uln)} its upper limit` : ''}${c.scale ? `, ${c.scale} scale` : ''}.</p>`;
}

export function Entry({ patient, id, record, start, close, saved }) {
  const [draft, setDraft] = useState(() => draftOf(patient) || { table: start, rows: { 'labs.csv': empty('labs.csv'), 'lesions.csv': empty('lesions.csv') } });
  useEffect(() => keep(patient, { ...draft, open: true }), [draft]);
  const name = draft.table, form = FORMS[name], row = draft.rows[name];
  const full = { patient: id, ...row };
  const filled = form.fields.some(f => row[f.column] !== '');
  const said = useCheck(name, full, filled);
  const [tried, setTried] = useState(false);
  const issues = still(said, full, tried);
  const done = answer => {
    setDraft(d => ({ ...d, rows: { ...d.rows, [name]: empty(name) } }));
    forget(patient);
    saved(answer);
  };
  const saving = useSaving({ patient, record, saved: done });
  const busy = ['saving', 'waiting'].includes(saving.state.kind);
  const change = (column, value) => {
    if (saving.state.kind === 'refused') saving.reset();
    setDraft(d => {
      const was = d.rows[name], next = { ...was, [column]: value };
      if (column === 'analyte' || column === 'lesion')
        for (const [c, v] of Object.entries(usual(record, name, column, value))) if (!was[c]) next[c] = v;
      return { ...d, rows: { ...d.rows, [name]: next } };
    });
  };
  const labs = table(record, 'labs.csv');
  const lists = { analytes: distinct(labs, 'analyte'), units: distinct(labs.filter(l => !row.analyte || l.analyte === row.analyte), 'unit'), lesions: distinct(table(record, 'lesions.csv'), 'lesion') };
  const general = issues.filter(i => (tried || !MISSING.includes(i.code)) && !form.fields.some(f => f.column === i.column));
  const away = () => {
    const nothing = Object.values(draft.rows).every(r => Object.values(r).every(v => v === ''));
    if (nothing) forget(patient);
    else keep(patient, { ...draft, open: false });
    close();
  };
  return html`<${Dialog} title="Add to the record" close=${away}>
    <div class="switch" role="group" aria-label="What to add">${Object.entries(FORMS).map(([t, f]) => html`<button key=${t} type="button" aria-pressed=${t === name} disabled=${busy} onClick=${() => { saving.reset(); setDraft(d => ({ ...d, table: t })); }}>${f.name}</button>`)}</div>
    <form class="entry" onSubmit=${e => { e.preventDefault(); setTried(true); saving.save(name, full); }} noValidate>
      <div class="entry-fields">${form.fields.map(f => html`<${Field} key=${f.column} field=${f} value=${row[f.column]} lists=${lists} issues=${issues} change=${change} />`)}</div>
      <${Read} canonical=${said.canonical} />
      <div aria-live="polite">${general.map(i => html`<p key=${i.code} class="said ${i.severity}">${i.column ? `${i.column}: ` : ''}${i.found ? `${i.found}; ` : ''}${i.expected ? `expected ${i.expected}. ` : ''}${i.action}</p>`)}</div>
      <${Progress} saving=${saving} />
      <div class="row end"><button type="button" onClick=${away}>Close</button><button class="primary" disabled=${busy || !filled}>Save</button></div>
      <p class="hint small">Closing keeps what you typed while this page is open. Nothing is stored in the browser.</p>
    </form></${Dialog}>`;
}
