// SPDX-License-Identifier: Apache-2.0
// Saving a row so that nothing is lost and nothing is written twice: the version it was written for goes with it. No answer: the
// same request again, by itself. "Changed meanwhile": perhaps by us, when the answer was lost on the way; then the row is there.
import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api.js';

const WAITS = [1, 2, 4, 8, 15];

const rowsOf = (record, table) => {
  const t = record.tables[table] || record.tables[table.replace('.csv', '')];
  return t ? t.rows.map(r => Array.isArray(r) ? Object.fromEntries(t.columns.map((c, i) => [c, r[i] ?? ''])) : r) : [];
};
const same = (have, want) => Object.entries(want).every(([column, value]) => value === '' || String(have[column] ?? '') === String(value).trim());

/** Whether one more such row stands in the record than before. */
async function arrived(patient, before, table, row) {
  const now = await api.record(patient);
  const count = r => rowsOf(r, table).filter(have => same(have, row)).length;
  return { written: count(now) > before, version: now.version };
}
export const countSame = (record, table, row) => rowsOf(record, table).filter(have => same(have, row)).length;

/**
 * @returns state: idle | saving | waiting (no answer, seconds until the next try) | conflict | refused
 */
export function useSaving({ patient, record, saved }) {
  const [state, setState] = useState({ kind: 'idle' });
  const job = useRef(null);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const wait = (n, problem) => {
    const seconds = WAITS[Math.min(n, WAITS.length - 1)];
    setState({ kind: 'waiting', seconds, problem });
    timer.current = setTimeout(() => attempt(n + 1), seconds * 1000);
  };
  async function attempt(n) {
    clearTimeout(timer.current);
    const { table, row, version, before } = job.current;
    setState({ kind: 'saving', again: n > 0 });
    try {
      const done = await api.addRow(patient, { expected_version: version, table, row });
      setState({ kind: 'idle' });
      saved(done);
    } catch (problem) {
      if (problem.status === 0 || problem.status >= 502) return wait(n, problem);
      if (problem.status === 409) return conflict(n, before, table, row);
      setState({ kind: 'refused', problem });
    }
    return undefined;
  }
  async function conflict(n, before, table, row) {
    try {
      const now = await arrived(patient, before, table, row);
      if (now.written) {
        setState({ kind: 'idle' });
        saved({ version: now.version, issues: [] });
      } else setState({ kind: 'conflict', version: now.version });
    } catch (problem) {
      wait(n, problem);
    }
  }
  const save = (table, row) => {
    job.current = { table, row, version: record.version, before: countSame(record, table, row) };
    attempt(0);
  };
  const onto = version => {
    job.current = { ...job.current, version };
    attempt(0);
  };
  return { state, save, onto, now: () => attempt(1), reset: () => { clearTimeout(timer.current); setState({ kind: 'idle' }); } };
}
