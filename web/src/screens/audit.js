// SPDX-License-Identifier: Apache-2.0
// What was done, by whom and when; each line holds the hash of the one before, so that a change would be seen.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { Busy, Empty, Trouble } from '../parts/states.js';
import { Scroll } from '../parts/chips.js';
import { instant, plural } from '../words.js';

export function Audit() {
  const [more, setMore] = useState({ rows: [], next: undefined });
  const found = useLoad(() => api.audit().then(r => { setMore({ rows: [], next: undefined }); return r; }), []);
  const [verdict, setVerdict] = useState(null);
  const rowsOf = r => r.rows || r.audit || r.entries || [];
  const rows = found.value ? [...rowsOf(found.value), ...more.rows] : [];
  const next = more.next === undefined ? found.value?.next : more.next;
  const verify = () => { setVerdict({ busy: true }); api.auditVerify().then(setVerdict, problem => setVerdict({ problem })); };
  return html`<div class="screen"><div class="screen-head"><h1>Audit log</h1><div class="actions"><button onClick=${verify} disabled=${verdict?.busy}>Verify the chain</button></div></div>
    <div role="status">${verdict && !verdict.busy && (verdict.problem ? html`<${Trouble} problem=${verdict.problem} />` : verdict.ok === false
      ? html`<${Trouble} title="The chain is broken" detail=${verdict.detail || `The first line that does not fit is ${verdict.seq ?? verdict.first_bad}.`} problem=${{ hint: 'Stop the server, keep the file as it is, and compare it with the last backup: boneflare store verify.' }} />`
      : html`<p class="callout good">The chain is whole: ${plural(verdict.rows ?? verdict.count ?? rows.length, 'line')}.</p>`)}</div>
    ${found.problem ? html`<${Trouble} problem=${found.problem} again=${found.again} />` : !found.value ? html`<${Busy} what="the audit log" />`
      : !rows.length ? html`<${Empty} title="Nothing was done yet"><p>Every sign-in and every change will stand here.</p></${Empty}>`
      : html`<div class="card flush"><${Scroll} label="Audit log"><table class="audit"><thead><tr><th scope="col" class="num">No.</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Subject</th><th scope="col">Hash</th></tr></thead>
        <tbody>${rows.map(r => html`<tr key=${r.seq}><td class="num">${r.seq}</td><td class="nowrap">${instant(r.when ?? r.when_ms)}</td><td>${r.actor}</td><td>${r.action}</td><td class="rows">${r.subject}</td><td class="rows" title=${r.hash}>${(r.hash || '').slice(0, 12)}</td></tr>`)}</tbody></table></${Scroll}></div>`}
    ${next && html`<p><button onClick=${() => api.audit(next).then(r => setMore(m => ({ rows: [...m.rows, ...rowsOf(r)], next: r.next ?? null })))}>Show more</button></p>`}</div>`;
}
