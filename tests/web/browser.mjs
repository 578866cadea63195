// SPDX-License-Identifier: Apache-2.0
// Pages of the browser, with what every test watches: no error in the console, no request elsewhere, nothing kept in its storage.
import { join } from 'node:path';
import assert from 'node:assert/strict';

const LIMIT = 15_000;

export class Browser {
  constructor(browser, axe, pictures) { Object.assign(this, { browser, axe, pictures, open: [] }); }

  /** A page at a place of the service. */
  async page(service, place = '', { width = 1440, height = 900, scheme = 'light', expectErrors = false, wait = 'h1' } = {}) {
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce', acceptDownloads: false });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    page.wrong = [];
    page.on('pageerror', error => page.wrong.push(`error: ${error.message}`));
    page.on('console', m => {
      if (m.type() === 'error' && !(expectErrors && /Failed to load resource|net::ERR/.test(m.text()))) page.wrong.push(`console: ${m.text()}`);
    });
    page.on('request', r => { if (!r.url().startsWith(service.address) && !/^(blob|data):/.test(r.url())) page.wrong.push(`asks ${r.url()}`); });
    page.on('dialog', d => { page.wrong.push(`dialog: ${d.message()}`); d.dismiss(); });
    this.open.push(page);
    await page.goto(`${service.address}#/${place}`);
    if (wait) await page.waitForSelector(wait);
    return page;
  }

  /** Everything that must hold of a page at the end of a test. */
  async sound(page) {
    assert.deepEqual(page.wrong, []);
    const kept = await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
    assert.deepEqual(kept, [], 'nothing is kept in the storage of the browser');
  }

  /** No violation of WCAG 2.2 A and AA, as far as axe-core sees; `colours`: only those of colours, which a scheme can change. */
  async accessible(page, what, { colours = false } = {}) {
    // by the debugger, which the page's own Content-Security-Policy does not bind
    await page.evaluate(this.axe);
    const { violations } = await page.evaluate(only => axe.run(document, { preload: false, iframes: false, resultTypes: ['violations'], runOnly: only ? { type: 'rule', values: ['color-contrast'] } : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }), colours);
    assert.deepEqual(violations.map(v => `${what}: ${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.failureSummary?.split('\n').slice(1, 3).join(' ')}`).join(' | ')}`), []);
  }

  picture(page, name, options = {}) { return page.screenshot({ path: join(this.pictures, `${name}.png`), ...options }); }
  async lastPicture(name) { await this.open.at(-1)?.screenshot({ path: join(this.pictures, `failed-${name.replace(/\W+/g, '-')}.png`) }); }
  async closePages() {
    await Promise.all(this.open.map(p => p.context().close().catch(() => null)));
    this.open = [];
  }
  close() { return this.browser.close(); }
}

/** Waits until the patient's screen shows what the server says of the day. */
export const settled = page => page.waitForSelector('#verdict[aria-busy=false]');
