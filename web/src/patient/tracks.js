// SPDX-License-Identifier: Apache-2.0
// The rows of the timeline, from the top: therapy, imaging and events, criteria, sum of diameters, markers, probability.
import { html } from '../html.js';
import { linear, logTicks, logarithmic, ticks } from '../chart/scale.js';
import { ValueAxis, spread } from '../chart/frame.js';
import { decimate, line, within } from '../chart/decimate.js';
import { change, stateOf, times } from '../words.js';

const LANE = 26, CHIP = 21;
export const CHIPS = [['RECIST', v => v.recist.overall], ['with flare note', v => v.recist.overall_flare_note], ['MDA bone', v => v.mda]];

/** Bars into lanes so that none covers another. */
function lanes(bars) {
  const ends = [];
  return bars.map(b => {
    let lane = ends.findIndex(end => end <= b.from);
    if (lane < 0) lane = ends.length;
    ends[lane] = b.stop ?? Infinity;
    return { ...b, lane };
  });
}

/** Where each row lies: { top, height } each, plus the frame. */
export function layout(m, shown, view, width) {
  const narrow = width < 640;
  const left = narrow ? 40 : 136, right = width - (narrow ? 10 : 92), head = narrow ? 18 : 0;
  const bars = lanes(m.therapies);
  let y = 6;
  const row = (height, gap = 20) => {
    const at = { top: y + head, height, left, right };
    y += height + gap + head;
    return at;
  };
  const place = { narrow, left, right, top: 2 };
  place.bars = { ...row(Math.max(1, ...bars.map(b => b.lane + 1)) * LANE, 10), bars };
  place.marks = row(m.events.length ? 84 : 40, 8);
  place.criteria = m.visits.some(v => !v.baseline) ? row(CHIPS.length * CHIP, 18) : null;
  place.sums = m.sums.length ? row(96) : null;
  place.markers = m.series.some(s => shown.has(s.id)) ? row(190) : null;
  place.probability = m.history.some(h => h.p_flare !== null) ? row(84, 12) : null;
  place.bottom = y;
  place.height = y + (m.day0 ? 36 : 22);
  return place;
}

function Name({ at, title, sub, narrow, offset = 13 }) {
  return narrow ? html`<text class="name halo" x="0" y=${at.top - 7}>${title}${sub && html`<tspan class="sub" dx="8">${sub}</tspan>`}</text>`
    : html`<text class="name" x="0" y=${at.top + offset}>${title}</text>${sub && html`<text class="sub" x="0" y=${at.top + offset + 16}>${sub}</text>`}`;
}

export function Bars({ m, x, at, clip, narrow }) {
  return html`<g><${Name} at=${at} title="Therapy" narrow=${narrow} offset=${15} />
    ${at.bars.length === 0 && html`<text class="sub halo" x=${at.left + 4} y=${at.top + 15}>No therapy is recorded up to this day.</text>`}
    <g clip-path=${`url(#${clip})`}>${at.bars.filter(b => b.from <= x.to && (b.stop ?? x.to) >= x.from).map((b, i) => {
      const end = b.stop ?? m.asOf ?? x.to, from = Math.max(x(b.from), at.left), to = Math.min(Math.max(x(end), x(b.from) + 3), at.right);
      const text = b.names.join(' + '), room = (to - from - 12) / 7;
      const y = at.top + b.lane * LANE;
      return html`<g key=${i}><title>${text}</title><rect class="therapy ${b.kind}" x=${x(b.from)} y=${y} width=${Math.max(3, x(end) - x(b.from))} height="21" rx="3" />
        ${room >= text.length ? html`<text class="bartext ${b.kind}" x=${from + 7} y=${y + 15}>${text}</text>`
          : to + 8 + text.length * 6.6 < at.right ? html`<text class="bartext out" x=${to + 6} y=${y + 15}>${text}</text>`
          : html`<text class="bartext ${b.kind}" x=${from + 7} y=${y + 15}>${room > 3 ? text.slice(0, Math.floor(room) - 1) + '…' : ''}</text>`}</g>`;
    })}</g></g>`;
}

/** Texts under marks in up to `rows` lines; what finds no room is left to the readout. */
function placed(items, x, text, rows, limit) {
  const ends = Array(rows).fill(-Infinity);
  return items.map(item => {
    const label = text(item), width = label.length * 6.1 + 10, at = x(item.day);
    const start = Math.min(at - 4, limit - width);
    const row = ends.findIndex(end => end <= start);
    if (row >= 0) ends[row] = start + width;
    return { item, at, start, row, label };
  });
}
const brief = texts => texts[0].slice(0, 34) + (texts[0].length > 34 ? '…' : '') + (texts.length > 1 ? ` +${texts.length - 1}` : '');

export function Marks({ m, x, at, clip, narrow }) {
  const seen = list => list.filter(s => s.day >= x.from && s.day <= x.to);
  const imaging = placed(seen(m.studies), x, s => s.what.join(', '), 1, at.right + 40);
  const events = placed(seen(m.events), x, e => brief(e.texts), 2, at.right + 40);
  const y = at.top + 9, ye = at.top + 45;
  return html`<g><${Name} at=${at} title="Imaging" narrow=${narrow} />
    <line class="rule" x1=${at.left} x2=${at.right} y1=${y} y2=${y} />
    ${imaging.map(({ item, at: px, start, row, label }, i) => html`<g key=${i}><title>${label}</title><path class="study" d=${`M${px} ${y - 6}l6 6-6 6-6-6z`} />
      ${row >= 0 && html`<text class="label halo" x=${start} y=${y + 20}>${label}</text>`}</g>`)}
    ${m.events.length > 0 && html`<g>
      ${!narrow && html`<text class="name" x="0" y=${ye + 4}>Events</text>`}
      <line class="rule" x1=${at.left} x2=${at.right} y1=${ye} y2=${ye} />
      ${events.map(({ item, at: px, start, row, label }, i) => html`<g key=${i}><title>${item.texts.join('; ')}</title>
        ${row > 0 && html`<line class="leader" x1=${px} x2=${px} y1=${ye + 5} y2=${ye + 24} />`}<circle class="event" cx=${px} cy=${ye} r="4.5" />
        ${row >= 0 && html`<text class="label halo" x=${start} y=${ye + 19 + row * 15}>${label}</text>`}</g>`)}</g>`}
  </g>`;
}

const TONE = { CR: 'good', PR: 'good', PD: 'bad' };
export function Criteria({ m, x, at, narrow }) {
  if (!at) return null;
  const visits = m.visits.filter(v => !v.baseline && v.day >= x.from && v.day <= x.to);
  return html`<g>${CHIPS.map(([name, of], i) => {
    const y = at.top + i * CHIP;
    let free = -Infinity;
    return html`<g key=${name}>${narrow ? i === 0 && html`<text class="name halo" x="0" y=${at.top - 7}>RECIST, with flare note, MDA</text>` : html`<text class="sub" x="0" y=${y + 13}>${name}</text>`}
      <line class="rule" x1=${at.left} x2=${at.right} y1=${y + 9} y2=${y + 9} />
      ${visits.map(v => {
        const word = of(v);
        if (!word) return null;
        const short = word === 'non-CR/non-PD' ? 'nCR' : word, w = short.length * 7.4 + 10, px = x(v.day);
        if (px - w / 2 < free) return html`<circle key=${v.day} class="chipdot ${TONE[word] || 'even'}" cx=${px} cy=${y + 9} r="3"><title>${word}</title></circle>`;
        free = px + w / 2 + 2;
        return html`<g key=${v.day}><rect class="tchip ${TONE[word] || 'even'}" x=${px - w / 2} y=${y} width=${w} height="18" rx="4" />
          <text class="tchiptext ${TONE[word] || 'even'}" x=${px} y=${y + 13} text-anchor="middle">${short}</text></g>`;
      })}</g>`;
  })}</g>`;
}

export function Sums({ m, x, at, clip, narrow }) {
  if (!at) return null;
  const most = Math.max(...m.sums.map(s => s.value), 1);
  const y = linear(0, most * 1.15, at.top + at.height, at.top);
  let free = -Infinity;
  return html`<g><${Name} at=${at} title="Diameters" sub="sum in mm" narrow=${narrow} />
    <${ValueAxis} y=${y} ticks=${ticks(0, most * 1.1, 3)} left=${at.left} right=${at.right} />
    <g clip-path=${`url(#${clip})`}><path class="sum" d=${line(m.sums, p => x(p.day), p => y(p.value))} /></g>
    ${m.sums.filter(s => s.day >= x.from && s.day <= x.to).map(s => {
      const px = x(s.day), text = s.baseline || s.change === null ? `${s.value}` : `${s.value} (${change(s.change)})`, w = text.length * 6.4;
      const label = px - w / 2 > free;
      if (label) free = px + w / 2 + 4;
      return html`<g key=${s.day}><circle class="sumdot" cx=${px} cy=${y(s.value)} r="3.6" />
        ${label && html`<text class="label halo" x=${Math.min(px, at.right + 30)} y=${y(s.value) - 9} text-anchor="middle">${text}</text>`}</g>`;
    })}</g>`;
}

const DOTS_UP_TO = 220;
export function Markers({ m, shown, x, at, clip, narrow }) {
  if (!at) return null;
  const lines = m.series.filter(s => shown.has(s.id)).map(s => ({ ...s, seen: within(s.points, x.from, x.to) }));
  const values = lines.flatMap(s => s.seen.length ? [s.seen.reduce((v, p) => Math.min(v, p.x_uln), Infinity), s.seen.reduce((v, p) => Math.max(v, p.x_uln), 0)] : []);
  const low = Math.max(0.05, Math.min(0.5, ...values.filter(v => v > 0)) / 1.15), high = Math.max(2, ...values) * 1.2;
  const y = logarithmic(low, high, at.top + at.height, at.top);
  const px = p => x(p.day), py = p => y(p.x_uln);
  const ends = lines.map(s => s.seen.length ? y(s.seen.at(-1).x_uln) : at.top);
  const names = spread(ends, 15, at.top + 4, at.top + at.height);
  return html`<g><${Name} at=${at} title="Markers" sub="× upper limit, log" narrow=${narrow} />
    <g><rect class="band" x=${at.left} y=${y(1)} width=${at.right - at.left} height=${Math.max(0, at.top + at.height - y(1))} />
    <text class="bandname halo" x=${at.left + 6} y=${at.top + at.height - 6}>within the limit</text></g>
    <${ValueAxis} y=${y} ticks=${logTicks(low, high, 6)} left=${at.left} right=${at.right} format=${v => `${v}×`} />
    ${lines.map((s, i) => {
      const drawn = decimate(s.seen, px, p => p.x_uln);
      return html`<g key=${s.id}><g clip-path=${`url(#${clip})`}><path class="series s${s.look}" d=${line(drawn, px, py)} />
        ${drawn.length <= DOTS_UP_TO && drawn.map(p => html`<${Dot} key=${`${p.day} ${p.value}`} look=${s.look} cx=${px(p)} cy=${py(p)} />`)}</g>
        ${!narrow && s.seen.length > 0 && html`<g><line class="lead s${s.look}" x1=${Math.min(at.right, Math.max(at.left, px(s.seen.at(-1))))} y1=${ends[i]} x2=${at.right + 8} y2=${names[i]} />
          <text class="seriesname s${s.look}" x=${at.right + 11} y=${names[i] + 4}>${s.id} ${times(s.seen.at(-1).x_uln)}</text></g>`}</g>`;
    })}</g>`;
}

/** Each series has a shape of its own, so that colour is never the only sign. */
function Dot({ look, cx, cy }) {
  const r = 3.4;
  const d = [`M${cx - r} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`, `M${cx - r} ${cy - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    `M${cx} ${cy - r - 1}l${r + 1} ${2 * r}h${-2 * r - 2}z`, `M${cx} ${cy - r - 1}l${r + 1} ${r + 1}l${-r - 1} ${r + 1}l${-r - 1} ${-r - 1}z`][look % 4];
  return html`<path class="seriesdot s${look}" d=${d} />`;
}

export function Probability({ m, x, at, clip, narrow }) {
  if (!at) return null;
  const y = linear(0, 1, at.top + at.height, at.top);
  const seen = m.history.filter(h => h.p_flare !== null);
  return html`<g><${Name} at=${at} title="Flare" sub="probability"  narrow=${narrow} />
    <${ValueAxis} y=${y} ticks=${[0, 0.5, 1]} left=${at.left} right=${at.right} format=${v => `${v * 100} %`} />
    <g clip-path=${`url(#${clip})`}><path class="plink" d=${line(seen, h => x(h.day), h => y(h.p_flare))} />
    ${seen.map(h => html`<g key=${h.day} class="pmark ${stateOf(h.state).kind}"><title>${stateOf(h.state).name}</title>
      ${h.interval && html`<path class="interval" d=${`M${x(h.day)} ${y(h.interval[0])}V${y(h.interval[1])}M${x(h.day) - 4} ${y(h.interval[0])}h8M${x(h.day) - 4} ${y(h.interval[1])}h8`} />`}
      <path class=${`state ${h.state}`} d=${`M${x(h.day)} ${y(h.p_flare) - 6}l6 6-6 6-6-6z`} /></g>`)}</g></g>`;
}
