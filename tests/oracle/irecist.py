# SPDX-License-Identifier: Apache-2.0
"""iRECIST written down once more from table 2 of Seymour 2017 and the answers of the EORTC. Slow, literal, exact."""
import recist

GROWTH = {'larger', 'more_numerous', 'lytic_growth', 'soft_tissue_mass'}
WORD = {'-': '-', 'CR': 'iCR', 'PR': 'iPR', 'SD': 'iSD', 'non-CR/non-PD': 'non-iCR/non-iUPD', 'NE': 'NE'}


class NewLesion:
    def __init__(self, lesion, appears, measurable, mm, method):
        self.lesion, self.appears, self.measurable, self.mm, self.method = lesion, appears, measurable, mm, method
        self.target = False

    def organ(self):
        return (self.lesion.organ, self.lesion.site if self.lesion.organ in ('', 'other') else '')


class IRecist:
    def __init__(self, patient):
        self.recist = recist.Recist(patient)
        self.visits = self.recist.visits
        self.course = self.recist.read(recist.LITERAL) if self.visits else []
        self.news = []
        if self.visits:
            self.list_new_lesions()

    # ---- new lesions: five in all, two in an organ, are new targets; the others new non-targets ----

    def list_new_lesions(self):
        for lesion in self.recist.lesions:
            course = self.recist.newness.get(lesion.id, [])
            if 'unequivocal' in course:
                appears = course.index('unequivocal')
                rows = lesion.at(self.visits[appears])
                kind, mm, row = self.recist.size(lesion, rows, 'ct')
                measurable = row is not None and self.recist.measurable(lesion, kind, mm, row)
                self.news.append(NewLesion(lesion, appears, measurable, mm, row.modality if measurable else ''))
        for new in sorted(self.news, key=lambda n: (n.appears, -n.mm, n.lesion.id)):
            kept = [n for n in self.news if n.target]
            new.target = new.measurable and len(kept) < 5 and sum(k.organ() == new.organ() for k in kept) < 2

    def new_sum(self, known, at):
        """Sum at one visit of the new targets known at another: (measured part, complete); None without any."""
        targets = [n for n in self.news if n.target and n.appears <= known]
        sizes = [self.recist.size(n.lesion, n.lesion.at(self.visits[at]), n.method) for n in targets]
        if not targets:
            return None
        return sum(mm for kind, mm, _ in sizes if kind != 'missing'), all(kind != 'missing' for kind, _, _ in sizes)

    def new_targets_met(self, i, earlier, enough):
        for r in earlier:
            before = self.new_sum(r, r)
            if before and before[1] and enough(self.new_sum(r, i)[0], before[0]):
                return True
        return False

    # ---- growth ----

    def progressed(self, lesion, i):
        return any(r.state == 'progressed' for r in lesion.at(self.visits[i]))

    def in_words(self, lesion, i, words):
        return any(r.present and r.changes & words for r in lesion.at(self.visits[i]))

    def any_growth(self, lesion, i, since):
        if self.in_words(lesion, i, GROWTH):
            return True
        kind, mm, _ = self.recist.size(lesion, lesion.at(self.visits[i]), 'ct')
        for r in range(since, i):
            before, earlier, _ = self.recist.size(lesion, lesion.at(self.visits[r]), 'ct')
            if kind == before == 'given' and mm > earlier:
                return True
        return self.progressed(lesion, i) and not any(self.progressed(lesion, r) for r in range(since, i))

    def total(self, i):
        return self.course[i][4]

    def grew_further(self, i, first):
        grown = set()
        earlier = range(first, i)
        if self.course[i][0] == 'PD' and self.total(i) is not None:
            if any(self.total(r) is not None and self.total(i) - self.total(r) >= 5 for r in earlier):
                grown.add('target')
        if any(l.nontarget and self.any_growth(l, i, first) for l in self.recist.lesions):
            grown.add('nontarget')
        if (any(n.appears == i for n in self.news) or
                self.new_targets_met(i, earlier, lambda now, before: now - before >= 5) or
                any(not n.target and n.appears < i and self.any_growth(n.lesion, i, max(first, n.appears))
                    for n in self.news)):
            grown.add('new')
        return grown

    def progresses(self, i):
        """Categories that meet progression of RECIST 1.1."""
        parts = set()
        if self.course[i][0] == 'PD':
            parts.add('target')
        if self.course[i][1] == 'PD':
            parts.add('nontarget')
        if (any(n.appears == i for n in self.news) or
                self.new_targets_met(i, range(1, i), lambda now, before: now - before >= 5 and
                                     (now - before) * 100 >= 20 * before) or
                any(not n.target and n.appears < i and self.progressed(n.lesion, i) for n in self.news)):
            parts.add('new')
        return parts

    def still_there(self, i):
        return any(n.appears < i and self.recist.newness[n.lesion.id][i] == 'unequivocal' for n in self.news)

    def smaller(self, i, first):
        before = [self.total(r) for r in range(first, i) if self.total(r) is not None]
        if before and self.total(i) is not None and self.total(i) < before[-1]:
            return True
        complete = [r for r in range(first, i) if (s := self.new_sum(r, r)) and s[1]]
        if complete:
            now = self.new_sum(complete[-1], i)
            if now[1] and now[0] < self.new_sum(complete[-1], complete[-1])[0]:
                return True
        return any(n.appears < i and self.in_words(n.lesion, i, {'smaller'}) and
                   not self.in_words(n.lesion, i, GROWTH) for n in self.news)

    # ---- table 2 ----

    def read(self):
        words = ['-'] if self.visits else []
        first, parts, confirmed = None, set(), False
        for i in range(1, len(self.visits)):
            now = self.progresses(i)
            if confirmed:
                words.append('iCPD')
                continue
            if first is None:
                if now:
                    first, parts = i, now
                    words.append('iUPD')
                else:
                    words.append(self.no_progression(i))
                continue
            grown = (self.grew_further(i, first) & parts) | (now - parts)
            if grown and self.visits[i].last - self.visits[first].last >= 28:
                confirmed = True
                words.append('iCPD')
            elif grown or now:
                words.append('iUPD')
            elif 'new' in parts and self.still_there(i) and not self.smaller(i, first):
                words.append('iUPD')
            else:
                words.append(self.no_progression(i))
                if words[-1] != 'NE':
                    first, parts = None, set()
        return words

    def no_progression(self, i):
        target, nontarget = self.course[i][:2]
        response = recist.Recist.overall(target, nontarget, 'none')
        if response == 'CR' and self.still_there(i):
            response = 'PR' if target != '-' else 'non-CR/non-PD'
        return WORD[response]


def best(words):
    """Table 3: the best before confirmed progression."""
    before = words[:words.index('iCPD') + 1] if 'iCPD' in words else words
    for word in ('iCR', 'iPR', 'iSD', 'non-iCR/non-iUPD', 'iCPD', 'iUPD', 'NE'):
        if word in before:
            return word
    return '-'


def assess(patient):
    words = IRecist(patient).read()
    return words, best(words)
