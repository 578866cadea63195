// SPDX-License-Identifier: Apache-2.0
// Slow lines, and a server that goes away in the middle of an edit and comes back.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';

export default {
  async 'on a slow network the page says that it is loading, and works'(world) {
    const service = await world.demo();
    const page = await world.browser.page(service, '', { wait: '.worklist' });
    const line = await page.context().newCDPSession(page);
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: 300, downloadThroughput: 50_000, uploadThroughput: 20_000 });
    await page.getByRole('link', { name: 'debondt2020', exact: true }).click();
    await page.locator('.busy', { hasText: 'Loading the patient' }).waitFor();
    await settled(page);
    const slider = page.getByRole('slider', { name: /as of which/ });
    await slider.press('Home');
    await page.locator('#verdict[aria-busy=true]').waitFor();
    await settled(page);
    await slider.press('End');
    await page.locator('#verdict', { hasText: 'Bone progression' }).waitFor();
    await world.browser.sound(page);
  },

  async 'a server that is gone is told, and trying again works when it is back'(world) {
    const service = await world.service('gone').start('--demo');
    const page = await world.browser.page(service, '', { wait: '.worklist', expectErrors: true });
    await service.halt();
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    await service.start();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('First').selectOption({ label: 'debondt2020' });
    await world.browser.sound(page);
    await service.stop();
  },
};
