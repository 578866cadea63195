// SPDX-License-Identifier: Apache-2.0
// What the timeline draws: from the server's timeline and the assessment of the day, everything up to that day, in order.
import { spaced } from '../words.js';

const dated = list => (list || []).filter(x => x && x.day !== null && x.day !== undefined);
const byDay = (a, b) => a.day - b.day;

/** Drugs with the same start and stop are one bar: carboplatin + pemetrexed. */
function therapies(list, to) {
  const bars = new Map();
  for (const t of list || []) {
    if (!t.start || t.start.day === null || t.start.day > to) continue;
    const ended = t.stop && t.stop.day !== null && t.stop.day <= to ? t.stop.day : null;
    const local = t.intent === 'radiotherapy' || t.intent === 'surgery';
    const stop = local && ended === null ? t.start.day + 1 : ended; // a procedure is a day, not a course
    const kind = local ? 'local' : t.intent === 'anticancer' || !t.intent ? 'anticancer' : 'support';
    const key = `${kind} ${t.start.day} ${stop}`;
    if (!bars.has(key)) bars.set(key, { kind, from: t.start.day, stop, names: [], reason: t.reason_stopped });
    bars.get(key).names.push(t.drug || spaced(t.class));
  }
  return [...bars.values()].sort((a, b) => a.from - b.from);
}

/** The days in which flare is usual, under the therapy in force when the bone was first in question; without a question, today's. */
function usualWindow(timeline, history, to) {
  const usual = timeline?.usual_window;
  const day = history.find(h => h.p_flare !== null)?.day ?? (Number.isFinite(to) ? to : 0);
  const known = (timeline?.therapies || []).filter(t => (!t.intent || t.intent === 'anticancer') && t.start && t.start.day !== null && t.start.day <= day
    && !(t.stop && t.stop.day !== null && t.stop.day < day));
  const start = known.reduce((x, t) => Math.max(x, t.start.day), -Infinity);
  return usual && Number.isFinite(start) ? { from: start + usual.from_days, to: start + usual.to_days, first: usual.from_days, last: usual.to_days } : null;
}

/** Studies of one day are one mark: CT, bone scan. */
const MODALITY = { ct: 'CT', mri: 'MRI', xray: 'X-ray', bone_scan: 'bone scan', fdg_pet: 'FDG-PET', psma_pet: 'PSMA-PET', naf_pet: 'NaF-PET', ultrasound: 'ultrasound', clinical: 'clinical' };
export const modality = word => MODALITY[word] || spaced(word);
function studies(list, to) {
  const days = new Map();
  for (const s of dated(list)) {
    if (s.day > to) continue;
    if (!days.has(s.day)) days.set(s.day, { day: s.day, date: s.date, what: [] });
    if (s.modality && !days.get(s.day).what.includes(modality(s.modality))) days.get(s.day).what.push(modality(s.modality));
  }
  return [...days.values()].sort(byDay);
}

function events(list, to) {
  const days = new Map();
  for (const e of dated(list)) {
    if (e.day > to) continue;
    if (!days.has(e.day)) days.set(e.day, { day: e.day, date: e.date, texts: [] });
    const text = spaced(e.text);
    if (!days.get(e.day).texts.includes(text)) days.get(e.day).texts.push(text);
  }
  return [...days.values()].sort(byDay);
}

/** The markers worth a line: with multiples of a limit; ALP first, then the patient's own, then by how far out of range. */
function series(markers) {
  const weight = m => (m.id === 'ALP' ? 1e6 : 0) + (m.own ? 1e5 : 0) + Math.max(...m.points.map(p => p.x_uln));
  return markers.map(m => ({ id: m.analyte, name: m.name, unit: m.unit, own: m.own, points: m.points.filter(p => p.x_uln !== null && p.day !== null) }))
    .filter(m => m.points.length).sort((a, b) => weight(b) - weight(a)).map((m, look) => ({ ...m, look: look % 8 }));
}

/** @returns the drawing's data, nothing of it later than the day asked for */
export function model(timeline, a) {
  const to = a.as_of.day ?? Infinity;
  const m = {
    day0: timeline?.day0 || null,
    asOf: a.as_of.day,
    therapies: therapies(timeline?.therapies, to),
    studies: studies(timeline?.studies?.length ? timeline.studies : a.visits, to),
    events: events(timeline?.events, to),
    visits: a.visits,
    sums: a.visits.filter(v => v.recist.sum_mm !== null && v.day !== null).map(v => ({ day: v.day, date: v.date, value: v.recist.sum_mm, change: v.recist.change_percent, baseline: v.baseline, overall: v.recist.overall })),
    series: series(a.markers),
    history: a.bone.history.filter(h => h.day !== null),
  };
  m.usual = usualWindow(timeline, m.history, to);
  return m;
}

/** Every day on which something is drawn, in order. */
export function drawnDays(m) {
  const days = new Set([0]);
  for (const list of [m.studies, m.events, m.visits, m.sums, m.history, ...m.series.map(s => s.points)]) for (const x of list) days.add(x.day);
  for (const t of m.therapies) { days.add(t.from); days.add(t.stop); }
  for (const d of [m.asOf, m.usual?.from, m.usual?.to]) days.add(d);
  return [...days].filter(Number.isFinite).sort((a, b) => a - b);
}

/** First and last day of everything, of the whole record, so that the axis stays while the slider moves. */
export function extent(timeline, latest) {
  const days = [0];
  const add = d => d !== null && d !== undefined && Number.isFinite(d) && days.push(d);
  for (const t of timeline?.therapies || []) { add(t.start?.day); add(t.stop?.day); }
  for (const s of timeline?.studies || []) add(s.day);
  for (const e of timeline?.events || []) add(e.day);
  for (const v of latest.visits) add(v.day);
  for (const s of latest.markers) { add(s.points[0]?.day); add(s.points.at(-1)?.day); }
  add(latest.as_of.day);
  const from = days.reduce((x, y) => Math.min(x, y)), last = days.reduce((x, y) => Math.max(x, y));
  const air = Math.max(2, Math.round((last - from) * 0.025));
  return [from - air, Math.max(last, from + 28) + air];
}
