// SPDX-License-Identifier: Apache-2.0
// The server: one function a request. Problems (RFC 9457) become a Problem that says what to do next. A request that did not
// arrive is tried again by the caller that knows whether it may be repeated.

const BASE = 'api/v1';

/** What a screen shows when something failed. `status` 0: no answer at all. */
export class Problem extends Error {
  constructor(status, { title, detail, hint, ...rest } = {}) {
    super(detail || title || `The server answered ${status}.`);
    this.status = status;
    this.title = title || (status === 0 ? 'The server does not answer' : 'That did not work');
    this.hint = hint || hints[status] || 'Try again; if it stays, ask whoever runs this server to look at its log.';
    this.rest = rest;
  }
}

const hints = {
  0: 'Check that boneflare serve is running and that this computer reaches it. What you typed is kept here.',
  401: 'Sign in, and you come back to this place.',
  403: 'Your role does not allow this. An admin can change it under Users.',
  404: 'It may have been removed. Go back to the work list.',
  409: 'Somebody else changed it meanwhile. Look at the newer version, then save again.',
  413: 'Send a smaller file, or split it by patient.',
  429: 'Wait a minute, then try again.',
};

let csrf = '';
const listeners = new Set();
/** Called with the session whenever it changes; null when nobody is signed in. */
export const onSession = f => { listeners.add(f); return () => listeners.delete(f); };
const tell = session => listeners.forEach(f => f(session));

async function problemOf(response) {
  const type = response.headers.get('content-type') || '';
  const body = type.includes('json') ? await response.json().catch(() => ({})) : {};
  return new Problem(response.status, body);
}

async function send(method, path, { body, type, signal } = {}) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  if (type) headers['Content-Type'] = type;
  try {
    return await fetch(`${BASE}/${path}`, { method, headers, body, signal, credentials: 'same-origin' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, { detail: 'No answer came from the server.' });
  }
}

/** A write whose session token is stale (the server was started anew) fetches a new one and is tried once more. */
async function request(method, path, options = {}) {
  let response = await send(method, path, options);
  if (response.status === 403 && method !== 'GET' && !options.again) {
    const before = csrf;
    await session().catch(() => null);
    if (csrf && csrf !== before) return request(method, path, { ...options, again: true });
  }
  if (response.status === 401 && path !== 'session') tell(null);
  if (!response.ok) throw await problemOf(response);
  return response;
}

const parsed = async response => response.status === 204 ? null : response.json();
export const get = (path, signal) => request('GET', path, { signal }).then(parsed);
export const getText = path => request('GET', path).then(r => r.text());
export const write = (method, path, value, signal) => request(method, path,
  { body: value === undefined ? undefined : JSON.stringify(value), type: value === undefined ? undefined : 'application/json', signal }).then(parsed);
export const post = (path, value, signal) => write('POST', path, value, signal);
export const address = path => `${BASE}/${path}`;

/** Who is signed in; throws a Problem 401 when nobody is. */
export async function session() {
  const found = await get('session');
  csrf = found.csrf || '';
  return found;
}

export async function signIn(name, password) {
  await post('session', { name, password });
  const found = await session();
  tell(found);
  return found;
}

export async function setUp(token, name, password) {
  await post('setup', { token, name, password });
  const found = await session().catch(() => null);
  if (found?.user) tell(found);
  return found;
}

export async function signOut() {
  await request('DELETE', 'session').catch(() => null);
  csrf = '';
  tell(null);
}

const query = pairs => {
  const filled = Object.entries(pairs).filter(([, v]) => v !== undefined && v !== null && v !== '');
  return filled.length ? '?' + new URLSearchParams(filled.map(([k, v]) => [k, String(v)])) : '';
};
const patient = key => `patients/${encodeURIComponent(key)}`;

/** What somebody looks for may name a patient: it goes in a body, never in an address that a proxy writes down. */
export const workList = ({ q, ...filter }, signal) => q ? post('search', { q, ...Object.fromEntries(Object.entries(filter).filter(([, v]) => v)) }, signal)
  : get('patients' + query(filter), signal);
export const patientHead = key => get(patient(key));
export const assessment = (key, asOf, signal) => get(`${patient(key)}/assessment${query({ as_of: asOf })}`, signal);
export const explanation = (key, asOf, signal) => get(`${patient(key)}/explanation${query({ as_of: asOf })}`, signal);
export const timeline = key => get(`${patient(key)}/timeline`);
export const record = (key, version) => get(`${patient(key)}/record${query({ version })}`);
export const versions = key => get(`${patient(key)}/versions`);
export const reportAddress = (key, language, format, asOf) =>
  address(`${patient(key)}/report${query({ language, format, as_of: asOf })}`);
export const report = (key, language, format, asOf) =>
  getText(`${patient(key)}/report${query({ language, format, as_of: asOf })}`);
export const reviews = key => get(`${patient(key)}/reviews`);
export const review = (key, value) => post(`${patient(key)}/reviews`, value);
export const addRow = (key, value) => post(`${patient(key)}/rows`, value);
export const checkRow = (table, row, signal) => post('check/row', { table, row }, signal);
/** As a form: the name of a file may name a patient, too. */
export const importFile = file => {
  const form = new FormData();
  form.append('file', file, file.name);
  return request('POST', 'imports', { body: form }).then(parsed);
};
export const job = id => get(`jobs/${encodeURIComponent(id)}`);
export const jobEvents = id => new EventSource(address(`jobs/${encodeURIComponent(id)}/events`));
export const cohort = () => get('cohort');
export const ask = (question, key) => post('ask', { question, patient: key });
export const users = () => get('users');
export const addUser = value => post('users', value);
export const changeUser = (name, value) => write('PATCH', `users/${encodeURIComponent(name)}`, value);
export const audit = after => get('audit' + query({ after }));
export const auditVerify = () => get('audit/verify');
