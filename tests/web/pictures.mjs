// SPDX-License-Identifier: Apache-2.0
// The pictures that the documents show, of the bundled cases.
import { settled } from './browser.mjs';

export default {
  async 'those that the documents show'(world) {
    const service = await world.demo();
    const course = await world.browser.page(service, `patients/${await service.key('shi2021_patient1')}`, { width: 1300 });
    await settled(course);
    await course.locator('#timeline').screenshot({ path: `${world.pictures}/page-course.png` });
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
