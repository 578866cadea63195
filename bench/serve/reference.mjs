// SPDX-License-Identifier: Apache-2.0
// The least that a service in Node can do with the same body: JSON.parse, and the observations sorted by their time.
//   node reference.mjs PORT
import { createServer } from 'node:http';

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
    const entries = body.prefetch.observations.entry;
    entries.sort((a, b) => (a.resource.effectiveDateTime < b.resource.effectiveDateTime ? -1 : 1));
    const text = JSON.stringify({ cards: [], last: entries[entries.length - 1].resource.id });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
