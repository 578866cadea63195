// SPDX-License-Identifier: Apache-2.0
// One patient on one screen: verdict, course, reasons, criteria, what next.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad, useRested } from '../loading.js';
import { here, setQuery } from '../router.js';
import { Busy, Trouble } from '../parts/states.js';
import { Verdict } from '../patient/verdict.js';
import { Alarms, Issues, Steps } from '../patient/steps.js';
import { Timeline } from '../patient/timeline.js';
import { AsOf, newsDays } from '../patient/asof.js';
import { spaced } from '../words.js';

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
function describe(record) {
  const t = record?.tables['patients.csv'] || record?.tables.patients;
  if (!t?.rows.length) return '';
  const row = Array.isArray(t.rows[0]) ? Object.fromEntries(t.columns.map((c, i) => [c, t.rows[0][i]])) : t.rows[0];
  return [{ F: 'woman', M: 'man' }[row.sex], row.age && `${row.age} years`, row.tumour, row.histology, row.stage && `stage ${row.stage}`].filter(Boolean).map(spaced).join(', ');
}

export function Patient({ patient }) {
  const [at, setAt] = useState(() => asDay(here().query.get('as_of')));
  const [version, setVersion] = useState(0);
  const base = useLoad(() => Promise.all([api.patientHead(patient), api.timeline(patient), api.record(patient), api.assessment(patient)]), [patient, version]);
  const shown = useAssessment(patient, at, version);
  useEffect(() => setQuery('as_of', at === null ? null : `d${at}`), [at]);
  const [head, timeline, record, latest] = base.value || [];
  const days = useMemo(() => latest ? newsDays(latest, timeline) : [], [latest, timeline]);
  if (base.problem && !base.value) return html`<${Trouble} problem=${base.problem} again=${base.again} />`;
  if (!base.value) return html`<${Busy} what="the patient" />`;
  const a = shown.value || latest;
  return html`<div class="screen patient">
    <div class="screen-head"><h1>${head.id}</h1><p class="who-is">${describe(record)}</p></div>
    <${AsOf} days=${days} at=${at} choose=${setAt} />
    ${shown.problem && html`<${Trouble} problem=${shown.problem} again=${shown.again} />`}
    <${Alarms} alarms=${a.alarms} />
    <div class="two wide-left">
      <div><${Verdict} a=${a} stale=${shown.stale} /><${Timeline} timeline=${timeline} a=${a} latest=${latest} choose=${setAt} stale=${shown.stale} /></div>
      <div><${Steps} a=${a} /></div>
    </div>
    <${Issues} issues=${a.issues} />
  </div>`;
}
