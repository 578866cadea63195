// SPDX-License-Identifier: Apache-2.0
// All patients as a study: its tables and figures, as the program draws them. A figure is shown as an image, so nothing in it can run.
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { to } from '../router.js';
import { Busy, Empty, Trouble } from '../parts/states.js';
import { Scroll } from '../parts/chips.js';
import { DASH, plural, spaced } from '../words.js';

/** What a figure says in words, from its own description. */
const spoken = svg => {
  const [desc] = /<desc[\s>][\s\S]*?<\/desc>/.exec(svg) || [];
  return desc ? new DOMParser().parseFromString(desc, 'application/xml').documentElement.textContent : '';
};

function Figure({ figure }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([figure.svg], { type: 'image/svg+xml' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [figure.svg]);
  return html`<figure class="card plate">${url && html`<img class="figure" src=${url} alt=${`${figure.title}. ${spoken(figure.svg)}`} />
    <figcaption><a class="quiet-link" href=${url} download=${`${figure.id}.svg`}>Save as SVG<span class="visually-hidden">: ${figure.title}</span></a></figcaption>`}</figure>`;
}

function Rows({ table }) {
  return html`<${Scroll} label=${table.title}><table class="study"><thead><tr>${table.columns.map((c, i) => html`<th scope="col" key=${i}>${spaced(c)}</th>`)}</tr></thead>
    <tbody>${table.rows.map((r, i) => html`<tr key=${i}>${r.map((cell, k) => k === 0 ? html`<th scope="row" key=${k}>${spaced(cell) || DASH}</th>` : html`<td key=${k}>${cell || DASH}</td>`)}</tr>`)}</tbody></table></${Scroll}>`;
}

function Table({ table, first }) {
  const [open, setOpen] = useState(first);
  return html`<details class="study-table" open=${first} onToggle=${e => setOpen(e.currentTarget.open)}><summary><strong>${table.title}</strong> <span class="quiet">${plural(table.rows.length, 'row')}</span></summary>
    ${open && html`${table.note && html`<p class="hint">${table.note}</p>`}<${Rows} table=${table} />`}</details>`;
}

export function Cohort() {
  const study = useLoad(() => api.cohort(), []);
  const v = study.value;
  return html`<div class="screen"><div class="screen-head"><h1>Cohort</h1><p class="quiet">Every patient you may see, as one study</p></div>
    ${study.problem ? html`<${Trouble} problem=${study.problem} again=${study.again} />` : !v ? html`<${Busy} what="the study; with many patients this takes a moment" />`
      : !(v.figures?.length || v.tables?.length) ? html`<${Empty} title="No study yet"><p>A study needs patients. Import records, then come back.</p><a class="button" href=${to('imports')}>Import records</a></${Empty}>`
      : html`<div><p class="facts"><strong>${plural(v.patients, 'patient')}</strong>${(v.remarks || []).map((r, i) => html`<span key=${i} class="quiet">${r}</span>`)}</p>
          <h2 class="visually-hidden">Figures</h2><div class="figures">${(v.figures || []).map(f => html`<${Figure} key=${f.id} figure=${f} />`)}</div>
          <section class="card" aria-labelledby="tables"><h2 id="tables">Tables</h2>${(v.tables || []).filter(t => t.rows.length).map((t, i) => html`<${Table} key=${t.id} table=${t} first=${i === 0} />`)}</section></div>`}</div>`;
}
