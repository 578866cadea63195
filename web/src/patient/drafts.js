// SPDX-License-Identifier: Apache-2.0
// What was typed and not saved yet. It lives in memory only: a browser's storage would leave a patient's data on the computer.
// It outlives closing the window, signing in anew and a restart of the server; leaving the page asks first.
const drafts = new Map();

export const draftOf = patient => drafts.get(patient) || null;
export const keep = (patient, draft) => { drafts.set(patient, draft); };
export const forget = patient => { drafts.delete(patient); };
const dirty = draft => Object.entries(draft.rows).some(([, row]) => Object.values(row).some(v => v !== ''));
export const anyDirty = () => [...drafts.values()].some(dirty);

addEventListener('beforeunload', e => { if (anyDirty()) e.preventDefault(); });
