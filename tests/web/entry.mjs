// SPDX-License-Identifier: Apache-2.0
// Adding to a record by hand: checked while typing, written once, kept when something goes wrong.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';

const open = async ({ browser }, service, id, more = {}) => {
  const page = await browser.page(service, `patients/${await service.key(id)}`, more);
  await settled(page);
  return page;
};
/** A field of the form by its label, "needed" or not. */
const field = (page, name) => page.locator('dialog').getByLabel(new RegExp(`^${name}( needed)?$`));
const fill = async (page, values) => {
  for (const [name, value] of Object.entries(values)) await field(page, name).fill(value);
};
const rows = async (service, id, table) => (await service.json(`patients/${await service.key(id)}/record`)).tables[table].rows;
const LAB = { Date: 'd60', Analyte: 'ALP', Value: '700', Unit: 'U/L', 'Range from': '104', 'Range to': '338' };

export default {
  async 'a wrong unit is named while one types, with those that are possible'(world) {
    const page = await open(world, await world.demo(), 'kaneko2017');
    await page.getByRole('button', { name: 'Add to the record' }).click();
    await field(page, 'Unit').fill('U/L');
    await page.waitForResponse(r => r.url().endsWith('check/row'));
    assert.equal(await page.locator('.said.error').count(), 0, 'a field that is not filled yet is not wrong yet');
    await fill(page, { ...LAB, Unit: 'mmol/L' });
    const said = page.locator('.said', { hasText: 'U/L' });
    await said.waitFor();
    assert.equal(await field(page, 'Unit').getAttribute('aria-invalid'), 'true');
    await field(page, 'Unit').fill('U/L');
    await said.waitFor({ state: 'detached' });
    await world.browser.sound(page);
  },

  async 'a laboratory value is saved once, with the next version, and drawn'(world) {
    const service = await world.demo(), before = (await rows(service, 'kaneko2017', 'labs.csv')).length;
    const page = await open(world, service, 'kaneko2017');
    await page.getByRole('button', { name: 'Add to the record' }).click();
    await fill(page, LAB);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.told', { hasText: 'Saved as version' }).waitFor();
    await settled(page);
    assert.equal((await rows(service, 'kaneko2017', 'labs.csv')).length, before + 1);
    assert.match(await page.locator('.asof-text').innerText(), /day 60/);
    await world.browser.sound(page);
  },

  async 'a lesion by hand, with its place taken over from before'(world) {
    const service = await world.demo();
    const page = await open(world, service, 'shi2021_patient1');
    await page.getByRole('button', { name: 'Add a lesion' }).click();
    await fill(page, { 'Date of the study': '2019-12-01', Lesion: 'liver' });
    await page.waitForFunction(() => document.querySelector('#entry-organ').value === 'liver');
    await fill(page, { 'Longest, mm': '9' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.told', { hasText: 'Saved as version' }).waitFor();
    await page.locator('#lesions', { hasText: '9 mm' }).waitFor();
    await world.browser.sound(page);
  },

  async 'what was typed stays when the window is closed, and leaving the page asks'(world) {
    const page = await open(world, await world.demo(), 'satoh2021');
    await page.getByRole('button', { name: 'Add to the record' }).click();
    await fill(page, { Analyte: 'CEA', Value: '12' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add to the record' }).click();
    assert.equal(await field(page, 'Value').inputValue(), '12');
    page.removeAllListeners('dialog');
    page.once('dialog', d => d.accept());
    const dialog = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    assert.equal((await dialog).type(), 'beforeunload');
  },

  async 'somebody else was faster: nothing is overwritten, nothing is lost'(world) {
    const service = await world.demo(), key = await service.key('shi2021_patient2');
    const page = await open(world, service, 'shi2021_patient2', { expectErrors: true }); // a 409
    await page.getByRole('button', { name: 'Add to the record' }).click();
    await fill(page, { Date: '2019-06-01', Analyte: 'ALP', Value: '91', Unit: 'U/L', 'Range from': '40', 'Range to': '130' });
    const { csrf } = await service.json('session'), { version } = await service.json(`patients/${key}/record`);
    await service.json(`patients/${key}/rows`, { method: 'POST', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' },
      body: JSON.stringify({ expected_version: version, table: 'labs.csv', row: { patient: 'shi2021_patient2', date: '2019-06-02', analyte: 'ALP', value: '93', unit: 'U/L' } }) });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: /Add it to version/ }).click();
    await page.locator('.told', { hasText: 'Saved as version' }).waitFor();
    const values = JSON.stringify(await rows(service, 'shi2021_patient2', 'labs.csv'));
    assert.ok(values.includes('"91"') && values.includes('"93"'), 'both rows are there');
  },
};
