// SPDX-License-Identifier: Apache-2.0
// What a screen needs from the server: waiting, the value, or the problem with what to do next.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/**
 * Loads when `keys` change. While the next value comes, the last one stays (`stale`).
 * @template T @param {(signal: AbortSignal) => Promise<T>} load @param {unknown[]} keys
 */
export function useLoad(load, keys) {
  const [state, setState] = useState({ value: null, problem: null, stale: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const stop = new AbortController();
    setState(s => ({ ...s, problem: null, stale: true }));
    latest.current(stop.signal).then(
      value => { if (!stop.signal.aborted) setState({ value, problem: null, stale: false }); },
      problem => { if (!stop.signal.aborted) setState(s => ({ ...s, problem, stale: false })); });
    return () => stop.abort();
  }, [...keys, turn]);
  const again = useCallback(() => setTurn(t => t + 1), []);
  return { ...state, again };
}

/** The value after it has rested for `wait` milliseconds. */
export function useRested(value, wait) {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return rested;
}
