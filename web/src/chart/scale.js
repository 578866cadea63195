// SPDX-License-Identifier: Apache-2.0
// Scales: from values to pixels and back, and where ticks stand. Every chart of the page uses these.

/** @returns {((v: number) => number) & {invert: (px: number) => number, from: number, to: number, left: number, right: number}} */
export function linear(from, to, left, right) {
  const span = to - from || 1;
  const scale = v => left + (v - from) / span * (right - left);
  return Object.assign(scale, { invert: px => from + (px - left) / ((right - left) || 1) * span, from, to, left, right });
}

/** A stretch of time in which nothing was recorded is drawn short when it is long for itself and long for what is shown. */
const LEAST_GAP = 182, GAP_PARTS = 5, GAP_AIR = 21;
export function foldsOf(days, from, to) {
  const inside = [from, ...days.filter(d => d > from && d < to), to], out = [];
  for (let i = 1; i < inside.length; i++) {
    const gap = inside[i] - inside[i - 1];
    if (gap > LEAST_GAP && gap * GAP_PARTS > to - from) out.push({ from: inside[i - 1] + GAP_AIR, to: inside[i] - GAP_AIR });
  }
  return out;
}

/** Linear, but each of the folds (ascending, apart, inside) takes only FOLD pixels. */
export const FOLD = 34;
export function folded(from, to, left, right, folds) {
  const whole = to - from - folds.reduce((sum, f) => sum + f.to - f.from, 0) || 1;
  const perDay = (right - left - folds.length * FOLD) / whole, pieces = [];
  let day = from, px = left;
  for (const f of folds) {
    pieces.push({ day, px, scale: perDay }, { day: f.from, px: px + (f.from - day) * perDay, scale: FOLD / (f.to - f.from) });
    px += (f.from - day) * perDay + FOLD;
    day = f.to;
  }
  pieces.push({ day, px, scale: perDay });
  const scale = v => { const p = pieces.findLast(q => q.day <= v) || pieces[0]; return p.px + (v - p.day) * p.scale; };
  const invert = at => { const p = pieces.findLast(q => q.px <= at) || pieces[0]; return p.day + (at - p.px) / p.scale; };
  return Object.assign(scale, { invert, from, to, left, right, folds, span: whole });
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
