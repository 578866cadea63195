// SPDX-License-Identifier: Apache-2.0
// The course over time: therapy, imaging, events, criteria, sum of diameters, markers, probability; brush and zoom below it.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { html } from '../html.js';
import { day as dayText, dayOnly, percent, shortState, times, stateOf } from '../words.js';
import { Card } from '../parts/chips.js';
import { DayAxis, useWidth } from '../chart/frame.js';
import { FOLD, folded, foldsOf } from '../chart/scale.js';
import { firstFrom } from '../chart/decimate.js';
import { drawnDays, extent, model } from './model.js';
import { Brush } from './brush.js';
import { Bars, Criteria, Marks, Markers, Probability, Sums, layout } from './tracks.js';
import { AsTable } from './timeline-table.js';

const SHOWN_AT_FIRST = 5;
const LEAD_IN = 60; // days before the therapy that are drawn at first; the brush shows the rest

/** The value nearest to a day, not further away than `reach` days. */
function nearest(points, day, reach) {
  const i = firstFrom(points, day);
  const best = [points[i - 1], points[i]].filter(Boolean).sort((a, b) => Math.abs(a.day - day) - Math.abs(b.day - day))[0];
  return best && Math.abs(best.day - day) <= reach ? best : null;
}

/** What stands at a day, in words: for the pointer, and aloud for the keyboard. */
function Readout({ m, shown, at, reach }) {
  if (at === null) return html`<p class="readout quiet">Point at a day, or press the arrow keys on the drawing, to read its values. Enter goes back to that day.</p>`;
  const parts = [];
  const sum = nearest(m.sums, at, reach);
  if (sum) parts.push(['Sum', `${sum.value} mm`]);
  for (const s of m.series.filter(x => shown.has(x.id))) {
    const p = nearest(s.points, at, reach);
    if (p) parts.push([s.id, `${times(p.x_uln)} (${p.comparator === '=' ? '' : p.comparator}${p.value} ${s.unit || ''})`]);
  }
  const said = m.history.findLast(h => h.day <= at);
  if (said) parts.push(['Verdict', shortState(said.state) + (said.p_flare === null ? '' : ` ${percent(said.p_flare)}`)]);
  const study = nearest(m.studies, at, reach);
  if (study) parts.push(['Imaging', study.what.join(', ')]);
  const event = nearest(m.events, at, reach);
  if (event) parts.push(['Event', event.texts.join('; ')]);
  const date = m.day0 ? new Date(Date.parse(m.day0) + at * 864e5).toISOString().slice(0, 10) : null;
  return html`<p class="readout" aria-live="polite"><strong>${dayText({ day: at, date })}</strong>
    ${parts.map(([name, value]) => html`<span key=${name}><span class="quiet">${name}</span> ${value}</span>`)}</p>`;
}

function Zoom({ view, whole, setView }) {
  const zoom = by => {
    const middle = (view[0] + view[1]) / 2, half = Math.max(7, (view[1] - view[0]) / 2 * by);
    setView([Math.max(whole[0], middle - half), Math.min(whole[1], middle + half)]);
  };
  const all = view[0] <= whole[0] && view[1] >= whole[1];
  return html`<div class="zoom" role="group" aria-label="Zoom"><button class="icon" aria-label="Zoom in" title="Zoom in (+)" onClick=${() => zoom(0.5)}>+</button>
    <button class="icon" aria-label="Zoom out" title="Zoom out (−)" onClick=${() => zoom(2)} disabled=${all}>−</button>
    <button onClick=${() => setView(whole)} disabled=${all}>Whole course</button></div>`;
}

function Legend({ m, shown, toggle }) {
  if (!m.series.length) return null;
  return html`<div class="marker-legend" role="group" aria-label="Markers shown">
    ${m.series.map(s => html`<button key=${s.id} class="marker s${s.look}" aria-pressed=${shown.has(s.id)} title=${s.name} onClick=${() => toggle(s.id)}>
      <svg width="26" height="10" aria-hidden="true"><path class="series s${s.look}" d="M0 5H26" /><circle class="seriesdot s${s.look}" cx="13" cy="5" r="3" /></svg>${s.id}</button>`)}
  </div>`;
}

/** Days where something is drawn: the stops of the arrow keys. */
function stops(m, shown) {
  const days = new Set();
  for (const list of [m.studies, m.events, m.sums, m.history]) for (const x of list) days.add(x.day);
  for (const s of m.series) if (shown.has(s.id) && s.points.length <= 200) for (const p of s.points) days.add(p.day);
  return [...days].sort((a, b) => a - b);
}

function useKeys({ m, shown, at, setAt, view, setView, whole, choose }) {
  return event => {
    const width = view[1] - view[0];
    const pan = by => {
      const shift = Math.max(whole[0] - view[0], Math.min(whole[1] - view[1], by));
      setView([view[0] + shift, view[1] + shift]);
    };
    const zoom = by => {
      const middle = at ?? (view[0] + view[1]) / 2, half = Math.max(7, width / 2 * by);
      setView([Math.max(whole[0], middle - half), Math.min(whole[1], middle + half)]);
    };
    const move = by => {
      const all = stops(m, shown), i = at === null ? (by > 0 ? -1 : all.length) : by > 0 ? all.findLastIndex(d => d <= at) : firstFrom(all.map(d => ({ day: d })), at);
      const next = all[i + by];
      if (next === undefined) return;
      setAt(next);
      if (next < view[0] || next > view[1]) setView([next - width / 2, next + width / 2]);
    };
    const keys = { ArrowRight: () => event.shiftKey ? pan(width / 8) : move(1), ArrowLeft: () => event.shiftKey ? pan(-width / 8) : move(-1),
      '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2), 0: () => setView(whole), Escape: () => setAt(null), Enter: () => at !== null && choose(at) };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  };
}

function spoken(m) {
  const last = m.history.at(-1);
  return `Course over time: ${m.therapies.length} therapies, ${m.studies.length} imaging days, ${m.sums.length} sums of diameters, ${m.series.length} markers` +
    (last ? `; last verdict ${stateOf(last.state).name}` : '') + '. Arrow keys go from day to day, plus and minus zoom, 0 shows the whole course, Enter shows what was known on the day.';
}

/** The days in which flare is usual. */
function Usual({ m, x, place }) {
  if (!m.usual || m.usual.to < x.from || m.usual.from > x.to) return null;
  const from = Math.max(place.left, x(m.usual.from)), to = Math.min(place.right, x(m.usual.to));
  return html`<rect class="usual" x=${from} y=${place.top} width=${Math.max(0, to - from)} height=${place.bottom - place.top}><title>usual flare window</title></rect>`;
}

/** Times without any record, drawn short. */
function Folds({ x, place, id }) {
  if (!x.folds.length) return null;
  return html`<g><defs><pattern id="${id}-fold" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="foldline" x1="0" x2="0" y1="0" y2="8" /></pattern></defs>
    ${x.folds.map(f => html`<g key=${f.from}><title>${Math.round(f.to - f.from)} days without a record, drawn short</title>
      <rect class="fold" x=${x(f.from)} y=${place.top} width=${FOLD} height=${place.bottom - place.top} /><rect x=${x(f.from)} y=${place.top} width=${FOLD} height=${place.bottom - place.top} fill="url(#${id}-fold)" /></g>`)}</g>`;
}

/** What the ground of the drawing means, when it means something. */
function Ground({ m, folds, view }) {
  const shaded = m.usual && m.usual.to >= view[0] && m.usual.from <= view[1];
  if (!shaded && !folds.length) return null;
  return html`<p class="hint ground-hint">${shaded && html`<span class="key usual" aria-hidden="true"></span>Usual flare window: day ${m.usual.first} to ${m.usual.last} of the therapy. `}
    ${folds.length > 0 && html`<span class="key fold" aria-hidden="true"></span>A long time without a record, drawn short.`}</p>`;
}

/** The drawing itself, of a given view; also used to compare two patients, then without folds: both have one axis. */
const NO_FOLDS = [];
export function Drawing({ m, shown, view, folds = NO_FOLDS, at, setAt, onPick, keys, label }) {
  const [box, width] = useWidth(880);
  const place = useMemo(() => layout(m, shown, view, width), [m, shown, view, width]);
  const x = useMemo(() => folded(view[0], view[1], place.left, place.right, folds), [view, place, folds]);
  const dayOf = e => Math.round(x.invert(e.clientX - box.current.getBoundingClientRect().left));
  const inside = d => d >= view[0] && d <= view[1];
  const id = `plot-${label.replace(/\W/g, '')}`;
  return html`<div class="drawing" ref=${box} tabindex="0" role="group" aria-label=${label} onKeyDown=${keys}
      onPointerMove=${e => { const d = dayOf(e); setAt(inside(d) ? d : null); }} onPointerLeave=${() => setAt(null)} onDblClick=${e => inside(dayOf(e)) && onPick?.(dayOf(e))}>
    <svg class="timeline" width=${width} height=${place.height} viewBox=${`0 0 ${width} ${place.height}`} aria-hidden="true">
      <defs><clipPath id=${id}><rect x=${place.left} y="0" width=${place.right - place.left} height=${place.height} /></clipPath></defs>
      <${Usual} m=${m} x=${x} place=${place} /><${Folds} x=${x} place=${place} id=${id} />
      <${DayAxis} x=${x} top=${place.top} bottom=${place.bottom} day0=${m.day0} />
      ${m.asOf !== null && inside(m.asOf) && html`<line class="asofline" x1=${x(m.asOf)} x2=${x(m.asOf)} y1=${place.top} y2=${place.bottom} />`}
      <${Bars} m=${m} x=${x} at=${place.bars} clip=${id} narrow=${place.narrow} />
      <${Marks} m=${m} x=${x} at=${place.marks} clip=${id} narrow=${place.narrow} />
      <${Criteria} m=${m} x=${x} at=${place.criteria} narrow=${place.narrow} />
      <${Sums} m=${m} x=${x} at=${place.sums} clip=${id} narrow=${place.narrow} />
      <${Markers} m=${m} shown=${shown} x=${x} at=${place.markers} clip=${id} narrow=${place.narrow} />
      <${Probability} m=${m} x=${x} at=${place.probability} clip=${id} narrow=${place.narrow} />
      ${at !== null && inside(at) && html`<line class="cross" x1=${x(at)} x2=${x(at)} y1=${place.top} y2=${place.bottom} />`}
    </svg>
  </div>`;
}

export function Timeline({ timeline, a, latest, choose, stale }) {
  const m = useMemo(() => model(timeline, a), [timeline, a]);
  const whole = useMemo(() => extent(timeline, latest), [timeline, latest]);
  const start = useMemo(() => [Math.max(whole[0], Math.min(-LEAD_IN, whole[1] - LEAD_IN)), whole[1]], [whole]);
  const [view, setView] = useState(start);
  const [at, setAt] = useState(null);
  const first = useMemo(() => new Set(model(timeline, latest).series.slice(0, SHOWN_AT_FIRST).map(s => s.id)), [timeline, latest]);
  const [shown, setShown] = useState(first);
  useEffect(() => setView(start), [start]);
  const toggle = id => setShown(s => {
    const next = new Set(s);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  const keys = useKeys({ m, shown, at, setAt, view, setView, whole, choose });
  const days = useMemo(() => drawnDays(model(timeline, latest)), [timeline, latest]); // of the whole record: the axis stays while the slider moves
  const folds = useMemo(() => foldsOf(days, view[0], view[1]), [days, view]);
  const reach = Math.max(0, (view[1] - view[0] - folds.reduce((sum, f) => sum + f.to - f.from, 0)) / 60);
  return html`<${Card} id="timeline" title="Course" className=${stale ? 'stale' : ''} aside=${html`<${Zoom} view=${view} whole=${whole} setView=${setView} />`}>
    <${Readout} m=${m} shown=${shown} at=${at} reach=${reach} />
    <${Drawing} m=${m} shown=${shown} view=${view} folds=${folds} at=${at} setAt=${setAt} onPick=${choose} keys=${keys} label=${spoken(m)} />
    <${Ground} m=${m} folds=${folds} view=${view} />
    <${Brush} m=${m} whole=${whole} view=${view} setView=${setView} />
    <${Legend} m=${m} shown=${shown} toggle=${toggle} />
    <${AsTable} m=${m} />
  </${Card}>`;
}
