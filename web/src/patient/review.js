// SPDX-License-Identifier: Apache-2.0
// Who has looked at this verdict, and signing it.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { Card } from '../parts/chips.js';
import { Trouble } from '../parts/states.js';
import { REVIEW, day, instant, shortState, percent } from '../words.js';

const NEXT = [['submitted', 'Submit for review'], ['under_review', 'Take under review'], ['approved', 'Approve and sign'], ['draft', 'Back to draft']];

export function Review({ patient, a, at, version, user, may, changed }) {
  const past = useLoad(() => api.reviews(patient).then(r => r.reviews), [patient, version]);
  const [note, setNote] = useState('');
  const [status, setStatus] = useState('approved');
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const last = past.value?.at(-1);
  const sign = e => {
    e.preventDefault();
    setBusy(true);
    setProblem(null);
    api.review(patient, { version, as_of: at === null ? null : `d${at}`, status, note }).then(() => { setNote(''); past.again(); changed(); }, setProblem).then(() => setBusy(false));
  };
  return html`<${Card} id="review" title="Review" aside=${html`<span class="review ${last?.status || 'none'}">${last ? `${REVIEW[last.status] || last.status}: ${last.who}, ${instant(last.when)}` : REVIEW.none}</span>`}>
    ${past.value?.length > 0 && html`<ol class="reviews">${past.value.map((r, i) => html`<li key=${i}><strong>${REVIEW[r.status] || r.status}</strong> by ${r.who}, ${instant(r.when)}, version ${r.version}
      ${r.note && html`<p class="noted">${r.note}</p>`}</li>`)}</ol>`}
    ${last && last.version < version && html`<p class="callout">The record changed since: version ${last.version} was signed, this is version ${version}.</p>`}
    ${past.problem && html`<${Trouble} problem=${past.problem} again=${past.again} />`}
    ${may ? html`<form class="sign" onSubmit=${sign}>
      <p>You sign for <strong>${shortState(a.bone.state)}${a.bone.p_flare === null ? '' : `, flare ${percent(a.bone.p_flare)}`}</strong> as known on ${day(a.as_of)}, version ${version} of the record.</p>
      <label class="field"><span>Note for those who read it</span><textarea value=${note} maxlength="4000" onInput=${e => setNote(e.target.value)}></textarea></label>
      <div class="row"><label class="field"><span>Status</span><select value=${status} onChange=${e => setStatus(e.target.value)}>${NEXT.map(([v, n]) => html`<option value=${v}>${n}</option>`)}</select></label>
        <button class="primary" disabled=${busy}>${busy ? 'Signing …' : `Sign as ${user}`}</button></div>
      ${problem && html`<${Trouble} problem=${problem} />`}
    </form>` : html`<p class="hint">Your role may read. A reviewer can sign.</p>`}
  </${Card}>`;
}
