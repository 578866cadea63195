// SPDX-License-Identifier: Apache-2.0
// One patient on one screen: verdict, course, reasons, criteria, what next; as of any day.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad, useRested } from '../loading.js';
import { here, setQuery, to } from '../router.js';
import { useMay, useSession } from '../session.js';
import { Busy, Trouble } from '../parts/states.js';
import { Verdict } from '../patient/verdict.js';
import { Alarms, Issues, Steps } from '../patient/steps.js';
import { Timeline } from '../patient/timeline.js';
import { AsOf, newsDays } from '../patient/asof.js';
import { Causes, Evidence } from '../patient/evidence.js';
import { CriteriaTable } from '../patient/criteria.js';
import { Lesions } from '../patient/lesions.js';
import { Workup } from '../patient/workup.js';
import { Review } from '../patient/review.js';
import { Ask } from '../patient/ask.js';
import { Entry } from '../patient/entry.js';
import { Sheet } from '../patient/sheet.js';
import { draftOf } from '../patient/drafts.js';
import { plural, spaced } from '../words.js';

const asDay = text => /^d-?\d+$/.test(text || '') ? Number(text.slice(1)) : null;

/** The assessment of a day; those seen stay in memory while the patient is open, so that the slider does not flicker. */
function useAssessment(key, at, version) {
  const seen = useRef(new Map());
  const rested = useRested(at, 120);
  return useLoad(async signal => {
    const name = `${version} ${rested}`;
    if (!seen.current.has(name)) seen.current.set(name, await api.assessment(key, rested === null ? null : `d${rested}`, signal));
    return seen.current.get(name);
  }, [key, rested, version]);
}

/** From the patients table: "woman, 72 years, lung, adenocarcinoma, stage IV" */
export function describe(record) {
  const t = record?.tables['patients.csv'] || record?.tables.patients;
  if (!t?.rows.length) return '';
  const row = Array.isArray(t.rows[0]) ? Object.fromEntries(t.columns.map((c, i) => [c, t.rows[0][i]])) : t.rows[0];
  return [{ F: 'woman', M: 'man' }[row.sex], row.age && `${row.age} years`, row.tumour, row.histology, row.stage && `stage ${row.stage}`].filter(Boolean).map(spaced).join(', ');
}

const FORMS = [['html', 'Report (HTML)'], ['text', 'Text'], ['json', 'JSON'], ['fhir', 'FHIR']];

function Actions({ patient, at, language, setLanguage, add, may }) {
  return html`<div class="actions">
    <div class="switch" role="group" aria-label="Language">${[['clinician', 'Clinician'], ['patient', 'Patient']].map(([v, n]) => html`<button key=${v} aria-pressed=${language === v} onClick=${() => setLanguage(v)}>${n}</button>`)}</div>
    ${may && html`<button class="primary" onClick=${() => add('labs.csv')}>Add to the record</button>`}
    <a class="button" href=${to('compare', patient)}>Compare</a>
    <a class="button" href=${api.reportAddress(patient, language, 'pdf', at === null ? null : `d${at}`)} download="boneflare-report.pdf">PDF</a>
    <button onClick=${() => print()}>Print</button>
    <details class="drop"><summary class="button">Export</summary><ul>${FORMS.map(([f, n]) => html`<li key=${f}><a href=${api.reportAddress(patient, language, f, at === null ? null : `d${at}`)} target="_blank" rel="noopener">${n}</a></li>`)}</ul></details>
  </div>`;
}

const PARTS = [['verdict', 'Verdict'], ['timeline', 'Course'], ['evidence', 'Evidence'], ['criteria', 'Criteria'], ['lesions', 'Lesions'], ['workup', 'Work-up'], ['data', 'Data'], ['ask', 'Ask'], ['review', 'Review']];

/** Jumps within the screen; buttons, because the address after # names the screen. */
function Jump() {
  const jump = id => {
    const card = document.getElementById(id);
    card?.scrollIntoView({ block: 'start' });
    card?.querySelector('h2')?.setAttribute('tabindex', '-1');
    card?.querySelector('h2')?.focus({ preventScroll: true });
  };
  return html`<nav class="jump" aria-label="Parts of this screen">${PARTS.map(([id, name]) => html`<button key=${id} class="plain" onClick=${() => jump(id)}>${name}</button>`)}</nav>`;
}

function Clinical({ patient, base, a, at, setAt, shown, add, changed }) {
  const { head, timeline, record, latest } = base;
  const session = useSession(), may = useMay('reviewer');
  return html`
    <${Alarms} alarms=${a.alarms} />
    <div class="two wide-left">
      <div><${Verdict} a=${a} stale=${shown.stale} /><${Timeline} timeline=${timeline} a=${a} latest=${latest} choose=${setAt} stale=${shown.stale} /></div>
      <div><${Steps} a=${a} /><${Causes} causes=${a.alp_causes} /></div>
    </div>
    <div class="two"><${Evidence} patient=${patient} a=${a} at=${at} version=${record.version} /><${CriteriaTable} a=${a} /></div>
    <${Lesions} timeline=${timeline} a=${a} add=${may ? () => add('lesions.csv') : null} />
    <${Workup} a=${a} />
    <${Issues} issues=${a.issues} />
    <div class="two"><${Ask} patient=${patient} /><${Review} patient=${patient} a=${a} at=${at} version=${record.version} user=${session.user} may=${may} changed=${changed} /></div>
    <p class="visually-hidden">${plural(head.alarms ?? a.alarms.length, 'alarm')}</p>`;
}

export function Patient({ patient }) {
  const [at, setAt] = useState(() => asDay(here().query.get('as_of')));
  const [turn, setTurn] = useState(0);
  const [language, setLanguage] = useState('clinician');
  const may = useMay('reviewer');
  const [adding, setAdding] = useState(() => draftOf(patient)?.open ? draftOf(patient).table : null);
  const [told, setTold] = useState('');
  const base = useLoad(async () => {
    const [head, timeline, record, latest] = await Promise.all([api.patientHead(patient), api.timeline(patient), api.record(patient), api.assessment(patient)]);
    return { head, timeline, record, latest };
  }, [patient, turn]);
  const shown = useAssessment(patient, at, turn);
  useEffect(() => setQuery('as_of', at === null ? null : `d${at}`), [at]);
  const days = useMemo(() => base.value ? newsDays(base.value.latest, base.value.timeline) : [], [base.value]);
  useEffect(() => { if (base.value) document.title = `${base.value.head.id} · boneflare`; }, [base.value]);
  if (base.problem && !base.value) return html`<${Trouble} whole problem=${base.problem} again=${base.again}><p><a href=${to('patients')}>Back to the work list</a></p></${Trouble}>`;
  if (!base.value) return html`<${Busy} what="the patient" />`;
  const { head, record, latest } = base.value;
  const a = shown.value || latest;
  const begin = what => {
    setTold('');
    setAdding(what);
  };
  const saved = answer => {
    setTold(`Saved as version ${answer.version}.${answer.issues?.length ? ` ${plural(answer.issues.length, 'problem')} to look at under Data problems.` : ''}`);
    setAdding(null);
    setAt(null);
    setTurn(t => t + 1);
  };
  return html`<div class="screen patient">
    <div class="screen-head"><h1>${head.id}</h1><p class="who-is">${describe(record)}</p>
      <${Actions} patient=${patient} at=${at} language=${language} setLanguage=${setLanguage} add=${begin} may=${may} /></div>
    <p class="told" role="status">${told}</p>
    <${AsOf} days=${days} at=${at} choose=${setAt}>${language === 'clinician' && html`<${Jump} />`}</${AsOf}>
    ${shown.problem && html`<${Trouble} problem=${shown.problem} again=${shown.again} />`}
    ${language === 'patient' ? html`<${Sheet} patient=${patient} at=${at} language="patient" version=${turn} />`
      : html`<${Clinical} patient=${patient} base=${base.value} a=${a} at=${at} setAt=${setAt} shown=${shown} add=${begin} changed=${() => null} />`}
    ${adding && html`<${Entry} patient=${patient} id=${head.id} record=${record} start=${adding} close=${() => setAdding(null)} saved=${saved} />`}
  </div>`;
}
