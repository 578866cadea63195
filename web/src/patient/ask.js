// SPDX-License-Identifier: Apache-2.0
// Questions, answered from the rulebook and this patient's own evidence, each answer with its citation; or the sentence that there is none.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { Card, Sources } from '../parts/chips.js';
import { Trouble } from '../parts/states.js';

const TRY = ['Why is it flare and not progression?', 'What does the RECIST note on flare say?', 'When is ALP measured again?'];

export function Ask({ patient }) {
  const [question, setQuestion] = useState('');
  const [said, setSaid] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const put = text => {
    if (!text.trim()) return;
    setQuestion(text);
    setBusy(true);
    setProblem(null);
    api.ask(text, patient).then(answer => setSaid({ ...answer, question: text }), p => { setSaid(null); setProblem(p); }).then(() => setBusy(false));
  };
  return html`<${Card} id="ask" title="Ask" hint="Answers are found in the rulebook and in this patient’s evidence, and quoted. Nothing is made up.">
    <form class="row" onSubmit=${e => { e.preventDefault(); put(question); }}>
      <label class="field grow"><span>Question</span><input value=${question} maxlength="500" placeholder=${TRY[0]} onInput=${e => setQuestion(e.target.value)} /></label>
      <button class="primary" disabled=${busy}>${busy ? 'Looking …' : 'Ask'}</button></form>
    ${!said && !problem && html`<p class="tries">${TRY.map(t => html`<button key=${t} class="plain" onClick=${() => put(t)}>${t}</button>`)}</p>`}
    ${problem && html`<${Trouble} problem=${problem} />`}
    <div aria-live="polite">${said && (said.answers.length === 0 ? html`<p class="callout">${said.none || 'There is no answer in the rulebook or in this record.'} Ask with other words, or look through the rules with <code>boneflare rules list</code>.</p>`
      : html`<ul class="answers">${said.answers.map((x, i) => html`<li key=${i}><p>${x.text}</p><p class="small quiet">${x.rule && html`<code>${x.rule}</code> `}
          ${x.citation ? html`<cite>${x.citation}</cite>` : html`<${Sources} source=${[x.source].flat().filter(s => s && !/[ .]/.test(s))} />`}${x.events?.length > 0 && html` <span class="rows">${x.events.join(', ')}</span>`}</p></li>`)}</ul>`)}</div>
  </${Card}>`;
}
