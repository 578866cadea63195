// SPDX-License-Identifier: Apache-2.0
// Where we are: the part after '#', so that any server and any proxy path will do, and a one-time link never reaches a log.
import { useEffect, useState } from 'preact/hooks';

/** @returns {{parts: string[], query: URLSearchParams}} */
export function here() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { parts: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

/** The address of a place: to('patients', key) or to('compare', a, b). */
export const to = (...parts) => '#/' + parts.map(encodeURIComponent).join('/');

export const go = (...parts) => { location.hash = to(...parts); };

/** Changes a parameter of the present place without a new entry in the history. */
export function setQuery(name, value) {
  const { parts, query } = here();
  if (value === null) query.delete(name);
  else query.set(name, value);
  const tail = query.toString();
  history.replaceState(null, '', to(...parts) + (tail ? '?' + tail : ''));
}

/** Questions asked before leaving a place with unsaved work: functions that return false to stay. */
const guards = new Set();
export const guard = ask => { guards.add(ask); return () => guards.delete(ask); };

export function usePlace() {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    let last = location.hash;
    const moved = () => {
      if (location.hash === last) return;
      for (const ask of guards) {
        if (!ask()) {
          history.replaceState(null, '', last || '#/');
          return;
        }
      }
      last = location.hash;
      setPlace(here());
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return place;
}
