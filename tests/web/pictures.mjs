// SPDX-License-Identifier: Apache-2.0
// The pictures that the documents show, of the bundled cases.
import { settled } from './browser.mjs';

export default {
  async 'those that the documents show'(world) {
    const service = await world.demo();
    const list = await world.browser.page(service, '', { wait: '.worklist', width: 1200, height: 640 });
    await world.browser.picture(list, 'page-worklist');
    const patient = await world.browser.page(service, `patients/${await service.key('debondt2020')}?as_of=d56`, { width: 1200, height: 980 });
    await settled(patient);
    await world.browser.picture(patient, 'page-patient');
    const workup = await world.browser.page(service, `patients/${await service.key('kaneko2017')}`, { width: 1200, scheme: 'dark' });
    await settled(workup);
    await workup.waitForSelector('.pathway .edge', { state: 'attached' });
    await workup.locator('#workup').screenshot({ path: `${world.pictures}/page-workup.png` });
    await world.browser.sound(patient);
  },
};
