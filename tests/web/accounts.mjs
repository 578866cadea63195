// SPDX-License-Identifier: Apache-2.0
// A real store: the one-time link, signing in and out, roles, the audit log, and a restart in the middle of an edit.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { settled } from './browser.mjs';
import { zip } from './zip.mjs';

const PASSWORD = 'a long sentence for a test', OTHER = 'another long sentence';
const start = world => world.service('store').start('--store', 'sqlite:records.db');

async function setUp(world, service) {
  const link = service.link();
  assert.match(link, /#\/setup\?token=/);
  const page = await world.browser.page(service, `setup?${link.split('?')[1]}`, { expectErrors: true });
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await world.browser.accessible(page, 'set up');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'No patients yet' }).waitFor();
  return page;
}

async function signIn(page, name, password) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function bring(page, root, example) {
  const folder = join(root, 'examples', example);
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await page.locator('input[type=file]').setInputFiles({ name: `${example}.zip`, mimeType: 'application/zip',
    buffer: zip(Object.fromEntries(readdirSync(folder).filter(f => f.endsWith('.csv')).map(f => [f, readFileSync(join(folder, f))]))) });
  await page.locator('.job').getByText('1 patient read.').waitFor();
  await page.locator('.job a').first().click();
  await settled(page);
}

const labs = page => page.evaluate(async () => {
  const key = location.hash.split(/[/?]/)[2], answer = await fetch(`api/v1/patients/${key}/record`);
  const { tables } = await answer.json();
  return tables['labs.csv'].rows.length;
});

async function type(page, value) {
  await page.getByRole('button', { name: 'Add to the record' }).click();
  for (const [id, text] of [['date', 'd60'], ['analyte', 'ALP'], ['value', value], ['unit', 'U/L'], ['ref_low', '104'], ['ref_high', '338']]) await page.locator(`#entry-${id}`).fill(text);
}

export default {
  async 'from the first link to users, roles and the audit log'(world) {
    const service = await start(world);
    const page = await setUp(world, service);
    await world.browser.accessible(page, 'nothing yet');
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByLabel('Name').fill('rita');
    await page.getByLabel(/^First password/).fill(PASSWORD);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('.users', { hasText: 'rita' }).waitFor();
    await page.getByRole('button', { name: 'New password for rita' }).click();
    await page.getByLabel(/^New password, at least/).fill(OTHER);
    await world.browser.accessible(page, 'new password');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await world.browser.accessible(page, 'users');
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.locator('.audit tbody tr').first().waitFor();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText('The chain is whole').waitFor();
    await world.browser.accessible(page, 'audit');
    await world.browser.picture(page, 'audit');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await world.browser.accessible(page, 'sign in');
    await signIn(page, 'rita', PASSWORD);
    await page.locator('.trouble').waitFor(); // it is no longer hers
    await signIn(page, 'rita', OTHER);
    await page.locator('.who', { hasText: 'rita' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Users' }).count(), 0, 'a reader does not see the users');
    assert.equal(await page.getByRole('link', { name: 'Import', exact: true }).count(), 0);
    await world.browser.sound(page);
    const again = await world.browser.page(service, `setup?${service.link().split('?')[1]}`, { expectErrors: true });
    await secondUse(again);
    await again.locator('.trouble').waitFor();
    await service.stop();
  },

  async 'killed in the middle of an edit: nothing is lost, nothing is written twice'(world) {
    const service = await start(world);
    const page = await setUp(world, service);
    await bring(page, world.root, 'kaneko2017');
    const before = await labs(page);
    await type(page, '701');
    await service.halt('SIGKILL');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('dialog', { hasText: 'The server does not answer' }).waitFor();
    assert.equal(await page.locator('#entry-value').inputValue(), '701', 'what was typed is still there');
    await service.start();
    await page.locator('.told', { hasText: 'Saved as version 2' }).waitFor();
    assert.equal(await labs(page), before + 1);

    // the row arrives, the answer does not
    await settled(page);
    await type(page, '702');
    let lost = 0;
    await page.route('**/rows', async route => {
      if (lost++) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.told', { hasText: 'Saved as version 3' }).waitFor();
    assert.equal(await labs(page), before + 2, 'written once');
    assert.ok(lost >= 2, 'sent again');
    await world.browser.sound(page);
    await service.stop();
  },

  async 'signed out in the middle of an edit: after signing in again the entry is there'(world) {
    const service = await start(world);
    const page = await setUp(world, service);
    await bring(page, world.root, 'kaneko2017');
    await type(page, '703');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(page, 'anna', PASSWORD);
    await page.locator('dialog').waitFor();
    assert.equal(await page.locator('#entry-value').inputValue(), '703');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.told', { hasText: 'Saved as version' }).waitFor();
    await world.browser.sound(page);
    await service.stop();
  },
};

/** The link a second time: it must not make another account. */
async function secondUse(page) {
  await page.getByLabel('Name').fill('mallory');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
}
