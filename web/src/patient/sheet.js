// SPDX-License-Identifier: Apache-2.0
// The report in a patient's or a clinician's words, as the program writes it, inside the page. It is parsed without being run,
// cleaned, and put into a shadow root, so that its style and ours do not touch.
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';
import * as api from '../api.js';
import { useLoad } from '../loading.js';
import { Busy, Trouble } from '../parts/states.js';

const DROP = 'script, iframe, object, embed, base, meta, link, form';

function clean(text) {
  const styles = []; // taken out before parsing: the page's Content-Security-Policy would object to them even in a document never shown
  const bare = text.replace(/<style>([\s\S]*?)<\/style>/g, (_, style) => { styles.push(style); return ''; });
  const parsed = new DOMParser().parseFromString(bare, 'text/html');
  const style = styles.join('\n');
  parsed.querySelectorAll(`${DROP}, style`).forEach(e => e.remove());
  for (const e of parsed.body.querySelectorAll('*'))
    for (const a of [...e.attributes])
      if (a.name.startsWith('on') || a.name === 'style' || (a.name === 'href' || a.name === 'src') && /^\s*(javascript|data):/i.test(a.value)) e.removeAttribute(a.name);
  parsed.body.querySelectorAll('.skip, .banner, nav').forEach(e => e.remove());
  parsed.body.querySelectorAll('a[href^="http"]').forEach(e => { e.target = '_blank'; e.rel = 'noreferrer noopener'; });
  return { style, classes: parsed.body.className, nodes: [...parsed.body.childNodes] };
}

export function Sheet({ patient, at, language, version }) {
  const host = useRef(null);
  const text = useLoad(() => api.report(patient, language, 'html', at === null ? null : `d${at}`), [patient, at, language, version]);
  useEffect(() => {
    if (!text.value) return;
    const root = host.current.shadowRoot || host.current.attachShadow({ mode: 'open' });
    const { style, classes, nodes } = clean(text.value);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.replaceAll(':root', ':host').replace(/(^|[\s,}])body(?=[\s.{,:])/g, '$1.sheet') +
      ':host{display:block}.sheet{background:none!important;font-family:inherit!important}.sheet>div{max-width:none!important;padding:0!important}');
    root.adoptedStyleSheets = [sheet];
    const sheetBox = document.createElement('div');
    sheetBox.className = `sheet ${classes}`;
    sheetBox.append(...nodes.map(n => document.importNode(n, true)));
    // one <main> a page: landmarks of the report become plain boxes
    for (const mark of sheetBox.querySelectorAll('main, header, footer')) {
      const box = document.createElement('div');
      box.className = mark.className;
      box.append(...mark.childNodes);
      mark.replaceWith(box);
    }
    root.replaceChildren(sheetBox);
  }, [text.value]);
  return html`<div class="sheet-frame ${text.stale ? 'stale' : ''}">${text.problem && html`<${Trouble} problem=${text.problem} again=${text.again} />`}
    ${!text.value && !text.problem && html`<${Busy} what="the report" />`}<div ref=${host}></div></div>`;
}
