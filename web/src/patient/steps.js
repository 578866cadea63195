// SPDX-License-Identifier: Apache-2.0
// Alarms, what to do next, and what is wrong in the data.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { day, plural } from '../words.js';
import { Card, Scroll, Sources } from '../parts/chips.js';

export function Alarms({ alarms }) {
  if (!alarms.length) return null;
  return html`<section class="card alarms" id="alarms" aria-labelledby="alarms-title">
    <h2 id="alarms-title">${alarms.some(a => a.urgent) ? 'Act today' : 'Alarms'}</h2>
    <ul>${alarms.map((a, i) => html`<li key=${i}><strong>${a.title}</strong>${a.urgent && html` <span class="urgent">urgent</span>`}
      <p>${a.finding}${a.day !== null && html` <span class="quiet">${day(a)}</span>`}</p><${Sources} source=${a.source} events=${a.events} /></li>`)}</ul>
  </section>`;
}

function Step({ step, best }) {
  return html`<li>
    <p class="action">${step.action}${best && html` <span class="badge">most useful</span>`}</p>
    ${step.by && html`<p class="due">by ${day(step.by)}</p>`}
    ${step.why && html`<p class="why">${step.why}</p>`}
    ${(step.changes || step.source?.length > 0) && html`<details><summary>What it changes</summary>
      ${step.changes && html`<p>${step.changes}</p>`}<${Sources} source=${step.source} events=${step.events} /></details>`}
  </li>`;
}

const STEPS_AT_FIRST = 4;

export function Steps({ a }) {
  const [all, setAll] = useState(false);
  const shown = all ? a.next : a.next.slice(0, STEPS_AT_FIRST);
  return html`<${Card} id="next" title="What next">
    ${a.next.length === 0 ? html`<p class="quiet">Nothing is due. Go on as planned, and add what comes in.</p>`
      : html`<ol class="steps">${shown.map((s, i) => html`<${Step} key=${i} step=${s} best=${a.most_useful && a.most_useful.rule === s.rule} />`)}</ol>`}
    ${a.next.length > STEPS_AT_FIRST && html`<button class="plain more" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? 'Show the first only' : `Show ${a.next.length - STEPS_AT_FIRST} more`}</button>`}
  </${Card}>`;
}

const ORDER = { error: 0, warning: 1, note: 2 };
const SEVERITY = { error: 'Not used', warning: 'Check', note: 'Note' };
const where = i => `${i.file}${i.row ? `:${i.row}` : ''}${i.column ? ` ${i.column}` : ''}`;

/** Problems that say the same of several rows are one line. */
function grouped(issues) {
  const groups = new Map();
  for (const i of issues) {
    const key = [i.severity, i.code, i.found, i.expected, i.action].join('\n');
    if (!groups.has(key)) groups.set(key, { ...i, places: [] });
    groups.get(key).places.push(where(i));
  }
  return [...groups.values()].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

const PLACES = 4;
const Places = ({ places }) => html`${places.slice(0, PLACES).map((p, i) => html`<span key=${i} class="block">${p}</span>`)}
  ${places.length > PLACES && html`<details><summary>${places.length - PLACES} more rows</summary>${places.slice(PLACES).join(', ')}</details>`}`;

export function Issues({ issues }) {
  return html`<${Card} id="data" title="Data problems" hint=${issues.length ? 'Nothing was guessed: what cannot be used is named here, with what to do.' : undefined}>
    ${issues.length === 0 ? html`<p class="quiet">None found in this record.</p>` : html`<${Scroll} label="Data problems"><table class="issues">
      <caption>${plural(issues.length, 'problem')} in the record</caption>
      <thead><tr><th scope="col">Weight</th><th scope="col">Where</th><th scope="col">Found</th><th scope="col">Expected</th><th scope="col">What to do</th></tr></thead>
      <tbody>${grouped(issues).map((i, k) => html`<tr key=${k}><td><span class="severity ${i.severity}">${SEVERITY[i.severity]}</span></td>
        <td class="rows"><${Places} places=${i.places} /></td><td>${i.found}</td><td>${i.expected}</td><td>${i.action}</td></tr>`)}</tbody>
    </table></${Scroll}>`}
  </${Card}>`;
}
