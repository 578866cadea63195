# SPDX-License-Identifier: Apache-2.0
"""PCWG3 written down once more: two new bone lesions, and two more when the first scan fell into the flare window."""
from timeline import visits


class Bone:
    def __init__(self, patient):
        self.visits = visits(patient.rows)
        self.rows = [r for r in patient.rows if r.organ == 'bone']
        self.modality = next((m for m in ('bone_scan', 'ct') if self.scans(m)), '')
        self.lesions = sorted({r.id for r in patient.rows
                               if next((x.organ for x in patient.rows if x.id == r.id and x.organ), '') == 'bone'})

    def scans(self, modality):
        """Visits after the baseline that studied bone this way."""
        return [i for i in range(1, len(self.visits))
                if any(r.modality == modality and r.state != 'not_evaluable' and self.visits[i].has(r) for r in self.rows)]

    def counts(self, id, until):
        """Numbers of lesions that this row stood for, visit after visit; visits that say nothing are left out."""
        result = []
        for i in range(until + 1):
            here = [r for r in self.rows if r.id == id and r.modality == self.modality and
                    (self.visits[i].has(r) or (i == 0 and r.day <= self.visits[0].last))]
            here = [r for r in here if r.present or r.absent]
            if here:
                result.append(max([max(1, r.count or 1) for r in here if r.present], default=0))
        return result

    def judged(self, id, until):
        """Called new by a scan, or followed with a stated number from the baseline on."""
        for r in self.rows:
            if r.id == id and r.modality == self.modality and r.present and r.day <= self.visits[until].last:
                if r.day <= self.visits[0].last:
                    if r.count is not None:
                        return True
                elif r.role == 'new':
                    return True
        return False

    def new(self, at, reference):
        total = 0
        for id in self.lesions:
            now, before = self.counts(id, at), self.counts(id, reference)
            if now and self.judged(id, at):
                total += max(0, now[-1] - max(before, default=0))
        return total

    def seen(self, at):
        return any(c and c[-1] > 0 for c in (self.counts(id, at) for id in self.lesions))

    def read(self):
        if not self.modality:
            return ['-'] * len(self.visits)
        scans = self.scans(self.modality)
        words = ['-'] + ['NE'] * (len(self.visits) - 1)
        day = [v.last for v in self.visits]
        flare_window = day[scans[0]] <= 84
        reference = scans[0] if flare_window else 0
        i = 0
        while i < len(scans):
            scan = scans[i]
            is_first = flare_window and i == 0
            if self.new(scan, 0 if is_first else reference) < 2:
                words[scan] = 'non-PD'
                i += 1
                continue
            later = [k for k in range(i + 1, len(scans)) if day[scans[k]] - day[scan] >= 42]
            if not later:
                for s in scans[i:]:
                    words[s] = 'PDu'
                break
            confirmed = self.new(scans[later[0]], scan if is_first else reference) >= 2
            if confirmed:
                for s in scans[i:]:
                    words[s] = 'PD'
                break
            for s in scans[i:later[0]]:
                words[s] = 'non-PD'
            i = later[0]
        return words


def together(bone, bone_seen, soft):
    if 'PD' in (bone, soft):
        return 'PD'
    if bone == '-':
        return soft
    if bone in ('PDu', 'NE'):
        return bone
    if soft == '-':
        return bone
    return 'PR' if soft == 'CR' and bone_seen else soft


def assess(patient, soft):
    b = Bone(patient)
    bone = b.read()
    both = ['-'] + [together(bone[i], b.seen(i), soft[i]) for i in range(1, len(bone))] if b.modality else bone
    return bone, both
