#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The endpoints a second time, literal and slow: endpoints.py DRIVER COUNT SEED. Prints TAP.

Seeded random courses (responses, therapies, death, last contact) run through the library and through the functions below under the
default policies, under every single choice of every policy, and under random sets of policies.
"""
import itertools
import random
import subprocess
import sys

DEFAULT = {
    'stable_minimum_days': 42, 'confirmation_minimum_days': 28, 'confirmation_maximum_days': 'none', 'confirmation_ne': 'any',
    'confirmation_sd': 'no', 'cr_then_pr': 'pd', 'pr_cr_pr': 'follow', 'sticky_pr': 'no', 'pdu_last': 'pd',
    'early_scan': 'as_read', 'early_scan_days': 42, 'visit_interval_days': 'none', 'visit_window_days': 7,
    'missing_visits': 'ignore', 'missed_progression': 'censor', 'missed_limit': 2, 'new_therapy': 'censor',
    'new_therapy_local': 'ignore', 'response_basis': 'confirmed', 'clinical_benefit_days': 168, 'duration': 'inclusive'}
VALUES = {
    'stable_minimum_days': [0, 28, 49, 84], 'confirmation_minimum_days': [0, 14, 27, 42, 56],
    'confirmation_maximum_days': [28, 42, 84, 'none'], 'confirmation_ne': [0, 1, 2, 'any'], 'confirmation_sd': ['no', 'yes'],
    'cr_then_pr': ['pd', 'pr', 'recorded'], 'pr_cr_pr': ['follow', 'pr'], 'sticky_pr': ['no', 'yes'],
    'pdu_last': ['pd', 'ne'], 'early_scan': ['as_read', 'keep_pd', 'ne'], 'early_scan_days': [0, 21, 30, 84],
    'visit_interval_days': [21, 42, 56, 'none'], 'visit_window_days': [0, 3, 14], 'missing_visits': ['ignore', 'ne'],
    'missed_progression': ['censor', 'event'], 'missed_limit': [0, 1, 3], 'new_therapy': ['censor', 'event', 'ignore'],
    'new_therapy_local': ['ignore', 'count'], 'response_basis': ['confirmed', 'unconfirmed'],
    'clinical_benefit_days': [56, 112, 250], 'duration': ['inclusive', 'elapsed']}
# A switch that does nothing unless another one is on.
NEEDS = {'early_scan_days': {'early_scan': 'ne'}, 'visit_window_days': {'visit_interval_days': 42, 'missing_visits': 'ne'},
         'missing_visits': {'visit_interval_days': 42, 'confirmation_ne': 0}, 'missed_progression': {'visit_interval_days': 21},
         'missed_limit': {'visit_interval_days': 42}, 'confirmation_ne': {'visit_interval_days': 42, 'missing_visits': 'ne'}}
GOOD = ('CR', 'PR', 'SD', 'non-CR/non-PD')
STABLE = ('SD', 'non-CR/non-PD')
NOTHING = ('NE', '-')


class Course:
    def __init__(self, policies, death, last, therapies, visits):
        self.p, self.last = {**DEFAULT, **policies}, last
        self.stated_death = death
        self.death = death if death is not None and death >= 0 else None
        self.therapies = therapies
        self.start = max(0, visits[0][0]) if visits else 0
        self.new = self.new_therapy()
        self.read(visits[1:])

    # "New therapy is an anticancer drug that starts after the treatment under study began and was not part of it."
    def new_therapy(self):
        if self.p['new_therapy'] == 'ignore':
            return None
        drugs = [t for t in self.therapies if t[2] == 'anticancer']
        under_study = [max(0, t[0]) for t in drugs if not (t[0] < 0 and t[3] is not None and t[3] < 0)]
        if not under_study:
            return None
        began = min(under_study)
        local = ('radiotherapy', 'surgery') if self.p['new_therapy_local'] == 'count' else ()
        counted = [t for t in self.therapies if t[2] == 'anticancer' or t[2] in local]
        part = {(t[1], t[2]) for t in counted if t[0] <= began and not (t[3] is not None and t[3] < 0)}
        later = [t[0] for t in counted if t[0] > began and (t[1], t[2]) not in part]
        return min(later) if later else None

    def read(self, visits):
        p = self.p
        visits = [v for v in visits if self.new is None or v[0] <= self.new]
        if p['missing_visits'] == 'ne' and p['visit_interval_days'] != 'none':
            before, whole = self.start, []
            for day, response in visits:
                k = 1
                while day - before > k * p['visit_interval_days'] + p['visit_window_days']:
                    whole.append((before + k * p['visit_interval_days'], 'NE'))
                    k += 1
                whole.append((day, response))
                before = day
            visits = whole
        days, words = [v[0] for v in visits], [v[1] for v in visits]
        words = self.early(days, words)
        words = self.unconfirmed(words)
        if p['pr_cr_pr'] == 'pr':
            words = [('PR' if w == 'CR' and self.said(words[:i][::-1], 'CR') == 'PR' and self.said(words[i + 1:], 'CR') == 'PR'
                      else w) for i, w in enumerate(words)]
        if p['cr_then_pr'] == 'pr':
            words = ['PR' if w == 'CR' and self.said(words[i + 1:], 'CR') == 'PR' else w for i, w in enumerate(words)]
        if p['sticky_pr'] == 'yes':
            words = ['PR' if w == 'SD' and 'PR' in words[:i] and 'PD' not in words[:i] else w for i, w in enumerate(words)]
        self.progression = None
        for i, w in enumerate(words):
            again = p['cr_then_pr'] != 'recorded' and 'CR' in words[:i] and (w == 'PR' or w in STABLE)
            if w == 'PD' or again:
                self.progression = days[i]
                words, days = words[:i], days[:i]
                break
        self.course = list(zip(days, words))

    @staticmethod
    def said(words, skip):
        """The first word that says something and is not `skip`."""
        return next((w for w in words if w not in NOTHING and w != skip), None)

    def early(self, days, words):
        if self.p['early_scan'] == 'as_read':
            return words
        kept = ('PD', 'PDu', *NOTHING) if self.p['early_scan'] == 'keep_pd' else NOTHING
        return ['NE' if d - self.start < self.p['early_scan_days'] and w not in kept else w for d, w in zip(days, words)]

    def unconfirmed(self, words):
        out = []
        for i, w in enumerate(words):
            if w == 'PDu':
                later = self.said(words[i + 1:], 'PDu')
                w = {None: 'PD' if self.p['pdu_last'] == 'pd' else 'NE', 'PD': 'PD'}.get(later, 'NE')
            out.append(w)
        return out

    # Table 3 of RECIST 1.1.
    def confirmed(self, i):
        p, (day, response) = self.p, self.course[i]
        accepted = {'CR': ('CR',), 'PR': ('PR', 'CR')}[response]
        for j in range(i + 1, len(self.course)):
            later, word = self.course[j]
            between = [w for _, w in self.course[i + 1:j]]
            bad = [w for w in between if w not in accepted and w not in NOTHING]
            if response == 'PR' and p['confirmation_sd'] == 'yes':
                bad = [w for w in bad if w != 'SD']
            blind = sum(w in NOTHING for w in between)
            if (word in accepted and later - day >= p['confirmation_minimum_days'] and not bad
                    and (p['confirmation_maximum_days'] == 'none' or later - day <= p['confirmation_maximum_days'])
                    and (p['confirmation_ne'] == 'any' or blind <= p['confirmation_ne'])):
                return True
        return False

    def best(self, confirm):
        """(response, day)"""
        for wanted in ('CR', 'PR'):
            for i, (day, w) in enumerate(self.course):
                if w == wanted and (not confirm or self.confirmed(i)):
                    return wanted, day
        late = [(d, w) for d, w in self.course if d - self.start >= self.p['stable_minimum_days'] and w in GOOD]
        for d, w in late:
            if w != 'non-CR/non-PD':
                return 'SD', d
        if late:
            return 'non-CR/non-PD', late[0][0]
        if self.progression is not None:
            return 'PD', self.progression
        return next((('NE', d) for d, w in self.course if w != '-'), (None, None))

    # Times.
    def ending(self, death_counts):
        """(state, day, cause)"""
        p = self.p
        good = [d for d, w in self.course if w in GOOD]
        last = good[-1] if good else 0
        events = [(self.progression, 0, 'progression')] if self.progression is not None else []
        if death_counts and self.death is not None:
            events.append((self.death, 1, 'death'))
        first = min(events) if events else None
        if self.new is not None and (first is None or self.new < first[0]):
            if p['new_therapy'] == 'event':
                return 'event', self.new, 'new therapy'
            return 'censored', last, 'new therapy' if good else 'no assessment'
        if first is None:
            return 'censored', last, 'last assessment' if good else 'no assessment'
        if p['visit_interval_days'] != 'none' and p['missed_progression'] == 'censor':
            if first[0] > last + p['missed_limit'] * p['visit_interval_days'] + p['visit_window_days']:
                return 'censored', last, 'missed assessments' if good else 'no assessment'
        return 'event', first[0], first[2]

    def time(self, start, ending):
        state, day, cause = ending
        return state, str(day - start + (self.p['duration'] == 'inclusive')), start, day, cause

    def endpoints(self):
        none = ('not derived', '', 0, -1)
        out = {}
        for id, confirm in (('bor', False), ('cbor', True)):
            response, day = self.best(confirm)
            out[id] = (*none, 'no assessment') if response is None else ('value', response, 0, day, '')
        confirm = self.p['response_basis'] == 'confirmed'
        best = self.best(confirm)[0]
        responded, stable = best in ('CR', 'PR'), best in STABLE
        lasting = any(d - self.start >= self.p['clinical_benefit_days'] for d, w in self.course if w in GOOD)
        for id, yes in (('or', responded), ('cb', responded or (stable and lasting)), ('dc', responded or stable)):
            out[id] = (*none, 'no assessment') if best is None else ('value', 'Y' if yes else 'N', 0, -1, '')
        out['dor'] = out['ttr'] = (*none, 'no response')
        if responded:
            first = next(d for i, (d, w) in enumerate(self.course) if w in ('CR', 'PR') and (not confirm or self.confirmed(i)))
            out['dor'] = self.time(first, self.ending(True))
            out['ttr'] = self.time(0, ('event', first, 'response'))
        out['dsd'] = self.time(0, self.ending(True)) if stable else (*none, 'best response is not stable disease')
        out['pfs'] = self.time(0, self.ending(True))
        out['ttp'] = self.time(0, self.ending(False))
        if self.death is not None:
            out['os'] = self.time(0, ('event', self.death, 'death'))
        elif self.last < 0:
            out['os'] = (*none, 'no contact after the start')
        elif self.stated_death is not None:
            out['os'] = (*none, 'death without a usable day')
        else:
            out['os'] = self.time(0, ('censored', self.last, 'last contact'))
        return out


ORDER = ('bor', 'cbor', 'or', 'cb', 'dc', 'dor', 'dsd', 'ttr', 'pfs', 'ttp', 'os')


def random_course(r):
    """(death, last contact, therapies, visits)"""
    visits, day = [(r.choice([-20, -3, 0, 0, 5]), '-')], 0
    mood = r.choice([['PR', 'CR', 'PR', 'SD', 'NE'], ['SD', 'PR', 'NE', 'PDu', 'non-CR/non-PD'], ['CR', 'CR', 'PR', 'NE', 'SD'],
                     ['PR', 'PR', 'SD', 'PDu', 'PD'], ['NE', '-', 'SD', 'PR', 'CR', 'PD', 'PDu', 'non-CR/non-PD']])
    for _ in range(r.choice([0, 1, 2, 3, 4, 5, 6, 8])):
        day += r.choice([7, 14, 21, 27, 28, 29, 41, 42, 43, 49, 50, 56, 84, 91, 92, 134, 168])
        visits.append((max(day, 6), r.choice(mood) if r.random() < 0.85 else r.choice(['PD', 'NE', 'PDu'])))
    # A course stays in order when the first visits fall on the same day.
    visits = [v for i, v in enumerate(visits) if i == 0 or v[0] > visits[i - 1][0]]
    death = r.choice([None, None, None, day + r.choice([0, 10, 60, 100, 300]), r.randint(0, day + 1), -4])
    therapies = [(0, 'a', 'anticancer', None)]
    for _ in range(r.choice([0, 0, 1, 2, 3])):
        start = r.choice([-90, -90, 0, r.randint(1, day + 40)])
        stop = r.choice([None, start + 30])
        therapies.append((start, r.choice('abc'), r.choice(['anticancer', 'anticancer', 'radiotherapy', 'surgery', 'bone_agent']),
                          stop))
    if r.random() < 0.05:
        therapies = therapies[1:]
    return death, r.choice([day, day + 30, -2]), sorted(therapies, key=lambda t: t[0]), visits


def line(policies, course):
    death, last, therapies, visits = course
    return '|'.join((' '.join(f'{k}={v}' for k, v in policies.items()), '' if death is None else str(death), str(last),
                     ';'.join(' '.join(str(x) for x in (t if t[3] is not None else t[:3])) for t in therapies),
                     ';'.join(f'{d} {w}' for d, w in visits)))


def run(driver, jobs):
    text = ''.join(line(*job) + '\n' for job in jobs)
    out = subprocess.run([driver], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    return [{f[0]: (f[1], f[2], int(f[3]), int(f[4]), f[5]) for f in (e.split(':') for e in o.split('|'))} for o in out]


def compare(driver, jobs):
    """How many differ; prints the first."""
    bad = 0
    said = run(driver, jobs)
    for job, found in itertools.zip_longest(jobs, said):
        expected = Course(job[0], *job[1]).endpoints()
        wrong = [id for id in ORDER if expected[id] != (found or {}).get(id)]
        if wrong and not bad:
            print(f'# {line(*job)}\n' + ''.join(f'#   {id}: oracle {expected[id]}, library {(found or {}).get(id)}\n' for id in wrong),
                  end='')
        bad += bool(wrong)
    return bad, said


def main(driver, count, seed):
    r = random.Random(int(seed))
    courses = [random_course(r) for _ in range(int(count))]
    sets = [('defaults', [({}, c) for c in courses])]
    for name, values in VALUES.items():
        for value in values:
            sets.append((f'{name}={value}', [({**NEEDS.get(name, {}), name: value}, c) for c in courses]))
    mixed = [({k: r.choice(v) for k, v in VALUES.items() if r.random() < 0.5}, c) for c in courses for _ in range(5)]
    sets.append(('random sets of policies', mixed))
    failed, results = 0, {}
    print(f'1..{len(sets) + len(VALUES) + 1}')
    for n, (name, jobs) in enumerate(sets, 1):
        bad, results[name] = compare(driver, jobs)
        failed += bool(bad)
        print(f"{'not ' if bad else ''}ok {n} - {name}: {len(jobs) - bad} of {len(jobs)} random courses agree")
    # A switch that changes nothing would agree with everything.
    for n, (name, values) in enumerate(VALUES.items(), len(sets) + 1):
        dead = [f'{a}, {b}' for a, b in itertools.pairwise(values) if results[f'{name}={a}'] == results[f'{name}={b}']]
        failed += bool(dead)
        print(f"{'not ' if dead else ''}ok {n} - every value of {name} changes something" + (f': not {dead}' if dead else ''))
    kinds = {(id, *e[:1], e[4]) for said in results['random sets of policies'] for id, e in said.items()}
    kinds |= {(id, e[1]) for said in results['random sets of policies'] for id, e in said.items() if id in ('bor', 'cbor')}
    wanted = {(b, w) for b in ('bor', 'cbor') for w in ('CR', 'PR', 'SD', 'non-CR/non-PD', 'PD', 'NE')}
    wanted |= {(id, 'event', c) for id in ('dor', 'dsd', 'pfs') for c in ('progression', 'death', 'new therapy')}
    wanted |= {(id, 'censored', c) for id in ('dor', 'dsd', 'pfs', 'ttp') for c in ('last assessment', 'missed assessments', 'new therapy')}
    wanted |= {('os', 'event', 'death'), ('os', 'censored', 'last contact'), ('os', 'not derived', 'death without a usable day')}
    rare = sorted(map(str, wanted - kinds))
    print(f"{'not ' if rare else ''}ok {len(sets) + len(VALUES) + 1} - every ending is reached" + (f': not {rare}' if rare else ''))
    return 1 if failed or rare else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
