// SPDX-License-Identifier: Apache-2.0
// What the sources are: asked for once, when the first of them is shown.
import { useEffect, useState } from 'preact/hooks';
import { get } from './api.js';

let asked = null;
export function useCitations() {
  const [found, setFound] = useState({});
  useEffect(() => {
    let here = true;
    asked ??= get('citations').then(r => r.citations, () => ({}));
    asked.then(c => here && setFound(c));
    return () => { here = false; };
  }, []);
  return found;
}
