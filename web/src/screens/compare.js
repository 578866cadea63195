// SPDX-License-Identifier: Apache-2.0
// Two patients beside each other, on one axis of days since the start of therapy.
import { useMemo, useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { go, to } from '../router.js';
import { Busy, Empty, Trouble } from '../parts/states.js';
import { Card, Response, Scroll, Sources } from '../parts/chips.js';
import { ProbabilityBar } from '../patient/verdict.js';
import { Drawing } from '../patient/timeline.js';
import { extent, model } from '../patient/model.js';
import { day, ratio, stateOf, times, DASH } from '../words.js';
import { describe } from './patient.js';

function Picker({ name, patients, value, other, pick }) {
  return html`<label class="field"><span>${name}</span><select value=${value || ''} onChange=${e => pick(e.target.value)}>
    <option value="">Choose …</option>${patients.filter(p => p.key !== other).map(p => html`<option key=${p.key} value=${p.key}>${p.id}</option>`)}</select></label>`;
}

const load = async key => {
  const [head, timeline, record, a] = await Promise.all([api.patientHead(key), api.timeline(key), api.record(key), api.assessment(key)]);
  return { key, head, timeline, record, a };
};

function Head({ p }) {
  const state = stateOf(p.a.bone.state);
  return html`<section class="card verdict ${state.kind}" aria-label=${p.head.id}>
    <h2><a href=${to('patients', p.key)}>${p.head.id}</a></h2><p class="quiet">${describe(p.record)}</p>
    <p class="meaning"><strong>${state.name}</strong> as known on ${day(p.a.as_of)}</p>
    ${p.a.bone.p_flare === null ? html`<p class="hint">No question in bone.</p>` : html`<${ProbabilityBar} bone=${p.a.bone} />`}</section>`;
}

function Course({ p, view, at, setAt }) {
  const m = useMemo(() => model(p.timeline, p.a), [p]);
  const shown = useMemo(() => new Set(m.series.slice(0, 4).map(s => s.id)), [m]);
  return html`<${Card} id=${`course-${p.head.key || p.key}`} title=${`Course of ${p.head.id}`}><${Drawing} m=${m} shown=${shown} view=${view} at=${at} setAt=${setAt} keys=${null} label=${`Course of ${p.head.id}`} /></${Card}>`;
}

const lastVisit = p => p.a.visits.filter(v => !v.baseline).at(-1);
function rows(both) {
  const criteria = new Map();
  for (const p of both) for (const r of lastVisit(p)?.readings || []) if (r.response) criteria.set(r.criterion, r.name);
  const markers = [...new Set(both.flatMap(p => p.a.markers.filter(m => m.last_x_uln !== null).map(m => m.analyte)))].slice(0, 12);
  const responseOf = (p, id) => lastVisit(p)?.readings.find(r => r.criterion === id);
  return [
    ['Last imaging', p => lastVisit(p) ? day(lastVisit(p)) : DASH],
    ...[...criteria].map(([id, name]) => [name, p => html`<${Response} response=${responseOf(p, id)?.response} word=${responseOf(p, id)?.word} />`]),
    ['Alarms', p => p.a.alarms.length ? p.a.alarms.map(x => x.title).join(', ') : 'none'],
    ['Strongest for flare', p => strongest(p, 'flare')], ['Strongest for progression', p => strongest(p, 'progression')],
    ...markers.map(id => [`${id}, last`, p => times(p.a.markers.find(m => m.analyte === id)?.last_x_uln)]),
    ['Next', p => p.a.next[0]?.action || 'nothing is due'],
  ];
}
function strongest(p, direction) {
  const e = p.a.bone.evidence.find(x => x.direction === direction);
  return e ? html`${e.finding} <span class="num quiet">${ratio(e.weight)}</span> <${Sources} known=${e.known} />` : 'nothing';
}

function Both({ both }) {
  const [at, setAt] = useState(null);
  const view = useMemo(() => {
    const all = both.map(p => extent(p.timeline, p.a));
    return [Math.min(...all.map(e => e[0])), Math.max(...all.map(e => e[1]))];
  }, [both]);
  return html`<div><div class="two">${both.map(p => html`<${Head} key=${p.key} p=${p} />`)}</div>
    <div class="stack">${both.map(p => html`<${Course} key=${p.key} p=${p} view=${view} at=${at} setAt=${setAt} />`)}</div>
    <section class="card" aria-labelledby="side"><h2 id="side">Side by side</h2><${Scroll} label="Side by side"><table class="side-by-side">
      <thead><tr><th scope="col">What</th>${both.map(p => html`<th scope="col" key=${p.key}>${p.head.id}</th>`)}</tr></thead>
      <tbody>${rows(both).map(([name, of]) => html`<tr key=${name}><th scope="row">${name}</th>${both.map(p => html`<td key=${p.key}>${of(p)}</td>`)}</tr>`)}</tbody></table></${Scroll}></section></div>`;
}

export function Compare({ one, two }) {
  const list = useLoad(signal => api.workList({ limit: 500 }, signal), []);
  const both = useLoad(() => one && two ? Promise.all([load(one), load(two)]) : Promise.resolve(null), [one, two]);
  const patients = list.value?.patients || [];
  const pick = (a, b) => a && b ? go('compare', a, b) : a ? go('compare', a) : go('compare');
  return html`<div class="screen"><div class="screen-head"><h1>Compare two patients</h1></div>
    ${list.problem && html`<${Trouble} problem=${list.problem} again=${list.again} />`}
    <div class="filters"><${Picker} name="First" patients=${patients} value=${one} other=${two} pick=${v => pick(v, two)} /><${Picker} name="Second" patients=${patients} value=${two} other=${one} pick=${v => pick(one, v)} />
      ${one && two && html`<button onClick=${() => go('compare', two, one)}>Swap</button>`}</div>
    ${both.problem ? html`<${Trouble} problem=${both.problem} again=${both.again} />` : !(one && two) ? html`<${Empty} title="Choose two patients"><p>Both courses are then drawn on one axis, from the start of therapy.</p></${Empty}>`
      : both.value && both.value[0].key === one && both.value[1].key === two ? html`<${Both} both=${both.value} />` : html`<${Busy} what="both patients" />`}</div>`;
}
