// SPDX-License-Identifier: Apache-2.0
// Waiting, nothing there, and trouble. Each says what to do next.
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';

export function Busy({ what }) {
  return html`<p class="busy" role="status"><span class="spinner" aria-hidden="true"></span>Loading ${what} …</p>`;
}

export function Empty({ title, children }) {
  return html`<div class="empty"><h2>${title}</h2>${children}</div>`;
}

/** @param {{problem?: import('../api.js').Problem, title?: string, detail?: string, again?: () => void, whole?: boolean}} props `whole`: it is all there is on the screen */
export function Trouble({ problem, title, detail, again, whole, children }) {
  const said = title || problem?.title || 'That did not work';
  return html`<div class="trouble" role="alert">
    ${whole ? html`<h1>${said}</h1>` : html`<h2>${said}</h2>`}
    <p>${detail || problem?.message}</p>
    ${problem?.hint && html`<p class="hint">${problem.hint}</p>`}
    ${again && html`<button onClick=${again}>Try again</button>`}
    ${children}
  </div>`;
}

/** A window above the page: focus stays inside, Escape closes it, and focus goes back where it was. */
export function Dialog({ title, close, wide, children }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.focus?.();
  }, []);
  return html`<dialog class=${wide ? 'wide' : ''} ref=${box} aria-labelledby="dialog-title" onCancel=${e => { e.preventDefault(); close(); }}>
    <div class="dialog-head"><h2 id="dialog-title">${title}</h2>
      <button class="plain close" aria-label="Close" onClick=${close}>✕</button></div>
    ${children}
  </dialog>`;
}
