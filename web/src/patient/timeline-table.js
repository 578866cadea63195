// SPDX-License-Identifier: Apache-2.0
// The drawing as a table, for who reads rather than looks.
import { html } from '../html.js';
import { change, day, times } from '../words.js';
import { Scroll } from '../parts/chips.js';
import { useState } from 'preact/hooks';

const MOST = 200;

export function AsTable({ m }) {
  const [open, setOpen] = useState(false);
  return html`<details class="as-table" onToggle=${e => setOpen(e.currentTarget.open)}><summary>The same as a table</summary>${open && html`<${Tables} m=${m} />`}</details>`;
}

function Tables({ m }) {
  const rows = m.series.flatMap(s => s.points.map(p => ({ ...p, name: s.id, unit: s.unit }))).sort((a, b) => a.day - b.day);
  return html`<div class="two">
    <${Scroll} label="Therapy, imaging and events"><table><caption>Therapy, imaging and events</caption><thead><tr><th scope="col">When</th><th scope="col">What</th></tr></thead><tbody>
      ${m.therapies.map((t, i) => html`<tr key=${`t${i}`}><td class="nowrap">day ${t.from} to ${t.stop ?? 'now'}</td><td>${t.names.join(' + ')}</td></tr>`)}
      ${m.studies.map(s => html`<tr key=${`s${s.day}`}><td class="nowrap">${day(s)}</td><td>${s.what.join(', ') || 'imaging'}${m.sums.filter(x => x.day === s.day).map(x => `: sum ${x.value} mm (${change(x.change)})`)}</td></tr>`)}
      ${m.events.map(e => html`<tr key=${`e${e.day}`}><td class="nowrap">${day(e)}</td><td>${e.texts.join('; ')}</td></tr>`)}</tbody></table></${Scroll}>
    <${Scroll} label="Markers"><table><caption>Markers${rows.length > MOST ? `, the last ${MOST} of ${rows.length} values` : ''}</caption><thead><tr><th scope="col">When</th><th scope="col">Marker</th><th scope="col" class="num">Value</th><th scope="col" class="num">× limit</th></tr></thead>
      <tbody>${rows.slice(-MOST).map((p, i) => html`<tr key=${i}><td class="nowrap">${day(p)}</td><td>${p.name}</td><td class="num">${p.comparator === '=' ? '' : p.comparator}${p.value} ${p.unit}</td><td class="num">${times(p.x_uln)}</td></tr>`)}</tbody></table></${Scroll}>
  </div>`;
}
