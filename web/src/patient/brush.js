// SPDX-License-Identifier: Apache-2.0
// The whole course small, and the window that is drawn large: drag its edges or its middle, drag elsewhere for a new one, or use
// the arrow keys on an edge.
import { useRef } from 'preact/hooks';
import { html } from '../html.js';
import { useWidth } from '../chart/frame.js';
import { linear } from '../chart/scale.js';
import { decimate, line } from '../chart/decimate.js';
import { dayOnly, stateOf } from '../words.js';

const HEIGHT = 40, LEAST = 14;

function Handle({ name, value, low, high, x, set }) {
  const step = Math.max(1, Math.round((x.to - x.from) / 100));
  const keys = e => {
    const by = { ArrowLeft: -step, ArrowRight: step, PageDown: -10 * step, PageUp: 10 * step }[e.key];
    const to = e.key === 'Home' ? low : e.key === 'End' ? high : by ? value + by : null;
    if (to === null) return;
    e.preventDefault();
    set(Math.max(low, Math.min(high, to)));
  };
  return html`<rect class="handle" x=${x(value) - 5} y="4" width="10" height=${HEIGHT - 8} rx="4" tabindex="0" role="slider" aria-label=${name} aria-valuemin=${Math.round(low)}
    aria-valuemax=${Math.round(high)} aria-valuenow=${Math.round(value)} aria-valuetext=${dayOnly(Math.round(value))} onKeyDown=${keys} />`;
}

export function Brush({ m, whole, view, setView }) {
  const [box, width] = useWidth(880);
  const drag = useRef(null);
  const narrow = width < 640, left = narrow ? 40 : 136, right = width - (narrow ? 10 : 92);
  const x = linear(whole[0], whole[1], left, right);
  const clamp = d => Math.max(whole[0], Math.min(whole[1], d));
  const dayOf = e => clamp(x.invert(e.clientX - box.current.getBoundingClientRect().left));
  const down = e => {
    const d = dayOf(e), near = 8 / (right - left) * (whole[1] - whole[0]);
    const all = view[0] <= whole[0] && view[1] >= whole[1];
    const mode = Math.abs(d - view[0]) < near ? 'from' : Math.abs(d - view[1]) < near ? 'to' : !all && d > view[0] && d < view[1] ? 'move' : 'new';
    drag.current = { mode, start: d, view };
    e.currentTarget.setPointerCapture(e.pointerId);
  };
  const move = e => {
    if (!drag.current) return;
    const { mode, start, view: was } = drag.current, d = dayOf(e);
    if (mode === 'from') setView([Math.min(d, was[1] - LEAST), was[1]]);
    else if (mode === 'to') setView([was[0], Math.max(d, was[0] + LEAST)]);
    else if (mode === 'new' && Math.abs(d - start) > LEAST) setView([Math.min(d, start), Math.max(d, start)]);
    else if (mode === 'move') {
      const by = Math.max(whole[0] - was[0], Math.min(whole[1] - was[1], d - start));
      setView([was[0] + by, was[1] + by]);
    }
  };
  const first = m.series[0], most = first ? first.points.reduce((v, p) => Math.max(v, p.x_uln), 1) : 1;
  const y = linear(0, Math.log1p(most), HEIGHT - 4, 6), at = p => y(Math.log1p(p.x_uln));
  return html`<div class="brush" ref=${box}><svg width=${width} height=${HEIGHT} role="group" aria-label="Window of time" onPointerDown=${down} onPointerMove=${move}
      onPointerUp=${() => { drag.current = null; }} onPointerCancel=${() => { drag.current = null; }} onDblClick=${() => setView(whole)}>
    <rect class="ground" x=${left} y="2" width=${right - left} height=${HEIGHT - 4} rx="4" />
    ${first && html`<path class="series s0" d=${line(decimate(first.points, p => x(p.day), p => p.x_uln), p => x(p.day), at)} />`}
    ${m.studies.map(s => html`<line key=${s.day} class="brushmark" x1=${x(s.day)} x2=${x(s.day)} y1=${HEIGHT - 12} y2=${HEIGHT - 4} />`)}
    ${m.history.map(h => html`<circle key=${h.day} class="brushstate ${stateOf(h.state).kind}" cx=${x(h.day)} cy="9" r="3.5" />`)}
    <rect class="shade" x=${left} y="2" width=${Math.max(0, x(view[0]) - left)} height=${HEIGHT - 4} /><rect class="shade" x=${x(view[1])} y="2" width=${Math.max(0, right - x(view[1]))} height=${HEIGHT - 4} />
    <rect class="window" x=${x(view[0])} y="2" width=${Math.max(2, x(view[1]) - x(view[0]))} height=${HEIGHT - 4} rx="4" />
    <${Handle} name="Window from" value=${view[0]} low=${whole[0]} high=${view[1] - LEAST} x=${x} set=${d => setView([d, view[1]])} />
    <${Handle} name="Window to" value=${view[1]} low=${view[0] + LEAST} high=${whole[1]} x=${x} set=${d => setView([view[0], d])} />
  </svg></div>`;
}
