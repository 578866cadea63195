// SPDX-License-Identifier: Apache-2.0
// Small things that mean the same everywhere: a state, a response, a probability with its interval, where a statement comes from.
import { html } from '../html.js';
import { KNOWN, KNOWN_MEANING, RESPONSES, percent, shortState, stateOf, DASH } from '../words.js';
import { useCitations } from '../citations.js';

export const State = ({ state }) => html`<span class="chip ${stateOf(state).kind}">${shortState(state)}</span>`;

const TONE = { CR: 'good', PR: 'good', PD: 'bad', NE: 'ne', PDu: 'pdu' };
/** @param {{response: string|null, word?: string}} props */
export function Response({ response, word }) {
  if (!response) return html`<span class="quiet">${DASH}</span>`;
  return html`<abbr class="r ${TONE[response] || 'even'}" title=${RESPONSES[response] || response}>${word && word !== '-' ? word : response}</abbr>`;
}

/** A narrow bar for tables: share of flare, with a whisker for the interval; the number beside it says the same. */
export function MiniBar({ p, low, high }) {
  if (p === null || p === undefined) return html`<span class="quiet">${DASH}</span>`;
  const x = v => 2 + v * 96;
  return html`<span class="mini">
    <svg viewBox="0 0 100 14" width="100" height="14" aria-hidden="true">
      <rect class="worse" x=${x(p)} y="3" width=${96 * (1 - p)} height="5" rx="1" />
      <rect class="flare" x="2" y="3" width=${96 * p} height="5" rx="1" />
      ${low !== null && low !== undefined && html`<path class="whisker" d=${`M${x(low)} 11H${x(high)}M${x(low)} 9v4M${x(high)} 9v4`} />`}
    </svg><span class="num">${percent(p)}</span>
    ${low !== null && low !== undefined && html`<span class="quiet small num">${Math.round(low * 100)}–${Math.round(high * 100)}</span>`}
  </span>`;
}

/** "De Bondt 2020": the first author as printed when the key says the same name and ends in the year; else the key's own words. */
export function sourceName(key, text = '') {
  const [, letters, year] = /^([^0-9]*)(.*)$/.exec(key);
  const author = text.split(/ [A-Z]{1,3}[,.]|,/)[0];
  if (year.length === 4 && author.toLowerCase().replace(/[ -]/g, '') === letters) return `${author} ${year}`;
  return key.split('_').map(part => {
    const [, word, digits] = /^([^0-9]*)(.*)$/.exec(part);
    return [word && word[0].toUpperCase() + word.slice(1), digits].filter(Boolean).join(' ');
  }).join(' ');
}

const isWeb = url => /^https?:\/\//.test(url || '');

function Source({ id, citations }) {
  const found = citations[id];
  const name = sourceName(id, found?.text);
  return isWeb(found?.url) ? html`<a href=${found.url} rel="noreferrer noopener" target="_blank" title=${found.text}>${name}</a>`
    : html`<span title=${found?.text}>${name}</span>`;
}

/** How a statement is known, and its sources. @param {{known?: string, source?: string[], events?: string[]}} props */
export function Sources({ known, source = [], events = [] }) {
  const citations = useCitations();
  if (!known && !source.length && !events.length) return null;
  return html`<span class="sources">
    ${known && html`<span class="known ${known}" title=${KNOWN_MEANING[known]}>${KNOWN[known] || known}</span> `}
    ${source.map((id, i) => html`${i > 0 && ', '}<${Source} id=${id} citations=${citations} />`)}
    ${events.length > 0 && html` <span class="rows" title="The rows of the record it rests on">${events.slice(0, 6).join(', ')}${events.length > 6 ? ' …' : ''}</span>`}
  </span>`;
}

/** A box with a heading; the piece a screen is made of. */
export function Card({ id, title, className = '', aside, hint, children }) {
  return html`<section class="card ${className}" id=${id} aria-labelledby=${id + '-title'}>
    <div class="card-head"><h2 id=${id + '-title'}>${title}</h2>${aside}</div>
    ${hint && html`<p class="hint">${hint}</p>`}
    ${children}
  </section>`;
}

/** A table that may be wider than the screen: scrolls by itself and can be reached with the keyboard. */
export function Scroll({ label, children }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${`${label}, table`}>${children}</div>`;
}
