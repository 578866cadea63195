// SPDX-License-Identifier: Apache-2.0
// Names and notes that try to be markup or script are text everywhere; ten thousand values stay fluid.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';
import { zip } from './zip.mjs';

const SCRIPT = `<img src=x onerror="window.struck=1"><script>window.struck=1</script>`;
const NAME = `eve"><svg onload=window.struck=1>`;
const cell = text => `"${text.replaceAll('"', '""')}"`;

const hostileCase = () => zip({
  'patients.csv': `patient,sex,age,tumour,histology,note\n${cell(NAME)},F,60,${cell('lung' + SCRIPT)},${cell(SCRIPT)},${cell(SCRIPT)}\n`,
  'therapy.csv': `patient,drug,class,intent,start,stop,site,note\n${cell(NAME)},${cell('gefitinib' + SCRIPT)},egfr_tki_1,anticancer,d0,,${cell(SCRIPT)},${cell(SCRIPT)}\n`,
  'lesions.csv': `patient,date,lesion,site,organ,role,matrix,modality,longest_mm,state,note\n` +
    `${cell(NAME)},d0,${cell('t' + SCRIPT)},${cell('lung' + SCRIPT)},lung,target,soft,ct,30,measured,${cell(SCRIPT)}\n` +
    `${cell(NAME)},d50,${cell('t' + SCRIPT)},${cell('lung' + SCRIPT)},lung,target,soft,ct,15,measured,${cell(SCRIPT)}\n` +
    `${cell(NAME)},d50,${cell('b' + SCRIPT)},${cell('rib' + SCRIPT)},bone,new,blastic,ct,,present,${cell('javascript:window.struck=1')}\n`,
  'labs.csv': `patient,date,analyte,value,unit,ref_low,ref_high,note\n${cell(NAME)},d0,ALP,100,U/L,40,130,${cell(SCRIPT)}\n${cell(NAME)},d20,ALP,190,U/L,40,130,\n${cell(NAME)},d50,ALP,160,${cell('U/L' + SCRIPT)},40,130,\n`,
  'clinical.csv': `patient,date,item,value,site,note\n${cell(NAME)},d10,symptoms,${cell(SCRIPT)},${cell(SCRIPT)},${cell(SCRIPT)}\n`,
  'notes.csv': `patient,date,topic,value,text\n${cell(NAME)},d50,comment,${cell(SCRIPT)},${cell(SCRIPT)}\n`,
});

const DAYS = 2000, VALUES = 10_000, STEPS = 16, MOST_MS = 60;
function bigCase() {
  const analytes = [['ALP', 'U/L', 40, 130], ['AST', 'U/L', 10, 40], ['ALT', 'U/L', 10, 40], ['LDH', 'U/L', 100, 250], ['CEA', 'ng/mL', 0, 5]];
  let labs = 'patient,date,analyte,value,unit,ref_low,ref_high\n';
  for (let i = 0; i < VALUES; i++) {
    const [name, unit, low, high] = analytes[i % 5], day = Math.floor(i / 5) % DAYS;
    labs += `big,d${day},${name},${(high * (0.6 + 0.5 * Math.abs(Math.sin(day / 40 + i % 5)) + (i * 7919 % 97) / 400)).toFixed(1)},${unit},${low},${high}\n`;
  }
  return zip({ 'patients.csv': 'patient,sex,age,tumour,histology\nbig,M,61,lung,adenocarcinoma\n', 'labs.csv': labs,
    'therapy.csv': 'patient,drug,class,intent,start\nbig,osimertinib,egfr_tki_3,anticancer,d0\n',
    'lesions.csv': 'patient,date,lesion,site,organ,role,matrix,modality,longest_mm,state\nbig,d0,t1,lung,lung,target,soft,ct,40,measured\nbig,d60,t1,lung,lung,target,soft,ct,20,measured\nbig,d60,b1,rib,bone,new,blastic,ct,,present\n' });
}

export default {
  async 'hostile names and notes are text on every screen'(world) {
    const service = await world.demo();
    const done = await service.import('hostile.zip', hostileCase());
    assert.equal(done.state, 'done', JSON.stringify(done));
    const key = await service.key(NAME);
    for (const [place, wait] of [['', '.worklist'], [`patients/${key}`, '#verdict[aria-busy=false]'], [`compare/${key}/${await service.key('debondt2020')}`, '.side-by-side'], ['cohort', '.figure']]) {
      const page = await world.browser.page(service, place, { wait });
      const folded = place === 'cohort' ? '.study-table:last-of-type' : 'main details'; // the study's last table is that of the patients
      await page.evaluate(which => document.querySelectorAll(which).forEach(d => { d.open = true; }), folded);
      if (place === 'cohort') await page.locator('.study', { hasText: NAME }).waitFor();
      assert.equal(await page.evaluate(() => window.struck), undefined, `nothing ran on ${place || 'the work list'}`);
      assert.equal(await page.locator('main img[src="x"], main script, main [onerror], main [onload]').count(), 0);
      await world.browser.sound(page);
    }
    const page = await world.browser.page(service, `patients/${key}`);
    await settled(page);
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    assert.ok((await page.locator('#lesions').innerText()).includes(SCRIPT), 'the note stands there as it was written');
    await page.getByLabel('Note for those who read it').fill(SCRIPT);
    await page.getByRole('button', { name: 'Sign as demo' }).click();
    await page.locator('.noted').waitFor();
    assert.equal(await page.locator('.noted').innerText(), SCRIPT);
    await page.getByLabel('Question').fill(SCRIPT);
    await page.locator('#ask').getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('#ask .callout, .answers li').first().waitFor();
    await page.getByRole('button', { name: 'Patient', exact: true }).click();
    await page.locator('.sheet').getByRole('heading').first().waitFor();
    assert.equal(await page.evaluate(() => window.struck), undefined);
    await world.browser.sound(page);
  },

  async 'ten thousand laboratory values stay fluid'(world) {
    const service = await world.demo();
    const done = await service.import('big.zip', bigCase());
    assert.equal(done.state, 'done', JSON.stringify(done).slice(0, 500));
    const page = await world.browser.page(service, `patients/${await service.key('big')}`);
    await settled(page);
    const drawn = await page.locator('.timeline .series.s0').getAttribute('d');
    const nodes = drawn.split('L').length, width = await page.locator('.timeline').evaluate(e => e.clientWidth);
    assert.ok(nodes > 200 && nodes <= 4 * width, `${nodes} points on ${width} pixels`);
    // the processor time of the page for a step of zoom or a move of the pointer: the machine may be busy with other things
    const meter = await page.context().newCDPSession(page);
    await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spent = async () => (await meter.send('Performance.getMetrics')).metrics.find(m => m.name === 'TaskDuration').value * 1000;
    const before = await spent();
    await page.evaluate(async steps => {
      const zoom = document.querySelector('[aria-label="Zoom in"]'), drawing = document.querySelector('.drawing'), box = drawing.getBoundingClientRect();
      for (let i = 0; i < steps; i++) {
        if (i < 4) zoom.click();
        else drawing.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: box.left + 200 + i * 30, clientY: box.top + 90 }));
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
      }
    }, STEPS);
    const took = (await spent() - before) / STEPS;
    console.log(`# a step takes ${took.toFixed(0)} ms of the processor with ${VALUES} values`);
    assert.ok(took > 0 && took < MOST_MS, `a step takes ${took} ms`);
    await world.browser.picture(page, 'ten-thousand');
    await world.browser.sound(page);
  },
};
