// SPDX-License-Identifier: Apache-2.0
// Alarms, what to do next, and what is wrong in the data.
import { html } from '../html.js';
import { day, plural } from '../words.js';
import { Card, Scroll, Sources } from '../parts/chips.js';

export function Alarms({ alarms }) {
  if (!alarms.length) return null;
  return html`<section class="card alarms" id="alarms" aria-labelledby="alarms-title">
    <h2 id="alarms-title">${alarms.some(a => a.urgent) ? 'Act today' : 'Alarms'}</h2>
    <ul>${alarms.map((a, i) => html`<li key=${i}><strong>${a.title}</strong>${a.urgent && html` <span class="urgent">urgent</span>`}
      <p>${a.finding} <span class="quiet">${day(a)}</span></p><${Sources} source=${a.source} events=${a.events} /></li>`)}</ul>
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

export function Steps({ a }) {
  return html`<${Card} id="next" title="What next">
    ${a.next.length === 0 ? html`<p class="quiet">Nothing is due. Go on as planned, and add what comes in.</p>`
      : html`<ol class="steps">${a.next.map((s, i) => html`<${Step} key=${i} step=${s} best=${a.most_useful && a.most_useful.rule === s.rule} />`)}</ol>`}
  </${Card}>`;
}

const ORDER = { error: 0, warning: 1, note: 2 };
const SEVERITY = { error: 'Not used', warning: 'Check', note: 'Note' };

export function Issues({ issues }) {
  const sorted = [...issues].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  return html`<${Card} id="data" title="Data problems" hint=${issues.length ? 'Nothing was guessed: what cannot be used is named here, with what to do.' : undefined}>
    ${issues.length === 0 ? html`<p class="quiet">None found in this record.</p>` : html`<${Scroll} label="Data problems"><table class="issues">
      <caption>${plural(issues.length, 'problem')} in the record</caption>
      <thead><tr><th scope="col">Weight</th><th scope="col">Where</th><th scope="col">Found</th><th scope="col">Expected</th><th scope="col">What to do</th></tr></thead>
      <tbody>${sorted.map((i, k) => html`<tr key=${k}><td><span class="severity ${i.severity}">${SEVERITY[i.severity]}</span></td>
        <td class="rows">${i.file}${i.row ? `:${i.row}` : ''}${i.column ? ` ${i.column}` : ''}</td><td>${i.found}</td><td>${i.expected}</td><td>${i.action}</td></tr>`)}</tbody>
    </table></${Scroll}>`}
  </${Card}>`;
}
