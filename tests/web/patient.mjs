// SPDX-License-Identifier: Apache-2.0
// One patient: verdict and everything beside it, replay, zoom, criteria, work-up, review, questions, language, paper.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';

const open = async ({ browser, demo }, id, more = {}) => {
  const service = await demo();
  const page = await browser.page(service, `patients/${await service.key(id)}${more.tail || ''}`, more);
  await settled(page);
  return page;
};
const text = (page, selector) => page.locator(selector).innerText();

export default {
  async 'the verdict, its interval, and what the criteria say'(world) {
    const page = await open(world, 'shi2021_patient1');
    assert.match(await text(page, '#verdict'), /Bone flare confirmed/);
    assert.match(await page.locator('.pbar').getAttribute('aria-label'), /Flare \d+\s%, 95 % interval \d+\s% to \d+\s%; progression \d+\s%/);
    assert.match(await text(page, '.readings'), /RECIST 1\.1 as read\s+PD/);
    assert.match(await text(page, '#next'), /Test for ALK/);
    await page.locator('#evidence', { hasText: 'From prior to probability' }).waitFor();
    assert.match(await text(page, '#evidence'), /no new lesion and no destruction/);
    assert.match(await text(page, '#data'), /notes\.csv:\d/);
    assert.match(await text(page, '#lesions'), /46 mm/);
    await world.browser.sound(page);
  },

  async 'the slider replays what was known then, and the address keeps the day'(world) {
    const page = await open(world, 'debondt2020');
    assert.match(await text(page, '#verdict'), /Bone progression/);
    const slider = page.getByRole('slider', { name: /as of which/ });
    await slider.focus();
    while (!/day 56/.test(await slider.getAttribute('aria-valuetext'))) await page.keyboard.press('ArrowLeft');
    await page.locator('#verdict', { hasText: 'Bone flare suspected' }).waitFor();
    assert.ok(page.url().endsWith('?as_of=d56'));
    assert.doesNotMatch(await text(page, '#lesions'), /day 210/, 'nothing of later days is shown');
    assert.doesNotMatch(await page.locator('.timeline').innerHTML(), /carboplatin/);
    await page.reload();
    await page.locator('#verdict', { hasText: 'Bone flare suspected' }).waitFor();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.locator('#verdict', { hasText: 'Bone progression' }).waitFor();
    await world.browser.sound(page);
  },

  async 'replay walks through the days by itself'(world) {
    const page = await open(world, 'debondt2020', { tail: '?as_of=d0' });
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.locator('#verdict', { hasText: 'Bone flare suspected' }).waitFor();
    await page.locator('#verdict', { hasText: 'Bone progression' }).waitFor();
    await world.browser.sound(page);
  },

  async 'the usual flare window is shaded, and long times without a record are drawn short'(world) {
    const page = await open(world, 'shi2021_patient1');
    assert.match(await text(page, '.ground-hint'), /Usual flare window: day 0 to 125 of the therapy[^]*drawn short/);
    const box = (selector, name) => page.locator(`#timeline .timeline ${selector}`).first().getAttribute(name).then(Number);
    const day0 = await box('.grid.start', 'x1');
    assert.ok(Math.abs(await box('.usual', 'x') - day0) < 1, 'it begins with the therapy');
    assert.equal(await page.locator('#timeline .fold').count(), 2, 'one in the drawing, one in its legend');
    const at = await box('.fold', 'x'), width = await box('.fold', 'width'), end = day0 + 0;
    assert.ok(at > end + await box('.usual', 'width') && width < 40, 'a long time after the window, short on the paper');
    const days = await page.locator('#timeline .timeline .tick:not(.soft)').allTextContents();
    const numbers = days.map(d => Number(d.replace('day', '').replace(/[\s,]/g, '').replace('−', '-'))).filter(Number.isFinite);
    assert.ok(numbers.some(n => n > 500) && !numbers.some(n => n > 240 && n < 540), `no tick stands in the fold: ${numbers}`);
    const dot = page.locator('#timeline .study').last();
    await dot.hover({ force: true });
    assert.match(await text(page, '#timeline .readout'), /day 579/, 'the pointer finds the day behind the fold');
    await page.getByRole('button', { name: 'Zoom in' }).click();
    assert.equal(await page.locator('#timeline .timeline .fold').count(), 1, 'still long for what is shown');
    await page.getByRole('button', { name: 'Zoom in' }).click();
    assert.equal(await page.locator('#timeline .timeline .fold').count(), 0, 'not long any more');
    const none = await open(world, 'kaneko2017');
    assert.equal(await none.locator('#timeline .timeline .fold').count(), 0, 'short gaps are drawn as they are');
    assert.equal(await none.locator('#timeline .timeline .usual').count(), 1);
    await world.browser.sound(page);
  },

  async 'brush and zoom: by buttons, by mouse, by keys'(world) {
    const page = await open(world, 'shi2021_patient1');
    const ticks = () => page.locator('#timeline .timeline .tick').allTextContents().then(t => t.join());
    const whole = await ticks();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    const near = await ticks();
    assert.notEqual(near, whole);
    await page.getByRole('button', { name: 'Whole course' }).click();
    const box = await page.locator('.brush svg').boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();
    const brushed = await ticks();
    assert.notEqual(brushed, whole);
    await page.getByRole('slider', { name: 'Window to' }).press('ArrowRight');
    assert.ok(Number(await page.getByRole('slider', { name: 'Window to' }).getAttribute('aria-valuenow')) > 0);
    await page.locator('.drawing').first().focus();
    await page.keyboard.press('0');
    await page.keyboard.press('ArrowRight');
    await page.locator('.readout strong').waitFor();
    assert.match(await text(page, '.readout'), /day/);
    await page.keyboard.press('+');
    assert.notEqual(await ticks(), whole);
    await world.browser.sound(page);
  },

  async 'pointing at the drawing reads its values; markers can be put away'(world) {
    const page = await open(world, 'shi2021_patient1');
    await page.getByRole('button', { name: 'ALP', exact: true }).waitFor();
    await page.locator('.timeline .band').scrollIntoViewIfNeeded();
    const box = await page.locator('.timeline .band').boundingBox();
    const dot = await page.locator('.timeline .seriesdot.s0').first().boundingBox();
    await page.mouse.move(dot.x + 3, box.y + box.height / 2);
    await page.locator('.readout', { hasText: 'ALP' }).waitFor();
    const lines = await page.locator('.timeline .series').count();
    await page.getByRole('button', { name: 'ALP', exact: true }).click();
    assert.equal(await page.locator('.timeline .series').count(), lines - 1);
    await page.getByText('The same as a table').click();
    await page.getByRole('table', { name: 'Markers' }).waitFor();
    await world.browser.sound(page);
  },

  async 'a response says why, and a contradiction is marked'(world) {
    const page = await open(world, 'debondt2020', { tail: '?as_of=d56' });
    await page.locator('#criteria', { hasText: 'Criteria contradict each other' }).waitFor();
    await page.getByRole('button', { name: /^MDA bone criteria.*Why/ }).first().click();
    assert.match(await text(page, '#criteria-why'), /MDA bone criteria/);
    await world.browser.sound(page);
  },

  async 'the work-up is a graph whose steps open'(world) {
    const page = await open(world, 'kaneko2017');
    const step = page.locator('.step-node').first();
    await step.scrollIntoViewIfNeeded();
    await step.press('Enter');
    await page.locator('#workup .callout').waitFor();
    assert.ok(await page.locator('.pathway .edge').count() > 0, 'lines between steps');
    await page.getByRole('button', { name: /not needed/ }).click();
    assert.ok(await page.locator('.step-node.not_needed').count() > 5);
    await world.browser.sound(page);
  },

  async 'review: a note and a signature stand in the history and in the work list'(world) {
    const page = await open(world, 'satoh2021');
    await page.getByLabel('Note for those who read it').fill('Discussed on Tuesday.');
    await page.getByLabel('Status').selectOption('submitted');
    await page.getByRole('button', { name: 'Sign as demo' }).click();
    await page.locator('.reviews', { hasText: 'Discussed on Tuesday.' }).waitFor();
    await page.getByRole('link', { name: 'Work list' }).click();
    const row = page.locator('.worklist tr', { has: page.getByRole('link', { name: 'satoh2021', exact: true }) });
    await row.getByText('Submitted').waitFor();
    await world.browser.sound(page);
  },

  async 'questions are answered with citations, or not at all'(world) {
    const page = await open(world, 'debondt2020', { tail: '?as_of=d56' });
    const box = page.getByLabel('Question');
    await box.fill('What does RECIST say about flare in bone?');
    await page.locator('#ask').getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('.answers li').first().waitFor();
    assert.match(await page.locator('.answers code').first().innerText(), /^[a-z0-9_.]+$/, 'an answer names its rule');
    await box.fill('zxqv wqyk');
    await page.locator('#ask').getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('#ask .callout').waitFor();
    assert.equal(await page.locator('.answers li').count(), 0);
    await world.browser.sound(page);
  },

  async 'patient language, from the same record'(world) {
    const page = await open(world, 'debondt2020', { tail: '?as_of=d56' });
    await page.getByRole('button', { name: 'Patient', exact: true }).click();
    await page.locator('.sheet').getByRole('heading').first().waitFor();
    assert.match(await page.locator('.sheet').innerText(), /your bones/i);
    await page.getByRole('button', { name: 'Clinician' }).click();
    await settled(page);
    await world.browser.sound(page);
  },

  async 'the report as PDF, of the day that is shown'(world) {
    const page = await open(world, 'debondt2020', { tail: '?as_of=d56' });
    const link = page.getByRole('link', { name: 'PDF', exact: true });
    assert.match(await link.getAttribute('href'), /format=pdf.*as_of=d56/);
    const got = await link.evaluate(async a => {
      const answer = await fetch(a.href);
      return { status: answer.status, type: answer.headers.get('content-type'), head: (await answer.text()).slice(0, 5) };
    });
    assert.deepEqual(got, { status: 200, type: 'application/pdf', head: '%PDF-' });
    await world.browser.sound(page);
  },

  async 'paper shows the verdict and leaves the controls away'(world) {
    const page = await open(world, 'shi2021_patient1');
    await page.emulateMedia({ media: 'print' });
    assert.ok(await page.locator('#verdict').isVisible());
    for (const gone of ['.top', '.actions', '.brush', '#ask', '.asof-line']) assert.ok(!await page.locator(gone).first().isVisible(), `${gone} is not printed`);
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    await world.browser.sound(page);
  },

  async 'as pictures: wide and narrow, light and dark'(world) {
    for (const [name, width, scheme] of [['wide-dark', 1440, 'dark'], ['narrow-light', 400, 'light']]) {
      const page = await open(world, 'shi2021_patient1', { width, scheme });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: the page is not wider than the screen`);
      await world.browser.picture(page, `patient-${name}`, { fullPage: true });
      await world.browser.sound(page);
    }
  },
};
