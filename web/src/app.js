// SPDX-License-Identifier: Apache-2.0
// The frame around every screen: who is signed in, where one can go, and which screen stands in the place we are.
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import * as api from './api.js';
import { to, usePlace } from './router.js';
import { ROLES } from './words.js';
import { Busy, Trouble } from './parts/states.js';
import { WorkList } from './screens/worklist.js';
import { Patient } from './screens/patient.js';
import { Compare } from './screens/compare.js';
import { Cohort } from './screens/cohort.js';
import { Imports } from './screens/imports.js';
import { SetUp, SignIn } from './screens/signin.js';
import { Users } from './screens/users.js';
import { Audit } from './screens/audit.js';
import { RANK, Session } from './session.js';

/** The screens by the first word of the place; `role` who may see it, `name` how the menu calls it. */
const SCREENS = [
  { word: 'patients', name: 'Work list', role: 'reader', show: parts => parts[1] ? html`<${Patient} key=${parts[1]} patient=${parts[1]} />` : html`<${WorkList} />` },
  { word: 'compare', name: 'Compare', role: 'reader', show: parts => html`<${Compare} one=${parts[1]} two=${parts[2]} />` },
  { word: 'cohort', name: 'Cohort', role: 'reader', show: () => html`<${Cohort} />` },
  { word: 'imports', name: 'Import', role: 'reviewer', show: () => html`<${Imports} />` },
  { word: 'users', name: 'Users', role: 'admin', show: () => html`<${Users} />` },
  { word: 'audit', name: 'Audit', role: 'admin', show: () => html`<${Audit} />` },
];

function Menu({ word, session }) {
  return html`<nav class="menu" aria-label="Screens"><ul>
    ${SCREENS.filter(s => s.name && RANK[s.role] <= RANK[session.role]).map(s => html`<li key=${s.word}>
      <a href=${to(s.word)} aria-current=${s.word === word ? 'page' : undefined}>${s.name}</a></li>`)}
  </ul></nav>`;
}

function Who({ session }) {
  return html`<div class="who">
    ${session.demo && html`<span class="badge" title="The bundled example cases; nothing is kept when the server stops">Demo</span>`}
    <span>${session.user} <span class="quiet">${ROLES[session.role] || session.role}</span></span>
    ${!session.demo && html`<button class="plain" onClick=${api.signOut}>Sign out</button>`}
  </div>`;
}

function Foot({ session }) {
  return html`<footer class="foot">
    <p><strong>Supports clinicians’ judgement. Not a medical device, not clinically validated.</strong> Many likelihood ratios are
      assumptions; each statement names its rule and its source.</p>
    <p class="quiet">boneflare ${session?.version} · rulebook ${session?.rulebook?.version || session?.rulebook}</p>
  </footer>`;
}

/** Moves the focus to the heading of a new screen, so that keyboard and screen reader start there. */
function useArrival(place) {
  const first = useRef(true);
  const main = useRef(null);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus();
    scrollTo(0, 0);
    document.title = document.querySelector('h1')?.textContent ? `${document.querySelector('h1').textContent} · boneflare` : 'boneflare';
  }, [place.parts.join('/')]);
  return main;
}

function Shell({ place, session }) {
  const word = place.parts[0] || 'patients';
  const screen = SCREENS.find(s => s.word === word);
  const main = useArrival(place);
  return html`
    <a class="skip" href="#main" onClick=${e => { e.preventDefault(); main.current.focus(); }}>Skip to the content</a>
    <header class="top"><div class="bar-in">
      <a class="brand" href="#/">boneflare</a>
      <${Menu} word=${word} session=${session} />
      <${Who} session=${session} />
    </div></header>
    <main id="main" tabindex="-1" ref=${main}>
      ${screen && RANK[screen.role] <= RANK[session.role] ? screen.show(place.parts, place.query)
        : html`<${Trouble} whole title="There is nothing at this address" detail=${`No screen is called “${word}”.`}>
            <a class="button" href="#/">Open the work list</a></${Trouble}>`}
    </main>
    <${Foot} session=${session} />`;
}

export function App() {
  const place = usePlace();
  const [session, setSession] = useState(undefined);
  const [problem, setProblem] = useState(null);
  const look = () => {
    setProblem(null);
    api.session().then(s => setSession(s.user ? s : null), p => p.status === 401 ? setSession(null) : setProblem(p));
  };
  useEffect(() => { look(); return api.onSession(setSession); }, []);
  if (place.parts[0] === 'setup') return html`<${SetUp} token=${place.query.get('token')} />`;
  if (problem) return html`<main id="main"><${Trouble} whole problem=${problem} again=${look} /></main>`;
  if (session === undefined) return html`<main id="main"><${Busy} what="boneflare" /></main>`;
  if (session === null) return html`<${SignIn} />`;
  return html`<${Session.Provider} value=${session}><${Shell} place=${place} session=${session} /></${Session.Provider}>`;
}
