// SPDX-License-Identifier: Apache-2.0
// Everybody who is being followed, alarms first: what was said, how sure it is, what is due, who has looked at it.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad, useRested } from '../loading.js';
import { to } from '../router.js';
import { DASH, REVIEW, instant, plural } from '../words.js';
import { MiniBar, Scroll, State } from '../parts/chips.js';
import { Busy, Empty, Trouble } from '../parts/states.js';

const FILTERS = [['', 'All'], ['undetermined', 'Undetermined'], ['flare_suspected', 'Flare suspected'], ['flare_confirmed', 'Flare confirmed'],
  ['progression', 'Progression'], ['none', 'No question']];
const SORTS = [['', 'Most urgent first'], ['due', 'Next due'], ['p_flare', 'Probability of flare'], ['updated', 'Last changed'], ['id', 'Patient']];
const PAGE = 100;

function Filters({ filter, change }) {
  return html`<form class="filters" role="search" onSubmit=${e => e.preventDefault()}>
    <label class="field grow"><span>Find a patient</span>
      <input type="search" value=${filter.q} placeholder="Id, tumour, drug …" onInput=${e => change({ q: e.target.value })} /></label>
    <label class="field"><span>Verdict</span>
      <select value=${filter.state} onChange=${e => change({ state: e.target.value })}>${FILTERS.map(([v, n]) => html`<option value=${v}>${n}</option>`)}</select></label>
    <label class="field"><span>Order</span>
      <select value=${filter.sort} onChange=${e => change({ sort: e.target.value })}>${SORTS.map(([v, n]) => html`<option value=${v}>${n}</option>`)}</select></label>
  </form>`;
}

function Row({ p }) {
  return html`<tr>
    <th scope="row"><a class="row-link" href=${to('patients', p.key)}>${p.id}</a></th>
    <td><${State} state=${p.state} /></td>
    <td><${MiniBar} p=${p.p_flare} low=${p.low} high=${p.high} /></td>
    <td>${p.alarms > 0 ? html`<span class="alarm-count">${plural(p.alarms, 'alarm')}</span>` : html`<span class="quiet">none</span>`}</td>
    <td class="step">${p.next_step || html`<span class="quiet">nothing is due</span>`}</td>
    <td class="nowrap">${p.due || DASH}</td>
    <td class="nowrap">${p.questions > 0 ? plural(p.questions, 'problem') : html`<span class="quiet">none</span>`}</td>
    <td class="nowrap"><span class="review ${p.review || 'none'}">${REVIEW[p.review] || REVIEW.none}</span>
      ${p.reviewed_version > 0 && p.reviewed_version < p.version && html`<span class="quiet small block">of version ${p.reviewed_version}; now ${p.version}</span>`}</td>
    <td class="quiet nowrap">${instant(p.updated)}</td>
  </tr>`;
}

const List = ({ patients }) => html`<${Scroll} label="Patients"><table class="worklist">
  <thead><tr><th scope="col">Patient</th><th scope="col">Verdict in bone</th><th scope="col">Flare, 95 % interval</th><th scope="col">Alarms</th>
    <th scope="col">Next step</th><th scope="col">Due</th><th scope="col">Data</th><th scope="col">Review</th><th scope="col">Changed</th></tr></thead>
  <tbody>${patients.map(p => html`<${Row} key=${p.key} p=${p} />`)}</tbody>
</table></${Scroll}>`;

export function WorkList() {
  const [filter, setFilter] = useState({ q: '', state: '', sort: '' });
  const q = useRested(filter.q, 200);
  const [more, setMore] = useState({ patients: [], next: undefined });
  const found = useLoad(signal => api.workList({ q, state: filter.state, sort: filter.sort, limit: PAGE }, signal).then(r => {
    setMore({ patients: [], next: undefined });
    return r;
  }), [q, filter.state, filter.sort]);
  const change = part => setFilter(f => ({ ...f, ...part }));
  const patients = found.value ? [...found.value.patients, ...more.patients] : [];
  const next = more.next === undefined ? found.value?.next : more.next;
  const further = () => api.workList({ q, state: filter.state, sort: filter.sort, limit: PAGE, after: next })
    .then(r => setMore(m => ({ patients: [...m.patients, ...r.patients], next: r.next })));
  const narrowed = q || filter.state;
  return html`<div class="screen">
    <div class="screen-head"><h1>Work list</h1>
      <p class="quiet" role="status">${found.value && !found.stale ? plural(patients.length, 'patient') + (next ? ' and more' : '') : ''}</p></div>
    <${Filters} filter=${filter} change=${change} />
    ${found.problem ? html`<${Trouble} problem=${found.problem} again=${found.again} />`
      : !found.value ? html`<${Busy} what="the work list" />`
      : patients.length ? html`<div class="card flush ${found.stale ? 'stale' : ''}"><${List} patients=${patients} /></div>`
      : narrowed ? html`<${Empty} title="Nobody matches"><p>No patient fits what you look for.</p>
          <button onClick=${() => setFilter({ q: '', state: '', sort: '' })}>Show everybody</button></${Empty}>`
      : html`<${Empty} title="No patients yet"><p>Bring in a case folder (zip), FHIR or SDTM, or start with an empty table from
          <code>boneflare template</code>.</p><a class="button" href=${to('imports')}>Import records</a></${Empty}>`}
    ${next && html`<p><button onClick=${further}>Show more</button></p>`}
  </div>`;
}
