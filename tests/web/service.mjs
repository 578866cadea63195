// SPDX-License-Identifier: Apache-2.0
// The real program, started on a free port, stopped, killed and started again.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_LIMIT = 30_000;

export class Service {
  constructor({ program, root, name }) {
    Object.assign(this, { program, root, folder: mkdtempSync(join(tmpdir(), `boneflare-web-${name}-`)), port: 0, said: '' });
  }

  /** Starts and waits until it listens; the port stays the same from one start to the next. */
  async start(...options) {
    if (options.length) this.options = options;
    this.said = '';
    this.process = spawn(this.program, ['serve', '--listen', `127.0.0.1:${this.port}`, ...(this.options || [])],
      { cwd: this.folder, stdio: ['ignore', 'pipe', openSync(join(this.folder, 'log'), 'a')] });
    await new Promise((done, fail) => {
      const limit = setTimeout(() => fail(new Error(`no start in time: ${this.said}`)), START_LIMIT);
      this.process.stdout.on('data', part => {
        this.said += part;
        const found = /listens on http:\/\/127\.0\.0\.1:(\d+)\//.exec(this.said);
        if (!found) return;
        this.port = Number(found[1]);
        clearTimeout(limit);
        done();
      });
      this.process.once('exit', code => { clearTimeout(limit); fail(new Error(`it ended with ${code}: ${this.log()}`)); });
    });
    return this;
  }

  get address() { return `http://127.0.0.1:${this.port}/`; }
  log() { return readFileSync(join(this.folder, 'log'), 'utf8'); }

  /** @param {NodeJS.Signals} signal SIGKILL for a crash */
  async halt(signal = 'SIGTERM') {
    if (this.process.exitCode !== null || this.process.signalCode) return;
    const ended = new Promise(done => this.process.once('exit', done));
    this.process.kill(signal);
    await ended;
  }

  async stop() {
    await this.halt();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What stands in the output: the one-time link of the first start. */
  link() { return /(http:\/\/\S*setup\S*)/.exec(this.said)?.[1]; }

  async json(path, { method = 'GET', body, headers = {} } = {}) {
    const response = await fetch(`${this.address}api/v1/${path}`, { method, body, headers });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** The opaque key of a patient of the demonstration. */
  async key(id) {
    const { patients } = await this.json('patients?limit=500');
    const found = patients.find(p => p.id === id);
    if (!found) throw new Error(`no patient ${id} among ${patients.map(p => p.id).join(', ')}`);
    return found.key;
  }

  /** Sends a file as an import of the demonstration, and waits for its end. */
  async import(name, bytes) {
    const { csrf } = await this.json('session');
    const { job } = await this.json(`imports?name=${encodeURIComponent(name)}`, { method: 'POST', body: bytes, headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/octet-stream' } });
    for (;;) {
      const state = await this.json(`jobs/${job}`);
      if (['done', 'failed'].includes(state.state)) return state;
      await new Promise(next => setTimeout(next, 30));
    }
  }
}
