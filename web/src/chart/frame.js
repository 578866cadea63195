// SPDX-License-Identifier: Apache-2.0
// How wide a drawing may be, and the axes all drawings share.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { dayTicks } from './scale.js';
import { number } from '../words.js';

/** A reference for the box and its width in pixels, kept up to date. */
export function useWidth(start = 900) {
  const box = useRef(null);
  const [width, setWidth] = useState(start);
  useLayoutEffect(() => {
    const measure = () => box.current && setWidth(Math.max(260, Math.floor(box.current.clientWidth)));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

const dateOf = (day0, day) => new Date(Date.parse(day0) + day * 864e5).toISOString().slice(0, 10);

/** Days below, with dates when the record has a calendar; fine lines upwards. */
export function DayAxis({ x, top, bottom, day0 }) {
  const most = Math.max(2, (x.right - x.left) / 96), folds = x.folds || [];
  // as many to the drawn length as without folds, none inside a fold, and from the right, so that what is behind a fold has its day
  let taken = Infinity;
  const every = dayTicks(x.from, x.to, most * (x.to - x.from) / (x.span || x.to - x.from)).reverse().filter(d => {
    if (folds.some(f => d > f.from && d < f.to) || folds.length && taken - x(d) < 84) return false;
    taken = x(d);
    return true;
  }).reverse();
  return html`<g class="axis">${every.map(d => html`<g key=${d}>
    <line class=${d === 0 ? 'grid start' : 'grid'} x1=${x(d)} x2=${x(d)} y1=${top} y2=${bottom} />
    <text class="tick" x=${x(d)} y=${bottom + 16} text-anchor="middle">day ${number(d)}</text>
    ${day0 && html`<text class="tick soft" x=${x(d)} y=${bottom + 31} text-anchor="middle">${dateOf(day0, d)}</text>`}
  </g>`)}</g>`;
}

/** Values to the left, with a fine line across. */
export function ValueAxis({ y, ticks, left, right, format = String }) {
  return html`<g class="axis">${ticks.map(v => html`<g key=${v}>
    <line class="ygrid" x1=${left} x2=${right} y1=${y(v)} y2=${y(v)} />
    <text class="tick" x=${left - 8} y=${y(v) + 4} text-anchor="end">${format(v)}</text></g>`)}</g>`;
}

/** Shifts texts apart so that none covers the next: wanted positions in, positions out, in the same order. */
export function spread(wanted, gap, low, high) {
  const order = wanted.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at);
  for (let k = 0; k < order.length; k++) order[k].at = Math.max(order[k].at, k ? order[k - 1].at + gap : low);
  for (let k = order.length - 1; k >= 0; k--) order[k].at = Math.min(order[k].at, k < order.length - 1 ? order[k + 1].at - gap : high);
  const out = [];
  for (const { at, i } of order) out[i] = at;
  return out;
}
