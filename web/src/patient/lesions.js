// SPDX-License-Identifier: Apache-2.0
// Each lesion with its course: what was measured or said of it at each study.
import { html } from '../html.js';
import { capital, number, shortDay, spaced, DASH } from '../words.js';
import { Card, Scroll } from '../parts/chips.js';
import { linear } from '../chart/scale.js';
import { line } from '../chart/decimate.js';
import { modality } from './model.js';

const ROLE = { target: 0, non_target: 1, new: 2 };
const size = c => c.longest_mm ?? c.short_mm ?? null;

function Spark({ course }) {
  const points = course.filter(c => size(c) !== null && c.day !== null);
  if (points.length < 2) return null;
  const x = linear(points[0].day, points.at(-1).day, 4, 92), y = linear(0, Math.max(...points.map(size)), 24, 4);
  return html`<svg class="spark" width="96" height="28" aria-hidden="true"><path d=${line(points, p => x(p.day), p => y(size(p)))} />${points.map((p, i) => html`<circle key=${i} cx=${x(p.day)} cy=${y(size(p))} r="2.4" />`)}</svg>`;
}

const STATE_KIND = { progressed: 'bad', absent: 'good', equivocal: 'pdu', not_evaluable: 'ne' };
function Cell({ found }) {
  if (!found.length) return html`<td class="quiet">${DASH}</td>`;
  return html`<td>${found.map((c, i) => html`<div key=${i} class="seen-as">
    ${size(c) !== null ? html`<strong class="num">${number(c.longest_mm ?? c.short_mm)} mm</strong>${c.longest_mm !== null && c.longest_mm !== undefined && c.short_mm !== null && c.short_mm !== undefined && html` <span class="quiet">× ${number(c.short_mm)}</span>`}` : html`<span class="r ${STATE_KIND[c.state] || 'even'}">${spaced(c.state) || 'seen'}</span>`}
    <span class="quiet small"> ${[modality(c.modality), ...(c.change || '').split(';').filter(Boolean).map(spaced)].join(', ')}</span>
    ${c.note && html`<span class="quiet small block">${c.note}</span>`}</div>`)}</td>`;
}

export function Lesions({ timeline, a, add }) {
  const to = a.as_of.day ?? Infinity;
  const lesions = (timeline?.lesions || []).map(l => ({ ...l, course: l.course.filter(c => c.day === null || c.day <= to) })).filter(l => l.course.length)
    .map(l => ({ ...l, role: l.role || l.course.find(c => c.role)?.role || '' }))
    .sort((x, y) => (ROLE[x.role] ?? 3) - (ROLE[y.role] ?? 3) || x.organ.localeCompare(y.organ) || x.id.localeCompare(y.id));
  const days = [...new Map(lesions.flatMap(l => l.course).filter(c => c.day !== null).map(c => [c.day, c])).values()].sort((x, y) => x.day - y.day);
  const aside = add && html`<button onClick=${add}>Add a lesion</button>`;
  if (!lesions.length) return html`<${Card} id="lesions" title="Lesions" aside=${aside}><p class="quiet">No lesion is recorded up to this day. Add what the first study shows.</p></${Card}>`;
  return html`<${Card} id="lesions" title="Lesions" aside=${aside}><${Scroll} label="Lesions and their course"><table class="lesions">
    <thead><tr><th scope="col">Lesion</th><th scope="col">Course</th>${days.map(d => html`<th scope="col" key=${d.day}>${shortDay(d)}</th>`)}</tr></thead>
    <tbody>${lesions.map(l => html`<tr key=${l.id}><th scope="row">${l.id}<span class="quiet small block">${[l.site && l.site !== l.id ? l.site : '', spaced(l.organ), l.matrix].filter(Boolean).join(', ')}</span>
        ${l.role && html`<span class="role ${l.role}">${capital(spaced(l.role))}</span>`}</th>
      <td><${Spark} course=${l.course} /></td>${days.map(d => html`<${Cell} key=${d.day} found=${l.course.filter(c => c.day === d.day)} />`)}</tr>`)}</tbody>
  </table></${Scroll}></${Card}>`;
}
