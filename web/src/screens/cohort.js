// SPDX-License-Identifier: Apache-2.0
// All patients as a study: its tables and figures, as the program draws them. A figure is shown as an image, so nothing in it can run.
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { to } from '../router.js';
import { Busy, Empty, Trouble } from '../parts/states.js';
import { Card, Scroll } from '../parts/chips.js';
import { DASH } from '../words.js';

function Figure({ figure }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([figure.svg], { type: 'image/svg+xml' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [figure.svg]);
  return html`<${Card} id=${`figure-${figure.id}`} title=${figure.title} aside=${url && html`<a class="quiet-link" href=${url} download=${`${figure.id}.svg`}>Save as SVG</a>`}>
    ${url && html`<img class="figure" src=${url} alt=${figure.description || figure.title} />`}</${Card}>`;
}

function Table({ table }) {
  return html`<${Scroll} label=${table.title}><table class="study"><caption>${table.title}</caption>
    <thead><tr>${table.columns.map((c, i) => html`<th scope="col" key=${i}>${c.name ?? c}</th>`)}</tr></thead>
    <tbody>${table.rows.map((r, i) => html`<tr key=${i}>${r.map((cell, k) => k === 0 ? html`<th scope="row" key=${k}>${cell ?? DASH}</th>` : html`<td key=${k} class="num">${cell ?? DASH}</td>`)}</tr>`)}</tbody></table></${Scroll}>`;
}

export function Cohort() {
  const study = useLoad(() => api.cohort(), []);
  const v = study.value;
  return html`<div class="screen"><div class="screen-head"><h1>Cohort</h1><p class="quiet">Every patient you may see, as one study</p></div>
    ${study.problem ? html`<${Trouble} problem=${study.problem} again=${study.again} />` : !v ? html`<${Busy} what="the study; with many patients this takes a moment" />`
      : !(v.figures?.length || v.tables?.length) ? html`<${Empty} title="No study yet"><p>A study needs patients. Import records, then come back.</p><a class="button" href=${to('imports')}>Import records</a></${Empty}>`
      : html`<div>${v.tables?.length > 0 && html`<div class="card tables">${v.tables.map(t => html`<${Table} key=${t.title} table=${t} />`)}</div>`}
          <div class="figures">${(v.figures || []).map(f => html`<${Figure} key=${f.id} figure=${f} />`)}</div></div>`}</div>`;
}
