// SPDX-License-Identifier: Apache-2.0
// The work-up as a graph: what each test could tell while the question is open, and the raised-ALP pathway, stage by stage.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { useRules } from '../rules.js';
import { capital, day, percent, shortState, stateOf } from '../words.js';
import { Card, Sources } from '../parts/chips.js';
import { useWidth } from '../chart/frame.js';

/* ---- what each test could make of the verdict ---- */

const ROW = 58, NODE = 40, MOST_WIDE = 940;

function Outcomes({ a }) {
  const [box, width] = useWidth(860);
  const full = Math.min(width, MOST_WIDE), wide = full > 620, w1 = wide ? 150 : 0, x2 = wide ? 210 : 0, w2 = wide ? Math.min(320, full - 480) : full * 0.5, x3 = Math.max(x2 + w2 + (wide ? 70 : 24), full - 210);
  let y = 4;
  const rows = a.tests.map(t => {
    const answers = [['for_flare', t.for_flare], ['against_flare', t.against_flare], ['other', t.other]].filter(([, v]) => v);
    const top = y;
    y += Math.max(ROW, answers.length * 28) + 10;
    return { t, answers, top, height: y - top - 10 };
  });
  const now = y / 2, kind = stateOf(a.bone.state).kind;
  return html`<div ref=${box} class="outcomes"><svg class="graph" width=${full} height=${y} role="img" aria-label=${`What each test could make of the verdict: ${a.tests.map(t => t.test).join('; ')}. The list below says the same.`}>
    ${wide && html`<g><rect class="node ${kind}" x="1" y=${now - 28} width=${w1} height="56" rx="8" /><text class="strong" x=${w1 / 2} y=${now - 4} text-anchor="middle">${shortState(a.bone.state)}</text>
      <text x=${w1 / 2} y=${now + 14} text-anchor="middle">flare ${percent(a.bone.p_flare)}</text></g>`}
    ${rows.map(({ t, answers, top, height }) => {
      const middle = top + height / 2;
      return html`<g key=${t.rule}>${wide && html`<path class="edge" d=${`M${w1} ${now}C${w1 + 40} ${now} ${x2 - 40} ${middle} ${x2} ${middle}`} />`}
        <rect class="node ${t.decisive ? 'decisive' : ''}" x=${x2 + 1} y=${middle - NODE / 2 - 4} width=${w2 - 2} height=${NODE + 8} rx="8" />
        <text class="strong" x=${x2 + 12} y=${middle - 3}>${cut(t.test, (w2 - 24) / 6.6)}</text><text class="soft" x=${x2 + 12} y=${middle + 14}>from ${day(t.from)}</text>
        ${answers.map(([key, v], i) => {
          const at = middle + (i - (answers.length - 1) / 2) * 28;
          return html`<g key=${key}><path class="edge ${stateOf(v.state).kind}" stroke-width=${1 + v.chance * 4} d=${`M${x2 + w2} ${middle}C${x2 + w2 + 30} ${middle} ${x3 - 30} ${at} ${x3} ${at}`} />
            <rect class="node ${stateOf(v.state).kind}" x=${x3} y=${at - 12} width=${full - x3 - 1} height="24" rx="12" />
            <text x=${x3 + 12} y=${at + 4}>${shortState(v.state)}</text><text x=${full - 12} y=${at + 4} text-anchor="end">${percent(v.p_flare)}</text></g>`;
        })}</g>`;
    })}</svg>
    <details><summary>The same in words</summary><ul class="reasons">${a.tests.map(t => html`<li key=${t.rule}><strong>${t.test}</strong>, from ${day(t.from)}${t.decisive ? '; can turn the verdict' : ''}:
      ${[['speaks for flare', t.for_flare], ['speaks against it', t.against_flare], ['says neither', t.other]].filter(([, v]) => v).map(([name, v]) => `${name} (chance ${percent(v.chance)}): ${shortState(v.state)}, flare ${percent(v.p_flare)}`).join('; ')}</li>`)}</ul></details>
  </div>`;
}
const cut = (text, most) => text.length > most ? `${text.slice(0, Math.floor(most) - 1)}…` : text;

/* ---- the pathway of a raised ALP ---- */

const MARK = { done: '✓', next: '→', later: '…', not_needed: '–' };
const SAID = { done: 'done', next: 'next', later: 'later', not_needed: 'not needed' };

/** Which of the shown nodes a node comes after, and how deep it lies: one more than the deepest of those. */
function graph(nodes, rules) {
  const known = new Map(nodes.map(n => [n.rule, n]));
  const after = n => (rules[n.rule]?.after || '').split(/[,|]/).map(w => w.trim()).filter(Boolean).map(w => `workup.alp.${w}`).filter(r => known.has(r));
  const depth = new Map();
  const of = (rule, path) => {
    if (!depth.has(rule)) {
      const before = path.includes(rule) ? [] : after(known.get(rule));
      depth.set(rule, before.length ? 1 + Math.max(...before.map(r => of(r, [...path, rule]))) : 0);
    }
    return depth.get(rule);
  };
  return nodes.map(n => ({ ...n, depth: of(n.rule, []), after: after(n) }));
}

const STEP = 52, GAP = 46, WIDEST = 250, NARROWEST = 170;

/** Linked nodes in columns by depth; those without a link in a grid below them. One column on a narrow screen. */
function arrange(nodes, width) {
  const narrow = width < 640, place = new Map(), columns = [];
  const linked = n => !narrow && (n.after.length > 0 || nodes.some(m => m.after.includes(n.rule)));
  for (const n of nodes.filter(linked)) (columns[n.depth] ??= []).push(n);
  const across = narrow ? 1 : Math.max(columns.length, Math.floor((width + GAP) / (WIDEST + GAP)));
  const w = narrow ? width - 2 : Math.max(NARROWEST, Math.min(WIDEST, (width - 2 - GAP * (across - 1)) / across));
  columns.forEach((column, c) => column.forEach((n, r) => place.set(n.rule, { x: c * (w + GAP) + 1, y: r * STEP + 2 })));
  const below = Math.max(0, ...columns.map(c => c.length)) * STEP + (columns.length ? 16 : 0);
  const alone = nodes.filter(n => !linked(n));
  alone.forEach((n, i) => place.set(n.rule, { x: i % across * (w + GAP) + 1, y: below + Math.floor(i / across) * STEP + 2 }));
  return { place, w, narrow, width: across * (w + GAP) - GAP + 2, height: below + Math.ceil(alone.length / across) * STEP };
}

function Pathway({ steps }) {
  const rules = useRules('workup.alp.');
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState(null);
  const [box, width] = useWidth(860);
  const needed = steps.filter(n => n.state !== 'not_needed');
  const shown = graph(all ? steps : needed, rules);
  const { place, w, narrow, width: total, height } = arrange(shown, width);
  const hidden = steps.length - needed.length;
  const name = n => rules[n.rule]?.title || capital(n.rule.split('.').at(-1).replaceAll('_', ' '));
  const chosen = shown.find(n => n.rule === open);
  return html`<div ref=${box} class="pathway">
    <div class="card-head"><h3>Pathway of a raised ALP</h3>${hidden > 0 && html`<button class="plain" aria-pressed=${all} onClick=${() => setAll(!all)}>${all ? 'Hide what is not needed' : `Show ${hidden} that are not needed`}</button>`}</div>
    <div class="scroll" tabindex="0" role="region" aria-label="Pathway of a raised ALP, graph"><svg class="graph" width=${total} height=${height} role="group" aria-label="Pathway of a raised ALP">
      ${!narrow && shown.flatMap(n => n.after.filter(r => place.has(r)).map(r => {
        const from = place.get(r), to = place.get(n.rule);
        return html`<path key=${r + n.rule} class="edge" d=${`M${from.x + w} ${from.y + 20}C${from.x + w + GAP / 2} ${from.y + 20} ${to.x - GAP / 2} ${to.y + 20} ${to.x} ${to.y + 20}`} />`;
      }))}
      ${shown.map(n => {
        const { x, y } = place.get(n.rule);
        const press = () => setOpen(open === n.rule ? null : n.rule);
        return html`<g key=${n.rule} class="step-node ${n.state}" tabindex="0" role="button" aria-expanded=${open === n.rule} aria-label=${`${name(n)}: ${SAID[n.state]}`} onClick=${press}
            onKeyDown=${e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); press(); } }}>
          <rect x=${x} y=${y} width=${w - 2} height="40" rx="8" /><text class="mark" x=${x + 16} y=${y + 25} text-anchor="middle">${MARK[n.state]}</text>
          <text x=${x + 32} y=${y + 18}>${cut(name(n), (w - 42) / 6.3)}</text><text class="soft" x=${x + 32} y=${y + 33}>${n.state === 'next' && n.by ? `by ${n.by.date || `day ${n.by.day}`}` : SAID[n.state]}</text></g>`;
      })}</svg></div>
    ${chosen && html`<div class="callout"><p><strong>${chosen.action}</strong> ${SAID[chosen.state]}${chosen.by ? ` by ${day(chosen.by)}` : ''}</p>${chosen.why && html`<p>${capital(chosen.why)}</p>`}
      ${chosen.changes && html`<p class="quiet">${chosen.changes}</p>`}<${Sources} source=${chosen.source} events=${chosen.events} /></div>`}
  </div>`;
}

export function Workup({ a }) {
  return html`<${Card} id="workup" title="Work-up" hint=${a.tests.length ? 'From today, through each test, to what its answers would make of the verdict. Thicker lines are more likely.' : undefined}>
    ${a.tests.length > 0 && html`<${Outcomes} a=${a} />`}
    ${a.pathway.length > 0 && html`<${Pathway} steps=${a.pathway} />`}
    ${a.tests.length === 0 && a.pathway.length === 0 && html`<p class="quiet">No single test is expected to change the verdict now, and ALP is not raised. What is due stands under What next.</p>`}
  </${Card}>`;
}
