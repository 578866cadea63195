// SPDX-License-Identifier: Apache-2.0
// Who may sign in, and what for.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { Busy, Dialog, Trouble } from '../parts/states.js';
import { Card, Scroll } from '../parts/chips.js';
import { useSession } from '../session.js';
import { ROLES } from '../words.js';

const MAY = { reader: 'reads', reviewer: 'reads, adds data, imports, signs', admin: 'all of that, users and the audit log' };

function NewPassword({ name, close, changed }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState(null);
  const set = e => {
    e.preventDefault();
    api.changeUser(name, { password }).then(() => { close(); changed(); }, setProblem);
  };
  return html`<${Dialog} title=${`New password for ${name}`} close=${close}><form class="new-password" onSubmit=${set}>
    <label class="field"><span>New password, at least 12 characters</span><input required type="password" minlength="12" autocomplete="new-password" value=${password} onInput=${e => setPassword(e.target.value)} /></label>
    <p class="hint">All sessions of ${name} end. Tell the password in person.</p>${problem && html`<${Trouble} problem=${problem} />`}
    <div class="row end"><button type="button" onClick=${close}>Cancel</button><button class="primary">Set</button></div></form></${Dialog}>`;
}

function User({ u, me, changed, fail }) {
  const [renewing, setRenewing] = useState(false);
  const change = part => api.changeUser(u.name, part).then(changed, fail);
  return html`<tr><th scope="row">${u.name}${u.name === me && html` <span class="quiet">(you)</span>`}</th>
    <td><select aria-label=${`Role of ${u.name}`} value=${u.role} disabled=${u.name === me} onChange=${e => change({ role: e.target.value })}>${Object.entries(ROLES).map(([v, n]) => html`<option value=${v}>${n}</option>`)}</select></td>
    <td>${u.disabled ? 'shut out' : 'may sign in'}</td>
    <td><button disabled=${u.name === me} onClick=${() => change({ disabled: !u.disabled })}>${u.disabled ? 'Let in again' : 'Shut out'}<span class="visually-hidden"> ${u.name}</span></button> <button disabled=${u.name === me} onClick=${() => setRenewing(true)}>New password<span class="visually-hidden"> for ${u.name}</span></button>
      ${renewing && html`<${NewPassword} name=${u.name} close=${() => setRenewing(false)} changed=${changed} />`}</td></tr>`;
}

function Fresh({ changed }) {
  const [user, setUser] = useState({ name: '', password: '', role: 'reader' });
  const [problem, setProblem] = useState(null);
  const set = part => setUser(u => ({ ...u, ...part }));
  const add = e => {
    e.preventDefault();
    setProblem(null);
    api.addUser(user).then(() => { setUser({ name: '', password: '', role: 'reader' }); changed(); }, setProblem);
  };
  return html`<${Card} id="new-user" title="New user"><form onSubmit=${add}><div class="row">
    <label class="field"><span>Name</span><input required value=${user.name} autocomplete="off" spellcheck="false" onInput=${e => set({ name: e.target.value })} /></label>
    <label class="field"><span>First password, at least 12 characters</span><input required type="password" minlength="12" autocomplete="new-password" value=${user.password} onInput=${e => set({ password: e.target.value })} /></label>
    <label class="field"><span>Role</span><select value=${user.role} onChange=${e => set({ role: e.target.value })}>${Object.entries(ROLES).map(([v, n]) => html`<option value=${v}>${n}: ${MAY[v]}</option>`)}</select></label>
    <button class="primary">Add</button></div>${problem && html`<${Trouble} problem=${problem} />`}</form></${Card}>`;
}

export function Users() {
  const me = useSession().user;
  const [problem, setProblem] = useState(null);
  const found = useLoad(() => api.users().then(r => r.users), []);
  const changed = () => { setProblem(null); found.again(); };
  return html`<div class="screen"><div class="screen-head"><h1>Users</h1></div>
    ${(problem || found.problem) && html`<${Trouble} problem=${problem || found.problem} again=${changed} />`}
    ${found.value ? html`<div class="card flush"><${Scroll} label="Users"><table class="users"><thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">State</th><th scope="col">Change</th></tr></thead>
      <tbody>${found.value.map(u => html`<${User} key=${u.name} u=${u} me=${me} changed=${changed} fail=${setProblem} />`)}</tbody></table></${Scroll}></div>` : !found.problem && html`<${Busy} what="the users" />`}
    <${Fresh} changed=${changed} /></div>`;
}
