# SPDX-License-Identifier: Apache-2.0
"""RECIST 1.1 written down once more, in the order of the sections of Eisenhauer 2009. Slow, literal, exact (fractions)."""
from fractions import Fraction

from timeline import DESTROYING, SEES_MARROW, WINDOW, had_shown, visits

LITERAL, NOTE, SOFT = 'literal', 'note', 'soft'


class Lesion:
    def __init__(self, rows, baseline):
        self.rows = rows
        self.id = rows[0].id
        self.organ = next((r.organ for r in rows if r.organ), '')
        self.site = next((r.site for r in rows if r.site), '')
        self.before = [r for r in rows if r.day <= baseline.last]
        self.after = [r for r in rows if r.day > baseline.last]
        self.seen = any(r.present or (r.role and not r.absent) for r in self.before)
        self.anatomy = any(r.present and not r.functional for r in self.before)
        self.target = self.nontarget = False
        self.baseline_mm = self.method = None

    def at(self, visit):
        return [r for r in self.rows if visit.has(r)]

    def mm(self, row):
        return {'lymph_node': row.short, 'bone': row.soft}.get(self.organ, row.longest)

    def same_place(self, other):
        return bool(other.site) and other.site == self.site


class Recist:
    def __init__(self, patient):
        self.patient = patient
        self.visits = visits(patient.rows)
        self.lesions = []
        if self.visits:
            for id in sorted({r.id for r in patient.rows}):
                self.lesions.append(Lesion([r for r in patient.rows if r.id == id], self.visits[0]))
            self.documentation_at_baseline()
            self.find_new_lesions()

    # ---- 3.1 Measurability of tumour at baseline ----

    def size(self, lesion, rows, method):
        """(kind, mm, row) of the row that speaks for the lesion at a visit."""
        best = None
        for row in rows:
            mm = lesion.mm(row)
            kind = 'missing'
            if row.state == 'not_evaluable':
                pass
            elif row.absent:
                if not row.functional and not mm:
                    kind, mm = 'gone', Fraction(0)
            elif mm is not None:
                kind = 'gone' if mm == 0 else 'given'
            elif row.state == 'too_small':
                kind, mm = 'small', Fraction(5)
            merit = (kind != 'missing', not row.functional, row.modality == method)
            if best is None or merit >= best[0]:
                best = (merit, kind, mm if kind != 'missing' else Fraction(0), row)
        return best[1:] if best else ('missing', Fraction(0), None)

    def measurable(self, lesion, kind, mm, row):
        if kind != 'given' or row.modality in ('bone_scan', 'ultrasound', 'fdg_pet', 'psma_pet', 'naf_pet'):
            return False
        if lesion.organ == 'bone':
            if row.matrix not in ('lytic', 'mixed') or row.modality == 'xray':
                return False
            least = Fraction(10)
        elif lesion.organ == 'lymph_node':
            least = Fraction(15)
        else:
            least = Fraction(20 if row.modality == 'xray' else 10)
        if row.slice is not None and row.slice > 5:
            least = max(least, 2 * row.slice)
        return mm >= least

    # ---- 4.1, 4.2 Baseline documentation of target and non-target lesions ----

    def documentation_at_baseline(self):
        baseline = self.visits[0]
        self.any_measurable = False
        for l in self.lesions:
            role = ''
            for r in l.before:
                if r.role:
                    role = 'non_target' if r.role == 'new' else r.role
            if not role:
                role = next((r.role for r in l.after if r.role), '')
            if l.seen:
                names = l.organ != 'bone' or any(r.matrix for r in l.before)
                l.target = role == 'target'
                l.nontarget = not l.target and (bool(role) or names)
            elif not l.before and role != 'new':
                l.target = role == 'target'
                l.nontarget = role == 'non_target' or (not role and bool(l.rows[0].changes))
            rows = l.at(baseline)
            kind, mm, row = self.size(l, rows, 'ct')
            measurable = bool(rows) and self.measurable(l, kind, mm, row)
            if l.target or l.nontarget:
                self.any_measurable |= measurable
                if rows and l.organ == 'lymph_node' and kind == 'given' and mm < 10:
                    l.target = l.nontarget = False
            if l.target:
                if measurable:
                    l.baseline_mm, l.method = mm, row.modality
                elif rows and (kind != 'missing' or l.organ == 'bone'):
                    l.target, l.nontarget = False, True
        targets = [l for l in self.lesions if l.target]
        self.in_words = bool(targets) and all(l.baseline_mm is None for l in targets)
        if self.in_words:
            return
        for l in targets:
            if l.baseline_mm is None:
                l.target, l.nontarget = False, True
        kept = []
        for l in sorted((l for l in self.lesions if l.target), key=lambda l: (-l.baseline_mm, l.id)):
            def organ(x):
                return (x.organ, x.site if x.organ in ('', 'other') else '')
            if len(kept) == 5 or sum(organ(k) == organ(l) for k in kept) == 2:
                l.target, l.nontarget = False, True
            else:
                kept.append(l)

    def looked_at(self, lens):
        return [l for l in self.lesions if lens != SOFT or l.organ != 'bone']

    # ---- 4.3.1, 4.3.2 Evaluation of target lesions ----

    def target(self, i, lens, nadir):
        """(response, sum, change from baseline, change from nadir)"""
        targets = [l for l in self.looked_at(lens) if l.target]
        if not targets:
            return '-', None, None, None
        visit = self.visits[i]
        sizes = [(l, *self.size(l, l.at(visit), 'ct' if i == 0 else l.method)) for l in targets]
        known = sum((mm for _, kind, mm, _ in sizes if kind != 'missing'), Fraction(0))
        complete = all(kind != 'missing' for _, kind, _, _ in sizes)
        normal = complete and all(kind == 'gone' or (l.organ == 'lymph_node' and mm < 10) for l, kind, mm, _ in sizes)
        total = known if complete and not self.in_words else None
        if i == 0:
            return '-', total, None, None
        if self.in_words and normal:
            return 'CR', None, None, None

        def progressed(mm):
            return nadir is not None and mm - nadir >= 5 and (mm - nadir) * 100 >= 20 * nadir

        if total is None:
            if not self.in_words and progressed(known):
                return 'PD', None, None, None
            return self.stated(i, targets, sizes), None, None, None
        baseline = sum(l.baseline_mm for l in targets)
        if normal:
            response = 'CR'
        elif progressed(total):
            response = 'PD'
        elif (baseline - total) * 100 >= 30 * baseline:
            response = 'PR'
        else:
            response = 'SD'
        percent = lambda base: (total - base) * 100 / base if base else None
        return response, total, percent(baseline), percent(nadir) if nadir is not None else None

    def stated(self, i, targets, sizes):
        """No sum: a response the source states for this visit may stand in when no target has a size."""
        if any(kind in ('given', 'small') for _, kind, _, _ in sizes):
            return 'NE'
        visit = self.visits[i]
        for day, topic, value in self.patient.notes:
            if topic != 'response' or value not in ('CR', 'PR', 'SD', 'PD') or day < visit.first:
                continue
            if day > visit.last and day - visit.first > WINDOW:
                continue
            if i + 1 < len(self.visits) and day >= self.visits[i + 1].first:
                continue
            if value != 'PD':
                return value
            worse = any(r.state == 'progressed' or 'larger' in r.changes for l in targets for r in l.at(visit))
            return 'PD' if worse else 'NE'
        return 'NE'

    # ---- 4.3.3, 4.3.4 Evaluation of non-target lesions ----

    def look(self, lesion, rows):
        order = ['unseen', 'gone', 'there', 'doubtful', 'worse']
        worst = 'unseen'
        for r in rows:
            if r.state == 'not_evaluable':
                state = 'unseen'
            elif r.state == 'progressed':
                state = 'worse'
            elif r.state == 'equivocal':
                state = 'doubtful'
            elif r.absent:
                state = 'gone' if had_shown(lesion.rows, r) else 'unseen'
            elif lesion.organ == 'lymph_node' and r.short is not None and r.short < 10:
                state = 'gone'
            else:
                state = 'there'
            worst = max(worst, state, key=order.index)
        return worst

    def nontarget(self, i, lens):
        states = []
        for l in self.looked_at(lens):
            if not l.nontarget or l.rows[0].day > self.visits[i].last:
                continue
            state = self.look(l, l.at(self.visits[i]))
            if state == 'doubtful':
                later = next((rows for v in self.visits[i + 1:] if (rows := l.at(v))), None)
                if later and self.look(l, later) == 'worse':
                    state = 'worse'
            if state == 'worse' and lens == NOTE and self.may_be_flare(l, l.at(self.visits[i]), False):
                state = 'there'
            states.append(state)
        if not states:
            return '-'
        if 'worse' in states:
            return 'PD'
        if 'unseen' in states:
            return 'NE'
        return 'CR' if all(s == 'gone' for s in states) else 'non-CR/non-PD'

    # ---- 4.3.5 New lesions ----

    def find_new_lesions(self):
        self.newness = {}
        for l in self.lesions:
            called = any(r.role == 'new' for r in l.after)
            unlabelled = (not l.seen and not l.target and not l.nontarget and
                          any(not r.absent and r.state != 'not_evaluable' and (l.organ != 'bone' or r.matrix)
                              for r in l.after))
            if not called and not unlabelled:
                continue
            course = ['none']
            for visit in self.visits[1:]:
                already = course[-1] == 'unequivocal'
                course.append(self.newness_at(l, visit, already))
            self.newness[l.id] = self.dated_back(l, course)

    def newness_at(self, l, visit, already):
        order = ['none', 'equivocal', 'unequivocal']
        spoken = []
        for r in l.at(visit):
            remark = l.organ == 'bone' and not r.matrix and not r.role and not r.absent
            if r.state == 'not_evaluable' or remark:
                continue
            if l.seen and r.role != 'new' and not already:
                continue
            if r.absent:
                spoken.append('none')
            elif r.state == 'equivocal':
                spoken.append('equivocal')
            elif already:
                spoken.append('unequivocal')
            elif l.organ == 'lymph_node' and r.short is not None and r.short < 10:
                spoken.append('none')
            elif r.role != 'new':
                spoken.append('equivocal')
            elif r.modality in ('fdg_pet', 'psma_pet', 'naf_pet'):
                spoken.append(self.pet(l, visit, r.modality))
            else:
                spoken.append('unequivocal')
        if not spoken:
            return 'unequivocal' if already else 'none'
        return max(spoken, key=order.index)

    def pet(self, l, visit, tracer):
        here = [o for o in self.lesions if o is l or o.same_place(l)]
        if any(o.anatomy or any(r.modality == tracer and r.present for r in o.before) for o in here):
            return 'none'
        if tracer == 'fdg_pet' and any(r.modality == 'fdg_pet' for o in self.lesions for r in o.before):
            return 'unequivocal'
        on_ct = any(r.role == 'new' and r.present and not r.functional for o in here for r in o.at(visit))
        return 'unequivocal' if on_ct else 'equivocal'

    def dated_back(self, l, course):
        described = [i for i in range(1, len(course)) if l.at(self.visits[i])]
        for i, following in reversed(list(zip(described, described[1:]))):
            if course[i] == 'equivocal' and course[following] == 'unequivocal':
                for k in range(i, following):
                    course[k] = 'unequivocal'
        return course

    def new(self, i, lens):
        order = ['none', 'equivocal', 'unequivocal']
        worst = 'none'
        for l in self.looked_at(lens):
            state = self.newness.get(l.id, ['none'] * len(self.visits))[i]
            until = [r for r in l.rows if r.day <= self.visits[i].last]
            if state == 'unequivocal' and lens == NOTE and self.may_be_flare(l, until, True):
                continue
            worst = max(worst, state, key=order.index)
        return worst

    def may_be_flare(self, l, rows, is_new):
        """The note: a new bone lesion must not be healing or flare of an existing one."""
        if l.organ != 'bone':
            return False
        for r in rows:
            if r.present or r.state == 'equivocal':
                if r.changes & DESTROYING or (is_new and r.soft) or (r.matrix == 'lytic' and not r.sclerosing):
                    return False
        if is_new:
            negative = False
            bone_before = any(o.organ == 'bone' and o.seen for o in self.lesions)
            for o in self.lesions:
                same = o is l or o.same_place(l)
                whole = 'skeleton' in (o.site, o.id)
                if o.organ != 'bone' or not (same or whole):
                    continue
                for r in o.before:
                    if r.modality in SEES_MARROW:
                        if same and r.present:
                            return True
                        if r.absent:
                            negative = negative or same or not bone_before
            if negative:
                return False
        return any((r.present or r.state == 'equivocal') and
                   ((r.matrix == 'blastic' and 'less_dense' not in r.changes) or r.sclerosing or r.functional or
                    'uptake_up' in r.changes) for r in rows)

    # ---- 4.4, table 1 and table 2 ----

    @staticmethod
    def overall(target, nontarget, new):
        if target == 'PD' or nontarget == 'PD' or new == 'unequivocal':
            return 'PD'
        if target != '-':
            if target == 'CR':
                return 'CR' if nontarget in ('CR', '-') else 'PR'
            return target
        return nontarget

    # ---- 4.5, 4.6 and table 3 ----

    def best(self, seen, confirmed):
        start = max(0, self.visits[0].last)
        times = [v.last for v in self.visits[1:]]
        course, without_targets = [], set()  # table 2 has no SD
        progressed = False
        for day, (target, _, _, r, *_) in zip(times, seen):
            if target == '-':
                without_targets.add(day)
            if r == 'PD' or (any(x == 'CR' for _, x in course) and r in ('PR', 'SD', 'non-CR/non-PD')):
                progressed = True
                break
            course.append((day, r))

        def is_confirmed(i):
            for day, r in course[i + 1:]:
                same = r == course[i][1] or (course[i][1] == 'PR' and r == 'CR')
                if not same and r != 'NE':
                    return False
                if same and day - course[i][0] >= 28:
                    return True
            return False

        for wanted in ('CR', 'PR'):
            if any(r == wanted and (not confirmed or is_confirmed(i)) for i, (_, r) in enumerate(course)):
                return wanted
        late = ['non-CR/non-PD' if r == 'CR' and day in without_targets else r for day, r in course if day - start >= 42]
        if any(r in ('CR', 'PR', 'SD') for r in late):
            return 'SD'
        if 'non-CR/non-PD' in late:
            return 'non-CR/non-PD'
        if progressed:
            return 'PD'
        return 'NE' if any(r != '-' for _, r in course) else '-'

    # ---- the whole course ----

    def read(self, lens):
        result, nadir = [], None
        for i in range(len(self.visits)):
            target, total, change, nadir_change = self.target(i, lens, nadir)
            if i == 0:
                result.append(('-', '-', 'none', '-', total, None, None, None))
            else:
                nontarget, new = self.nontarget(i, lens), self.new(i, lens)
                overall = self.overall(target, nontarget, new)
                if lens == NOTE and overall == '-' and self.new(i, LITERAL) == 'unequivocal':
                    overall = 'NE'
                result.append((target, nontarget, new, overall, total, nadir, change, nadir_change))
            if total is not None and (nadir is None or total < nadir):
                nadir = total
        return result


def assess(patient):
    """(visit days, {lens: course}, measurable, (best literal, confirmed, note, soft))"""
    r = Recist(patient)
    if not r.visits:
        return [], {LITERAL: [], NOTE: [], SOFT: []}, False, ('-', '-', '-', '-')
    courses = {lens: r.read(lens) for lens in (LITERAL, NOTE, SOFT)}
    best = (r.best(courses[LITERAL][1:], False), r.best(courses[LITERAL][1:], True), r.best(courses[NOTE][1:], False),
            r.best(courses[SOFT][1:], False))
    return [v.last for v in r.visits], courses, r.any_measurable, best
