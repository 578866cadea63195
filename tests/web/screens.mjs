// SPDX-License-Identifier: Apache-2.0
// The screens besides the patient's: work list, comparing, cohort, import by dropping files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zip } from './zip.mjs';

export default {
  async 'the work list says who has a question, filters and finds'({ browser, demo }) {
    const page = await browser.page(await demo(), '');
    await page.waitForSelector('.worklist tbody tr');
    const rows = await page.locator('.worklist tbody tr').count();
    assert.ok(rows >= 6, `${rows} patients`);
    const row = page.locator('.worklist tr', { has: page.getByRole('link', { name: 'debondt2020', exact: true }) });
    assert.match(await row.innerText(), /Progression/);
    await page.getByLabel('Verdict').selectOption('progression');
    await page.waitForFunction(n => document.querySelectorAll('.worklist tbody tr').length < n, rows);
    assert.ok((await page.locator('.worklist tbody tr .chip').allInnerTexts()).every(t => t === 'Progression'));
    await page.getByLabel('Verdict').selectOption('');
    const asked = [];
    page.on('request', r => asked.push(r.url()));
    await page.getByRole('searchbox').fill('erlotinib');
    await page.waitForFunction(() => document.querySelectorAll('.worklist tbody tr').length === 1);
    assert.ok(asked.length > 0 && !asked.some(url => url.includes('erlotinib')), 'what is looked for stands in no address');
    await page.getByRole('searchbox').fill('no such patient anywhere');
    await page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
    await page.getByRole('button', { name: 'Show everybody' }).click();
    await page.getByRole('link', { name: 'debondt2020', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'debondt2020' }).waitFor();
    await browser.sound(page);
  },

  async 'the work list fits a notebook and a tablet, light and dark'({ browser, demo }) {
    for (const [width, scheme] of [[1200, 'light'], [1200, 'dark'], [800, 'light'], [800, 'dark']]) {
      const page = await browser.page(await demo(), '', { width, scheme });
      await page.waitForSelector('.worklist tbody tr');
      const cut = await page.evaluate(() => [...document.querySelectorAll('.worklist th, .worklist td')].filter(c => c.getBoundingClientRect().right > innerWidth).length);
      assert.equal(cut, 0, `${width} ${scheme}: no column is cut`);
      await browser.picture(page, `worklist-${width}-${scheme}`);
      await browser.sound(page);
    }
  },

  async 'an address that leads nowhere says so, and what to do'({ browser, demo }) {
    const page = await browser.page(await demo(), 'nowhere', { wait: '.trouble' });
    await page.getByRole('link', { name: 'Open the work list' }).click();
    await page.getByRole('heading', { name: 'Work list' }).waitFor();
    await browser.sound(page);
    const lost = await browser.page(await demo(), 'patients/aaaaaaaaaaaaaaaaaaaaaaaaaa', { wait: '.trouble', expectErrors: true });
    await lost.getByRole('link', { name: 'Back to the work list' }).waitFor();
    await browser.sound(lost);
  },

  async 'two patients are compared on one axis'({ browser, demo }) {
    const service = await demo();
    const page = await browser.page(service, 'compare');
    await page.getByLabel('First').selectOption({ label: 'shi2021_patient1' });
    await page.getByLabel('Second').selectOption({ label: 'debondt2020' });
    await page.waitForSelector('.side-by-side');
    assert.equal(await page.locator('svg.timeline').count(), 2);
    const start = await page.locator('svg.timeline').evaluateAll(all => all.map(svg => svg.querySelector('.grid.start').getAttribute('x1')));
    assert.equal(start[0], start[1], 'day 0 stands at the same place in both');
    assert.match(await page.locator('.side-by-side').innerText(), /RECIST 1\.1/);
    await browser.picture(page, 'compare', { fullPage: true });
    await browser.sound(page);
  },

  async 'the cohort shows tables and figures'({ browser, demo }) {
    const page = await browser.page(await demo(), 'cohort');
    await page.waitForSelector('.figure');
    const figures = page.locator('.figure');
    assert.ok(await figures.count() >= 5);
    for (let i = 0; i < await figures.count(); i++)
      await page.waitForFunction(k => { const f = document.querySelectorAll('.figure')[k]; return f.complete && f.naturalWidth > 0; }, i);
    assert.match(await figures.first().getAttribute('alt'), /Bars of the best change/, 'what a figure shows is said in words');
    const tables = page.locator('.study-table');
    assert.ok(await tables.count() >= 10);
    await tables.nth(1).locator('summary').click();
    await page.getByRole('region', { name: 'Best response, table' }).waitFor();
    await browser.picture(page, 'cohort', { fullPage: true });
    await browser.sound(page);
  },

  async 'a case folder dropped as a zip becomes a patient, with its problems named'({ browser, demo, root }) {
    const page = await browser.page(await demo(), 'imports');
    const folder = join(root, 'examples/isolated_alp');
    const bytes = zip(Object.fromEntries(readdirSync(folder).filter(f => f.endsWith('.csv')).map(f => [f, readFileSync(join(folder, f), 'utf8').replaceAll('isolated_alp', 'dropped')])));
    const transfer = await page.evaluateHandle(data => {
      const t = new DataTransfer();
      t.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], 'dropped.zip', { type: 'application/zip' }));
      return t;
    }, bytes.toString('base64'));
    await page.dispatchEvent('.drop-zone', 'dragover', { dataTransfer: transfer });
    await page.waitForSelector('.drop-zone.over');
    await page.dispatchEvent('.drop-zone', 'drop', { dataTransfer: transfer });
    await page.locator('.job').getByText('1 patient read.').waitFor();
    await page.locator('.job a').first().click();
    await page.getByRole('heading', { level: 1, name: 'dropped' }).waitFor();
    await browser.sound(page);
  },

  async 'FHIR and SDTM, as the program itself writes them, become patients'({ browser, demo, program, root }) {
    const page = await browser.page(await demo(), 'imports');
    const folder = mkdtempSync(join(tmpdir(), 'boneflare-web-forms-'));
    const input = page.locator('input[type=file]'), example = join(root, 'examples/shi2021_patient1');
    mkdirSync(join(folder, 'case'));
    for (const f of readdirSync(example).filter(n => n.endsWith('.csv')))
      writeFileSync(join(folder, 'case', f), readFileSync(join(example, f), 'utf8').replaceAll('shi2021_patient1', 'exported'));
    for (const form of ['fhir', 'sdtm-csv']) {
      spawnSync(program, ['convert', join(folder, 'case'), '--to', form, '--out', join(folder, form)]); // 1 = something of the input has no place in that form
      const made = Object.fromEntries(readdirSync(join(folder, form)).map(f => [f, readFileSync(join(folder, form, f))]));
      await input.setInputFiles(form === 'fhir' ? { name: 'bundles.ndjson', mimeType: 'application/fhir+ndjson', buffer: made['bundles.ndjson'] }
        : { name: 'study.zip', mimeType: 'application/zip', buffer: zip(made) });
      await page.locator('.job').first().getByText('1 patient read.').waitFor();
    }
    rmSync(folder, { recursive: true });
    assert.match(await page.locator('.job').first().innerText(), /version 2 of a patient already there/);
    await browser.accessible(page, 'imported');
    await browser.sound(page);
  },

  async 'a file that is none of ours is refused with what to do'({ browser, demo }) {
    const page = await browser.page(await demo(), 'imports', { expectErrors: true });
    await page.locator('input[type=file]').setInputFiles({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a record') });
    await page.locator('.job .trouble').waitFor();
    assert.ok((await page.locator('.job .trouble .hint').innerText()).length > 20);
    await browser.sound(page);
  },
};
