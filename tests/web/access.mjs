// SPDX-License-Identifier: Apache-2.0
// For everybody: WCAG 2.2 AA as axe-core sees it, in light and dark, and every path with the keyboard alone.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';

async function screens(service) {
  const one = await service.key('shi2021_patient1'), two = await service.key('debondt2020');
  return [['work list', '', '.worklist'], ['patient', `patients/${one}`, '#verdict[aria-busy=false]'], ['earlier day', `patients/${two}?as_of=d56`, '#verdict[aria-busy=false]'],
    ['compare', `compare/${one}/${two}`, '.side-by-side'], ['nobody to compare', 'compare', '.empty'], ['cohort', 'cohort', '.figure'], ['import', 'imports', '.drop-zone'], ['lost', 'nowhere', '.trouble']];
}

async function all(world, scheme) {
  const service = await world.demo();
  for (const [name, place, wait] of await screens(service)) {
    const page = await world.browser.page(service, place, { scheme, wait });
    await world.browser.accessible(page, `${name}, ${scheme}`, { colours: scheme === 'dark' });
    await world.browser.picture(page, `screen-${name.replaceAll(' ', '-')}-${scheme}`);
    await world.browser.sound(page);
  }
}

export default {
  'every screen in light': world => all(world, 'light'),
  'every screen in dark': world => all(world, 'dark'),

  async 'what opens on a patient: entry, reasons, patient language, narrow'(world) {
    const service = await world.demo(), key = await service.key('kaneko2017');
    for (const scheme of ['light', 'dark']) {
      const only = { colours: scheme === 'dark' };
      const page = await world.browser.page(service, `patients/${key}`, { scheme });
      await settled(page);
      await page.evaluate(() => document.querySelectorAll('main details').forEach(d => { d.open = true; }));
      await page.locator('#criteria button.bare').first().click();
      await world.browser.accessible(page, `all opened, ${scheme}`, only);
      await page.getByRole('button', { name: 'Add to the record' }).click();
      await page.locator('#entry-analyte').fill('ALP');
      await page.locator('#entry-value').fill('abc');
      await page.locator('.said.error').first().waitFor();
      await world.browser.accessible(page, `entry, ${scheme}`, only);
      await world.browser.picture(page, `entry-${scheme}`);
      for (const input of await page.locator('dialog input').all()) await input.fill('');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Patient', exact: true }).click();
      await page.locator('.sheet').getByRole('heading').first().waitFor();
      await world.browser.accessible(page, `patient language, ${scheme}`, only);
      const narrow = await world.browser.page(service, `patients/${key}`, { scheme, width: 400, height: 800 });
      await settled(narrow);
      await world.browser.accessible(narrow, `narrow, ${scheme}`, only);
      await world.browser.sound(page);
    }
  },

  async 'from the work list to a signature with the keyboard alone'(world) {
    const service = await world.demo();
    const page = await world.browser.page(service, '', { wait: '.worklist' });
    const tabTo = async test => {
      for (let i = 0; i < 250; i++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(test)) return;
      }
      throw new Error(`the keyboard never reaches ${test}`);
    };
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip to the content/);
    await tabTo(() => document.activeElement.textContent === 'isolated_alp');
    await page.keyboard.press('Enter');
    await settled(page);
    await page.waitForFunction(() => document.activeElement.id === 'main');
    await tabTo(() => document.activeElement.type === 'range');
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Back to now' }).waitFor();
    await page.keyboard.press('End');
    await tabTo(() => document.activeElement.classList.contains('drawing'));
    await page.keyboard.press('ArrowRight');
    await page.locator('.readout strong').waitFor();
    await tabTo(() => document.activeElement.getAttribute('aria-label') === 'Window from');
    await page.keyboard.press('ArrowRight');
    await tabTo(() => document.activeElement.tagName === 'TEXTAREA');
    await page.keyboard.type('By keyboard');
    await tabTo(() => /^Sign as/.test(document.activeElement.textContent));
    await page.keyboard.press('Enter');
    await page.locator('.reviews', { hasText: 'By keyboard' }).waitFor();
    await world.browser.sound(page);
  },

  async 'what has the focus can be seen'(world) {
    const service = await world.demo();
    const page = await world.browser.page(service, `patients/${await service.key('debondt2020')}`);
    await settled(page);
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        const e = document.activeElement, s = getComputedStyle(e), inner = e.querySelector?.('rect');
        return s.boxShadow !== 'none' || s.outlineStyle !== 'none' || inner && getComputedStyle(inner).strokeWidth === '4px' || e.outerHTML.slice(0, 120);
      });
      assert.equal(seen, true);
    }
  },
};
