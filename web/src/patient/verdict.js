// SPDX-License-Identifier: Apache-2.0
// What happened in the bone, how sure that is, and what the criteria say beside it.
import { html } from '../html.js';
import { day, percent, stateOf } from '../words.js';
import { Response, Sources } from '../parts/chips.js';
import { useWidth } from '../chart/frame.js';
import { linear } from '../chart/scale.js';

const PARTS = [['flare', 'p_flare', 'Flare (healing)'], ['progression', 'p_progression', 'Progression'], ['other', 'p_other', 'Something else']];

/** The bar: three shares and, below, the 95 % interval of the first. */
export function ProbabilityBar({ bone }) {
  const [box, width] = useWidth(640);
  const x = linear(0, 1, 1, width - 1);
  let at = 0;
  const parts = PARTS.map(([kind, key]) => {
    const from = at;
    at += bone[key] ?? 0;
    return { kind, from, share: bone[key] ?? 0 };
  });
  const [low, high] = bone.interval || [];
  const words = `Flare ${percent(bone.p_flare)}, 95 % interval ${percent(low)} to ${percent(high)}; progression ${percent(bone.p_progression)}; something else ${percent(bone.p_other)}`;
  return html`<div class="probability" ref=${box}>
    <svg class="pbar" width=${width} height="58" viewBox=${`0 0 ${width} 58`} role="img" aria-label=${words}>
      <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6" /></pattern></defs>
      ${parts.map(p => html`<rect key=${p.kind} class=${p.kind} x=${x(p.from)} y="0" width=${Math.max(0, x(p.from + p.share) - x(p.from))} height="30" />
        ${p.kind === 'progression' && html`<rect fill="url(#hatch)" x=${x(p.from)} y="0" width=${Math.max(0, x(p.from + p.share) - x(p.from))} height="30" />`}
        ${p.share > 0.14 && html`<text class="in ${p.kind}" x=${x(p.from + p.share / 2)} y="20" text-anchor="middle">${percent(p.share)}</text>`}`)}
      ${bone.interval && html`<path class="whisker" d=${`M${x(low)} 46H${x(high)}M${x(low)} 40v12M${x(high)} 40v12`} />
        <circle class="at" cx=${x(bone.p_flare)} cy="46" r="5" />`}
    </svg>
    <ul class="legend">${PARTS.map(([kind, key, name]) => html`<li key=${kind}><span class="key ${kind}"></span>${name} <strong>${percent(bone[key])}</strong>
      ${kind === 'flare' && bone.interval && html`<span class="quiet"> 95 % interval ${percent(low)} to ${percent(high)}</span>`}</li>`)}</ul>
  </div>`;
}

function Readings({ a }) {
  const visit = a.visits.filter(v => !v.baseline).at(-1);
  if (!visit) return null;
  const rows = [['RECIST 1.1 as read', visit.recist.overall], ['with its flare note', visit.recist.overall_flare_note],
    ['soft tissue only', visit.soft_tissue], ['MDA bone criteria', visit.mda]];
  return html`<dl class="readings"><div class="readings-head"><dt>Last imaging</dt><dd>${day(visit)}</dd></div>
    ${rows.map(([name, response]) => html`<div key=${name}><dt>${name}</dt><dd><${Response} response=${response} /></dd></div>`)}</dl>`;
}

export function Verdict({ a, stale }) {
  const bone = a.bone, state = stateOf(bone.state);
  return html`<section class="card verdict ${state.kind} ${stale ? 'stale' : ''}" id="verdict" aria-labelledby="verdict-title" aria-busy=${stale}>
    <div class="verdict-grid">
      <div>
        <h2 id="verdict-title">${state.name}</h2>
        <p class="meaning">${state.meaning}</p>
        ${bone.because && html`<p class="because">${bone.because}</p>`}
      </div>
      <${Readings} a=${a} />
    </div>
    ${bone.p_flare !== null ? html`<${ProbabilityBar} bone=${bone} />`
      : html`<p class="hint">No probability is given, because no finding asks whether it is healing or growth.</p>`}
    ${bone.prior && html`<p class="prior">Before any finding: flare ${percent(bone.prior.p_flare)}. <${Sources} source=${bone.prior.source} /></p>`}
  </section>`;
}
