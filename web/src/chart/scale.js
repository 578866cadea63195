// SPDX-License-Identifier: Apache-2.0
// Scales: from values to pixels and back, and where ticks stand. Every chart of the page uses these.

/** @returns {((v: number) => number) & {invert: (px: number) => number, from: number, to: number, left: number, right: number}} */
export function linear(from, to, left, right) {
  const span = to - from || 1;
  const scale = v => left + (v - from) / span * (right - left);
  return Object.assign(scale, { invert: px => from + (px - left) / ((right - left) || 1) * span, from, to, left, right });
}

/** Logarithmic; values at or below 0 lie at the lower end. */
export function logarithmic(from, to, left, right) {
  const inner = linear(Math.log(from), Math.log(to), left, right);
  const scale = v => inner(Math.log(Math.max(v, from / 1e6)));
  return Object.assign(scale, { invert: px => Math.exp(inner.invert(px)), from, to, left, right });
}

/** Round steps: at most `most` ticks, each a multiple of 1, 2 or 5 times a power of ten. */
export function ticks(from, to, most) {
  const least = (to - from) / Math.max(1, most);
  if (!(least > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= least * 0.999999);
  const out = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) out.push(Number((i * step).toPrecision(12)));
  return out;
}

/** Days: steps that people count in, weeks and four weeks, halves and whole years. */
const DAY_STEPS = [1, 2, 7, 14, 28, 56, 84, 168, 364, 728, 1820, 3640, 7280];
export function dayTicks(from, to, most) {
  const step = DAY_STEPS.find(s => (to - from) / s <= most) ?? DAY_STEPS.at(-1);
  const out = [];
  for (let d = Math.ceil(from / step) * step; d <= to; d += step) out.push(d);
  return out;
}

/** 0.5 1 2 5 10: for multiples of a limit. */
export function logTicks(from, to, most) {
  const all = [];
  for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++)
    for (const m of [1, 2, 5]) {
      const v = Number((m * 10 ** power).toPrecision(3));
      if (v >= from && v <= to) all.push(v);
    }
  const tens = all.filter(v => Number.isInteger(Math.log10(v)));
  return all.length <= most ? all : tens.length >= 2 ? tens : all.filter((_, i) => i % Math.ceil(all.length / most) === 0);
}
