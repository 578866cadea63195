// SPDX-License-Identifier: Apache-2.0
// What states are called, for a clinician and for a patient, and how numbers and days are written. Missing is a dash, never 0.

export const STATES = {
  none: { name: 'No question in bone', meaning: 'Nothing is known by this date that makes bone look worse under therapy.', kind: 'none',
    plain: 'Your record shows no change for the worse in your bones under treatment.' },
  flare_suspected: { name: 'Bone flare suspected', kind: 'flare',
    meaning: 'The worsening seen in bone is more likely healing than progression. It is not confirmed yet.',
    plain: 'The change in your bones is more likely a sign of healing. This is not certain yet.' },
  flare_confirmed: { name: 'Bone flare confirmed', kind: 'flare', meaning: 'The worsening seen in bone was healing: later findings bear it out.',
    plain: 'The change in your bones was a sign of healing.' },
  progression: { name: 'Bone progression', kind: 'progression', meaning: 'The worsening seen in bone is progression of the cancer.',
    plain: 'The cancer in the bones has grown.' },
  undetermined: { name: 'Undetermined', kind: 'undetermined', meaning: 'Flare and progression cannot be told apart yet.',
    plain: 'It is not clear yet whether the change in your bones is healing or growth.' },
};
export const stateOf = state => STATES[state] || { name: state || 'Not assessed', meaning: '', plain: '', kind: 'none' };
export const shortState = state => ({ none: 'No question', flare_suspected: 'Flare suspected', flare_confirmed: 'Flare confirmed',
  progression: 'Progression', undetermined: 'Undetermined' }[state] || 'Not assessed');

export const RESPONSES = { CR: 'complete response', PR: 'partial response', SD: 'stable disease', PD: 'progressive disease',
  'non-CR/non-PD': 'neither complete response nor progression', NE: 'not evaluable', PDu: 'progression not yet confirmed' };

export const KNOWN = { published: 'published', standard: 'standard', expert: 'assumption', recalled: 'recalled' };
export const KNOWN_MEANING = { published: 'measured, in the source named', standard: 'a published standard says so',
  expert: 'our own assumption, with a reason in the rulebook', recalled: 'from a source that was not opened' };

export const REVIEW = { none: 'Not reviewed', draft: 'Draft', submitted: 'Submitted', under_review: 'Under review', approved: 'Approved' };
export const ROLES = { reader: 'Reader', reviewer: 'Reviewer', admin: 'Admin' };

const MINUS = '\u2212';
export const DASH = '\u2013';
const signed = text => text.replace(/^-/, MINUS);

export const percent = p => p === null || p === undefined ? DASH : `${Math.round(p * 100)}\u00a0%`;
export const number = (value, digits) => value === null || value === undefined ? DASH
  : signed(digits === undefined ? String(value) : value.toFixed(digits));
export const change = value => value === null || value === undefined ? DASH : `${value > 0 ? '+' : ''}${signed(String(value))}\u00a0%`;
export const times = value => value === null || value === undefined ? DASH : `${value < 10 ? value.toFixed(2) : value.toFixed(1)}\u00d7`;

/** "day 41", with the date when the record has a calendar. */
export const day = when => !when || (when.day ?? null) === null && !when.date ? DASH
  : when.date ? `${when.date} (day ${signed(String(when.day))})` : `day ${signed(String(when.day))}`;
export const shortDay = when => !when ? DASH : when.date || `day ${signed(String(when.day))}`;
export const dayOnly = value => `day ${signed(String(value))}`;

/** The ratio of a finding's weight, as ×4.0 for flare or ×3.0 for progression. */
export const ratio = weight => `\u00d7${Math.exp(Math.abs(weight)).toFixed(1)}`;

export const list = words => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
export const plural = (n, one, many = one + 's') => `${n} ${n === 1 ? one : many}`;
export const instant = ms => {
  if (ms === null || ms === undefined || ms === '') return DASH;
  const when = new Date(typeof ms === 'number' || /^\d+$/.test(ms) ? Number(ms) : ms);
  const two = n => String(n).padStart(2, '0');
  return Number.isNaN(when.getTime()) ? String(ms)
    : `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())} ${two(when.getHours())}:${two(when.getMinutes())}`;
};
/** therapy and lesion words of the tables: lymph_node -> lymph node */
export const spaced = word => (word || '').replaceAll('_', ' ');
export const capital = text => text ? text[0].toUpperCase() + text.slice(1) : text;
