// SPDX-License-Identifier: Apache-2.0
// Records from files: dropped anywhere on the box or chosen; progress as the server tells it; what was read, and what was not.
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { to } from '../router.js';
import { plural } from '../words.js';
import { Trouble } from '../parts/states.js';
import { Scroll } from '../parts/chips.js';
import { useMay } from '../session.js';

/** Follows a job by events; when the stream breaks it asks, so that a restart or a proxy costs nothing. */
function follow(id, tell) {
  let over = false, timer = 0;
  const stream = api.jobEvents(id);
  const end = state => { over = true; stream.close(); clearTimeout(timer); tell(state); };
  const finished = state => ['done', 'failed'].includes(state.state || state.status);
  const heard = e => {
    const state = JSON.parse(e.data);
    if (finished(state)) end(state);
    else tell(state);
  };
  stream.onmessage = heard;
  for (const name of ['progress', 'done', 'failed', 'result']) stream.addEventListener(name, heard);
  const look = () => api.job(id).then(state => finished(state) ? end(state) : !over && (tell(state), timer = setTimeout(look, 1500)),
    problem => problem.status === 404 ? end({ state: 'failed', detail: 'The server was started anew and does not know this import. Check the work list, then send the file again.' })
      : !over && (timer = setTimeout(look, 3000)));
  stream.onerror = () => { stream.close(); if (!over) look(); };
  return () => { over = true; stream.close(); clearTimeout(timer); };
}

const resultOf = state => state.result || state;

/** What the file holds and a record cannot. */
function Losses({ losses }) {
  const lost = (losses || []).filter(l => l.outcome === 'dropped' || l.outcome === 'unknown');
  return lost.length > 0 && html`<details><summary>${plural(lost.length, 'kind')} of content not kept as it was</summary><ul class="reasons">
    ${lost.map((l, i) => html`<li key=${i}>${[l.type, l.what].filter(Boolean).join(' ')}: ${l.outcome}, ${plural(l.count, 'time')}</li>`)}</ul></details>`;
}

function Issues({ issues, count, file }) {
  return html`<${Scroll} label=${`Problems in ${file}`}><table><caption>${plural(count ?? issues.length, 'problem')} in the file</caption>
    <thead><tr><th scope="col">Weight</th><th scope="col">Where</th><th scope="col">Found</th><th scope="col">Expected</th><th scope="col">What to do</th></tr></thead>
    <tbody>${issues.slice(0, 200).map((i, k) => html`<tr key=${k}><td><span class="severity ${i.severity}">${i.severity}</span></td><td class="rows">${[i.file, i.row].filter(Boolean).join(':')} ${i.column}</td><td>${i.found}</td><td>${i.expected}</td><td>${i.action}</td></tr>`)}</tbody></table></${Scroll}>`;
}

function Job({ job, again }) {
  const { file, state, problem } = job;
  if (problem) return html`<li class="job"><h2>${file.name}</h2><${Trouble} problem=${problem} again=${again} /></li>`;
  const share = state?.share ?? (state?.total ? state.done / state.total : state?.progress);
  const over = ['done', 'failed'].includes(state?.state || state?.status), r = over ? resultOf(state) : {};
  const keys = r.patients || r.keys || [];
  return html`<li class="job"><h2>${file.name}</h2>
    ${!over && html`<div role="status"><progress value=${typeof share === 'number' ? share : undefined} max="1" aria-label=${`Import of ${file.name}`}></progress> <span>${state?.text || state?.step || 'Reading …'}</span></div>`}
    ${over && (state.state || state.status) === 'failed' && html`<${Trouble} title="The file could not be read" detail=${r.detail || r.error || state.detail} problem=${{ hint: r.hint || 'Check that it is a case folder as zip, FHIR (Bundle or NDJSON) or SDTM, then send it again.' }} again=${again} />`}
    ${over && (state.state || state.status) === 'done' && html`<div role="status"><p><strong>${plural(keys.length, 'patient')} read.</strong></p>
      <ul class="links">${keys.slice(0, 50).map(k => html`<li key=${k.key || k}><a href=${to('patients', k.key || k)}>${k.id || 'Open the patient'}</a>${k.new === false && html` <span class="quiet small">version ${k.version} of a patient already there</span>`}</li>`)}</ul>
      ${keys.length > 50 && html`<p><a href=${to('patients')}>All of them are in the work list</a></p>`}<${Losses} losses=${r.losses} />${r.issues?.length > 0 && html`<${Issues} issues=${r.issues} count=${r.issue_count} file=${file.name} />`}</div>`}
  </li>`;
}

export function Imports() {
  const may = useMay('reviewer');
  const [jobs, setJobs] = useState([]);
  const [over, setOver] = useState(false);
  const stops = useRef([]);
  const input = useRef(null);
  useEffect(() => () => stops.current.forEach(stop => stop()), []);
  const change = (id, part) => setJobs(all => all.map(j => j.id === id ? { ...j, ...part } : j));
  const begin = (id, file) => {
    change(id, { problem: null, state: null });
    api.importFile(file).then(({ job }) => stops.current.push(follow(job, state => change(id, { state }))), problem => change(id, { problem }));
  };
  const take = files => {
    const fresh = [...files].map((file, i) => ({ id: `${Date.now()}-${i}-${file.name}`, file, state: null, problem: null }));
    setJobs(all => [...fresh, ...all]);
    fresh.forEach(j => begin(j.id, j.file));
  };
  const drop = e => {
    e.preventDefault();
    setOver(false);
    take(e.dataTransfer.files);
  };
  return html`<div class="screen"><div class="screen-head"><h1>Import records</h1></div>
    ${!may ? html`<${Trouble} title="Your role may read only" detail="A reviewer can import records." problem=${{ hint: 'Ask an admin to change your role under Users.' }} />` : html`
    <div class="drop-zone ${over ? 'over' : ''}" onDragOver=${e => { e.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <p class="drop-title">Drop files here</p><p class="quiet">A case folder as zip, FHIR R4 or mCODE (Bundle or NDJSON), SDTM (CSV, XPT or Dataset-JSON as zip)</p>
      <label class="button primary" for="file">Choose files<input class="visually-hidden" id="file" type="file" multiple ref=${input} onChange=${e => { take(e.target.files); e.target.value = ''; }} /></label></div>
    <p class="hint">Files are kept with the record they became, and every problem and every loss is named. An empty case folder to fill in: <code>boneflare template my-case</code>, then zip it.</p>
    <ul class="jobs">${jobs.map(j => html`<${Job} key=${j.id} job=${j} again=${() => begin(j.id, j.file)} />`)}</ul>`}</div>`;
}
