// SPDX-License-Identifier: Apache-2.0
// Every criterion at every imaging visit; where they contradict each other; and why each says what it says.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { day, list, shortDay, number, change, DASH } from '../words.js';
import { Card, Response, Scroll, Sources } from '../parts/chips.js';

const GOOD = ['CR', 'PR'], BAD = ['PD', 'PDu'];
/** Criteria of one visit contradict each other when one says response or stability and another progression. */
const clash = visit => {
  const said = visit.readings.map(r => r.response).filter(Boolean);
  return said.some(r => BAD.includes(r)) && said.some(r => GOOD.includes(r) || r === 'SD');
};

function Why({ visit, reading }) {
  return html`<div class="callout" id="criteria-why"><p><strong>${reading.name}, ${day(visit)}: ${reading.word}</strong></p>
    <ul class="reasons">${reading.reasons.map((r, i) => html`<li key=${i}>${r.finding} <${Sources} source=${r.source} events=${r.events} /></li>`)}</ul></div>`;
}

export function CriteriaTable({ a }) {
  const [open, setOpen] = useState(null);
  const visits = a.visits.filter(v => !v.baseline);
  const names = [];
  for (const v of a.visits) for (const r of v.readings) if (!names.some(n => n.criterion === r.criterion)) names.push(r);
  const says = n => visits.some(v => v.readings.some(r => r.criterion === n.criterion && r.response));
  const silent = names.filter(n => !says(n));
  if (!visits.length) return html`<${Card} id="criteria" title="Criteria side by side"><p class="quiet">No imaging after baseline is known on this day, so no criterion says anything yet. Add the next study when it is read.</p></${Card}>`;
  const best = Object.fromEntries(a.best_readings.map(b => [b.criterion, b]));
  const chosen = open && visits.find(v => v.day === open.day)?.readings.find(r => r.criterion === open.criterion);
  return html`<${Card} id="criteria" title="Criteria side by side" hint="Press a response to see why it says so.">
    ${a.conflicts.length > 0 && html`<p class="callout">Criteria contradict each other on ${visits.filter(clash).length || a.conflicts.length} of ${visits.length} visits: the columns marked ≠.</p>`}
    <${Scroll} label="Criteria side by side"><table class="criteria">
      <thead><tr><th scope="col">Criterion</th>${visits.map(v => html`<th scope="col" key=${v.day} class=${clash(v) ? 'clash' : ''}>${clash(v) && html`<span title="Criteria contradict each other">≠ </span>`}${shortDay(v)}</th>`)}<th scope="col">Best</th></tr></thead>
      <tbody>
        <tr class="sums"><th scope="row">Sum of diameters</th>${visits.map(v => html`<td key=${v.day} class=${clash(v) ? 'clash' : ''}>${v.recist.sum_mm === null ? DASH : html`${number(v.recist.sum_mm)} mm<br /><span class="quiet small">${change(v.recist.change_percent)}</span>`}</td>`)}<td></td></tr>
        ${names.filter(says).map(n => html`<tr key=${n.criterion}><th scope="row">${n.name}</th>${visits.map(v => {
          const r = v.readings.find(x => x.criterion === n.criterion), on = open && open.day === v.day && open.criterion === n.criterion;
          return html`<td key=${v.day} class=${clash(v) ? 'clash' : ''}>${!r?.response ? html`<span class="quiet">${DASH}</span>`
            : html`<button class="bare" aria-expanded=${Boolean(on)} aria-label=${`${n.name}, ${shortDay(v)}: ${r.word}. Why?`} onClick=${() => setOpen(on ? null : { day: v.day, criterion: n.criterion })}><${Response} response=${r.response} word=${r.word} /></button>`}</td>`;
        })}<td>${best[n.criterion] ? html`<${Response} response=${best[n.criterion].response} word=${best[n.criterion].word} />` : DASH}</td></tr>`)}
      </tbody></table></${Scroll}>
    ${silent.length > 0 && html`<p class="hint silent">${list(silent.map(n => n.name))} ${silent.length === 1 ? 'says' : 'say'} nothing of this record.</p>`}
    ${chosen && html`<${Why} visit=${visits.find(v => v.day === open.day)} reading=${chosen} />`}
  </${Card}>`;
}
