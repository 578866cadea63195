// SPDX-License-Identifier: Apache-2.0
// The slider through the days that brought news: what was known then, and what was said of it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { dayOnly, percent, shortState, stateOf } from '../words.js';

/** Days with news, in order: imaging, verdicts, therapy, and those the server names. */
export function newsDays(a, timeline) {
  const days = new Map();
  const add = (d, more) => d && d.day !== null && d.day !== undefined && days.set(d.day, { ...days.get(d.day), day: d.day, date: d.date ?? days.get(d.day)?.date ?? null, ...more });
  for (const d of timeline?.days || []) add(d, { state: d.state, p: d.p_flare });
  for (const s of timeline?.studies || []) add(s, { imaging: true });
  for (const v of a.visits) add(v, { imaging: true });
  for (const h of a.bone.history) add(h, { state: h.state, p: h.p_flare });
  for (const m of a.markers) if (m.points.length <= 60) for (const p of m.points) add(p, {});
  add(a.as_of, {});
  const sorted = [...days.values()].sort((x, y) => x.day - y.day);
  let last = null;
  for (const d of sorted) {
    if (d.state) last = d;
    d.known = last;
  }
  return sorted;
}

export function AsOf({ days, at, choose, children }) {
  const index = at === null ? days.length - 1 : Math.max(0, days.findLastIndex(d => d.day <= at));
  const [playing, setPlaying] = useState(false);
  const live = useRef(null);
  live.current = { index, days, choose };
  const pick = i => choose(i >= days.length - 1 ? null : days[i].day);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => {
      const { index: i, days: all, choose: set } = live.current;
      const next = i + 1;
      if (next >= all.length - 1) setPlaying(false);
      set(next >= all.length - 1 ? null : all[next].day);
    }, 1200);
    return () => clearInterval(timer);
  }, [playing]);
  const play = () => {
    if (!playing && index >= days.length - 1) pick(0);
    setPlaying(p => !p);
  };
  const d = days[index];
  const said = d?.known ? shortState(d.known.state) + (d.known.p === null || d.known.p === undefined ? '' : `, flare ${percent(d.known.p)}`) : 'No question yet';
  const when = d ? (d.date ? `${d.date}, ${dayOnly(d.day)}` : dayOnly(d.day)) : '';
  return html`<div class="asof" role="group" aria-label="As known on">
    <div class="asof-text"><span class="quiet">As known on</span> <strong class="num">${when}</strong>
      <span class="chip ${stateOf(d?.known?.state).kind}">${said}</span>
      ${at !== null && html`<button class="plain" onClick=${() => pick(days.length - 1)}>Back to now</button>`}</div>
    <div class="asof-line">
      <button class="icon" aria-label=${playing ? 'Stop' : 'Replay'} title=${playing ? 'Stop' : 'Replay'} onClick=${play}>${playing ? '■' : '▶'}</button>
      <div class="asof-track">
        <svg class="asof-marks" width="100%" height="14" aria-hidden="true">${days.map((x, i) => html`<g key=${x.day}>
          <circle class="${stateOf(x.known?.state).kind} ${i > index ? 'later' : ''}" cx=${`${days.length > 1 ? i / (days.length - 1) * 100 : 0}%`} cy="7" r=${x.imaging ? 4.5 : 2.5} /></g>`)}</svg>
        <input type="range" min="0" max=${Math.max(0, days.length - 1)} step="1" value=${index} aria-label="Day as of which the record is shown"
          aria-valuetext=${`${when}: ${said}`} onInput=${e => { setPlaying(false); pick(Number(e.target.value)); }} />
      </div>
    </div>
    ${children}
  </div>`;
}
