// SPDX-License-Identifier: Apache-2.0
// main.mjs MODULES CHROMIUM PROGRAM ROOT PICTURES [WORD...]: runs the tests of the page, prints TAP.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { Service } from './service.mjs';
import { Browser } from './browser.mjs';

const [modules, chromium, program, root, pictures, ...words] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const { chromium: driver } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const files = ['screens', 'patient', 'access', 'entry', 'pictures', 'hostile', 'faults', 'accounts'];
const tests = [];
for (const file of files) {
  const found = (await import(`./${file}.mjs`)).default;
  for (const [name, run] of Object.entries(found)) tests.push({ name: `${file}: ${name}`, run });
}
const wanted = tests.filter(t => !words.length || words.some(w => t.name.includes(w)));

const service = name => new Service({ program, root, name });
const browser = new Browser(await driver.launch({ executablePath: chromium, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }), axe, pictures);
/** What tests share: one demonstration, started when the first asks for it. */
const world = { browser, program, root, pictures, service, demo: () => world.shared ??= service('demo').start('--demo') };

console.log(`1..${wanted.length}`);
let bad = 0;
for (const [i, { name, run }] of wanted.entries()) {
  const began = Date.now();
  try {
    await run(world);
    console.log(`ok ${i + 1} - ${name} # ${Date.now() - began} ms`);
  } catch (error) {
    bad++;
    console.log(`not ok ${i + 1} - ${name}`);
    for (const line of String(error.stack || error).split('\n').slice(0, 30)) console.log(`# ${line}`);
    await browser.lastPicture(name).catch(() => null);
  }
  await browser.closePages();
}
await browser.close();
await (await world.shared)?.stop();
process.exit(bad ? 1 : 0);
