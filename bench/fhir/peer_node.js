// SPDX-License-Identifier: Apache-2.0
// The same work as scan.c by JSON.parse: node peer_node.js FILE [RUNS]. The values' digits are those of the shortest text of the double.
"use strict";
const fs = require("fs");
const wanted = new Set(["6768-6", "1783-0", "17861-6", "49765-1", "2039-6"]);

function millionths(value) {
  // half away from zero, on the decimal text
  const [whole, part = ""] = String(value).split(".");
  const digits = (part + "0000000").slice(0, 7);
  return (BigInt(whole + digits) + 5n) / 10n;
}

function scan(path) {
  const r = { lines: 0, broken: 0, observations: 0, found: 0, whole: 0, ids: 0, exact: 0n };
  const file = fs.openSync(path, "r");
  const buffer = Buffer.alloc(1 << 20);
  let rest = "";
  const decoder = new (require("string_decoder").StringDecoder)("utf8");
  const use = (line) => {
    r.lines++;
    let resource;
    try { resource = JSON.parse(line); } catch { r.broken++; return; }
    if (resource.resourceType !== "Observation") return;
    r.observations++;
    if (!resource.code?.coding?.some((c) => wanted.has(c.code))) return;
    const value = resource.valueQuantity?.value, patient = resource.subject?.reference;
    if (value === undefined || patient === undefined) return;
    r.found++;
    r.whole += Math.trunc(value);
    r.exact += millionths(value);
    for (let i = 0; i < patient.length; i++) r.ids += patient.charCodeAt(i);
  };
  for (let got; (got = fs.readSync(file, buffer)) > 0;) {
    const lines = (rest + decoder.write(buffer.subarray(0, got))).split("\n");
    rest = lines.pop();
    lines.forEach(use);
  }
  if (rest) use(rest);
  fs.closeSync(file);
  return r;
}

const runs = Number(process.argv[3] || 3);
for (let i = 0; i < runs; i++) {
  const before = process.cpuUsage();
  const r = scan(process.argv[2]);
  const used = process.cpuUsage(before);
  const exact = `${r.exact / 1000000n}.${String(r.exact % 1000000n).padStart(6, "0")}`;
  console.log(`node/JSON.parse cpu_us ${used.user + used.system} rss_kib ${Math.round(process.resourceUsage().maxRSS)} lines ${r.lines} broken ${r.broken} observations ${r.observations} found ${r.found} whole ${r.whole} ids ${r.ids} exact ${exact}`);
}
