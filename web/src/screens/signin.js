// SPDX-License-Identifier: Apache-2.0
// Signing in, and making the first admin with the link that the server printed when it started for the first time.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { Trouble } from '../parts/states.js';

const LEAST = 12;

function Password({ name, value, change, fresh, autofocus }) {
  const [seen, setSeen] = useState(false);
  return html`<div class="field"><label for=${name}><span>Password</span></label><div class="password"><input id=${name} type=${seen ? 'text' : 'password'} value=${value} required autofocus=${autofocus}
    autocomplete=${fresh ? 'new-password' : 'current-password'} minlength=${fresh ? LEAST : undefined} onInput=${e => change(e.target.value)} />
    <button type="button" class="plain" aria-pressed=${seen} onClick=${() => setSeen(!seen)}>${seen ? 'Hide' : 'Show'}</button></div>
    ${fresh && html`<p class="hint small">At least ${LEAST} characters. A sentence is easy to remember.</p>`}</div>`;
}

function Door({ title, intro, action, busyAction, fresh, send, children }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const go = e => {
    e.preventDefault();
    setBusy(true);
    setProblem(null);
    send(name, password).catch(p => { setProblem(p); setPassword(''); }).then(() => setBusy(false));
  };
  return html`<main id="main" class="door"><div class="card"><p class="brand">boneflare</p><h1>${title}</h1><p class="quiet">${intro}</p>
    <form onSubmit=${go}><label class="field"><span>Name</span><input value=${name} required autocomplete="username" spellcheck="false" autocapitalize="none" onInput=${e => setName(e.target.value)} /></label>
      <${Password} name="password" value=${password} change=${setPassword} fresh=${fresh} />
      ${problem && html`<${Trouble} problem=${problem} />`}<button class="primary" disabled=${busy}>${busy ? busyAction : action}</button></form>${children}</div></main>`;
}

export const SignIn = () => html`<${Door} title="Sign in" intro="Bone flare or progression: for clinicians, with reasons." action="Sign in" busyAction="Signing in …" send=${api.signIn}>
  <p class="hint small">No account? An admin makes one under Users. On a new server, open the link it printed when it first started.</p></${Door}>`;

export const SetUp = ({ token }) => !token ? html`<main id="main" class="door"><${Trouble} whole title="The link is not complete" detail="It has to hold the one-time token that the server printed."
    problem=${{ hint: 'Copy the whole line from the terminal where boneflare serve was started.' }} /></main>`
  : html`<${Door} title="Set up this server" intro="Make the first account. It is an admin; it can make the others." action="Make the account" busyAction="Making it …" fresh=${true}
      send=${(name, password) => api.setUp(token, name, password).then(() => { location.hash = '#/'; location.reload(); })} />`;
