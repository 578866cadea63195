// SPDX-License-Identifier: Apache-2.0
// Ten thousand values on eight hundred pixels: of each column of pixels the first, lowest, highest and last value are drawn, so the
// line looks the same as with all of them and no peak is lost.

/** First index whose day is not before `day`; points are in order of day. */
export function firstFrom(points, day) {
  let low = 0, high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].day < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The points of [from, to], with one neighbour on each side so that lines run out of the frame. */
export function within(points, from, to) {
  return points.slice(Math.max(0, firstFrom(points, from) - 1), firstFrom(points, to + 1) + 1);
}

/**
 * @template {{day: number}} P
 * @param {P[]} points in order of day @param {(p: P) => number} x pixel @param {(p: P) => number} y value
 * @returns {P[]} at most four a column
 */
export function decimate(points, x, y) {
  const out = [];
  for (let i = 0; i < points.length;) {
    const column = Math.floor(x(points[i]));
    let low = i, high = i, last = i;
    for (; last < points.length && Math.floor(x(points[last])) === column; last++) {
      if (y(points[last]) < y(points[low])) low = last;
      if (y(points[last]) > y(points[high])) high = last;
    }
    for (const k of [...new Set([i, low, high, last - 1])].sort((a, b) => a - b)) out.push(points[k]);
    i = last;
  }
  return out;
}

export const line = (points, x, y) => points.map((p, i) => `${i ? 'L' : 'M'}${x(p).toFixed(1)} ${y(p).toFixed(1)}`).join('');
