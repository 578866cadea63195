// SPDX-License-Identifier: Apache-2.0
// Why: each finding with its weight to either side, from the prior to the probability, and which single fact would turn it.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { useRules } from '../rules.js';
import { percent, ratio } from '../words.js';
import { Card, Sources, State } from '../parts/chips.js';
import { linear } from '../chart/scale.js';
import { useWidth } from '../chart/frame.js';

const TOWARDS = { flare: 'for flare', progression: 'for progression', other: 'for something else', neutral: 'no direction' };

/** A bar from the middle: left is progression, right is flare. */
function Weight({ e, most }) {
  const x = linear(-most, most, 2, 138), zero = x(0), end = x(e.weight);
  const kind = e.weight > 0 ? 'flare' : 'progression';
  return html`<svg class="weight" width="140" height="16" viewBox="0 0 140 16" aria-hidden="true"><line class="zero" x1=${zero} x2=${zero} y1="0" y2="16" />
    ${e.weight !== 0 && html`<rect class=${kind} x=${Math.min(zero, end)} y="3" width=${Math.abs(end - zero)} height="10" rx="1.5" />`}</svg>`;
}

function Finding({ e, most, rules }) {
  return html`<li class="finding ${e.direction}">
    <div class="weigh"><${Weight} e=${e} most=${most} /><span class="num small">${e.weight === 0 ? 'no weight' : `${ratio(e.weight)} ${TOWARDS[e.direction]}`}</span></div>
    <div><p class="what">${e.veto && html`<strong class="veto">Rules out flare. </strong>`}${e.finding}</p>
      ${rules[e.rule]?.title && html`<p class="quiet small">${rules[e.rule].title}</p>`}
      <${Sources} known=${e.known} source=${e.source} events=${e.events} /></div>
  </li>`;
}

const SIDES = [['For flare (healing)', e => e.direction === 'flare'], ['For progression', e => e.direction === 'progression'], ['Noted, without weight for either', e => e.direction === 'other' || e.direction === 'neutral']];

function Sides({ evidence }) {
  const rules = useRules('flare.');
  const most = Math.max(1.5, ...evidence.map(e => Math.abs(e.weight)));
  return html`${SIDES.map(([title, of]) => {
    const some = evidence.filter(of);
    return some.length > 0 && html`<div key=${title} class="side"><h3>${title}</h3><ul class="findings">${some.map((e, i) => html`<${Finding} key=${i} e=${e} most=${most} rules=${rules} />`)}</ul></div>`;
  })}`;
}

/** From prior to probability, one step a finding. */
function Waterfall({ steps }) {
  const [box, width] = useWidth(560);
  const names = Math.min(320, width * 0.46), row = 26, height = steps.length * row + 24;
  const x = linear(0, 1, names, width - 48);
  const fit = text => text.length > names / 6.3 ? `${text.slice(0, Math.floor(names / 6.3) - 1)}…` : text;
  const name = s => s.finding || (s.group === 'prior' ? 'Before any finding' : s.group);
  return html`<figure class="waterfall" ref=${box}><svg width=${width} height=${height} role="img" aria-label=${`From prior to probability: ${steps.map(s => `${name(s)} ${percent(s.p_flare)}`).join('; ')}`}>
    ${[0, 0.5, 1].map(v => html`<g key=${v}><line class="ygrid" x1=${x(v)} x2=${x(v)} y1="0" y2=${height - 20} /><text class="tick" x=${x(v)} y=${height - 5} text-anchor="middle">${v * 100} %</text></g>`)}
    ${steps.map((s, i) => {
      const before = i ? steps[i - 1].p_flare : s.p_flare, y = i * row + 6;
      return html`<g key=${i}><title>${name(s)}</title><text class="stepname" x="0" y=${y + 12}>${fit(name(s))}</text>
        ${i > 0 && html`<line class="link" x1=${x(before)} x2=${x(before)} y1=${y - 10} y2=${y + 14} />`}
        ${s.interval && html`<line class="range" x1=${x(s.interval[0])} x2=${x(s.interval[1])} y1=${y + 8} y2=${y + 8} />`}
        <rect class=${s.p_flare >= before ? 'flare' : 'progression'} x=${Math.min(x(before), x(s.p_flare))} y=${y + 2} width=${Math.max(1, Math.abs(x(s.p_flare) - x(before)))} height="12" />
        <circle class="at" cx=${x(s.p_flare)} cy=${y + 8} r="4" /><text class="value" x=${width} y=${y + 12} text-anchor="end">${percent(s.p_flare)}</text></g>`;
    })}</svg></figure>`;
}

function Turning({ turning }) {
  if (!turning?.length) return null;
  return html`<details><summary>Which single fact would turn it (${turning.length})</summary><ul class="turning">
    ${turning.map((t, i) => html`<li key=${i}><span>${t.with}</span><span class="nowrap"><${State} state=${t.state} /> <span class="num">${percent(t.p_flare)}</span></span></li>`)}</ul></details>`;
}

export function Evidence({ patient, a, at, version }) {
  const why = useLoad(signal => a.bone.question ? api.explanation(patient, at === null ? null : `d${at}`, signal) : Promise.resolve(null), [patient, a.as_of.day, version, a.bone.question]);
  return html`<${Card} id="evidence" title="Evidence for and against" hint=${a.bone.evidence.length ? 'Weights are likelihood ratios, after findings that say the same were merged.' : undefined}>
    ${a.bone.evidence.length === 0 ? html`<p class="quiet">Nothing has to be weighed: no question in bone is open on this day. Add imaging or ALP when they come in.</p>` : html`<${Sides} evidence=${a.bone.evidence} />`}
    ${why.value?.steps?.length > 1 && html`<h3 class="sub-head">From prior to probability</h3><${Waterfall} steps=${why.value.steps} />`}
    <${Turning} turning=${why.value?.turning} />
  </${Card}>`;
}

/** Causes of a raised ALP, which may be several at once. */
export function Causes({ causes }) {
  const [all, setAll] = useState(false);
  const present = causes.filter(c => c.present), absent = causes.length - present.length;
  if (!causes.length) return null;
  return html`<${Card} id="causes" title="Why ALP is raised" hint="Several causes may be there at once. The bar is a share of what was weighed, not a probability.">
    <ul class="causes">${(all ? causes : present).map(c => html`<li key=${c.cause} class=${c.present ? '' : 'absent'}>
      <div class="cause-head"><strong>${c.name}</strong><svg width="120" height="8" aria-hidden="true"><rect class="track" width="120" height="8" rx="2" /><rect class="fill" width=${120 * c.support} height="8" rx="2" /></svg>
        <span class="num small">${percent(c.support)}</span></div>
      <details><summary>${c.for.length} for, ${c.against.length} against</summary><ul class="reasons">
        ${c.for.map((r, i) => html`<li key=${`f${i}`}><strong>+</strong> ${r.finding} <${Sources} source=${r.source} events=${r.events} /></li>`)}
        ${c.against.map((r, i) => html`<li key=${`a${i}`}><strong>−</strong> ${r.finding} <${Sources} source=${r.source} events=${r.events} /></li>`)}</ul></details></li>`)}</ul>
    ${present.length === 0 && html`<p class="quiet">None of the causes reaches its bar.</p>`}
    ${absent > 0 && html`<button class="plain more" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? 'Show those that are likely' : `Show ${absent} that are not likely`}</button>`}
  </${Card}>`;
}

