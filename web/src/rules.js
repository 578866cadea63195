// SPDX-License-Identifier: Apache-2.0
// The rulebook's sentences: asked for once, when the first of them is shown. Without them a screen shows rule ids.
import { useEffect, useState } from 'preact/hooks';
import { get } from './api.js';

const asked = new Map();
/** @returns {Record<string, {title: string, text: string, known: string, order?: number, after?: string}>} rules whose id begins with `prefix` */
export function useRules(prefix) {
  const [found, setFound] = useState({});
  useEffect(() => {
    let here = true;
    if (!asked.has(prefix)) asked.set(prefix, get(`rules?prefix=${encodeURIComponent(prefix)}`).then(r => r.rules, () => ({})));
    asked.get(prefix).then(r => here && setFound(r));
    return () => { here = false; };
  }, [prefix]);
  return found;
}
