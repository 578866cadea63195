# SPDX-License-Identifier: Apache-2.0
"""MDA bone criteria (Hamaoka 2004) written down once more: progression first, then the flare clause, response, stability."""
from timeline import had_shown, visits


def sign(rows, r, baseline):
    """What one row shows: (sign, new or old sclerosis, unchanged)."""
    if r.state in ('not_evaluable', 'equivocal'):
        return 'unseen', False, False
    if r.absent:
        return ('gone' if had_shown(rows, r) else 'unseen'), False, False
    if r.changes & {'lytic_growth', 'soft_tissue_mass'}:
        return 'worse', False, False
    earlier = [x.soft for x in rows if x.day < r.day and x.soft is not None]
    if r.soft is not None and earlier:
        if r.soft > min(earlier) and (r.soft - min(earlier)) * 100 >= 25 * min(earlier):
            return 'worse', False, False
        if r.soft < earlier[0] and (earlier[0] - r.soft) * 100 >= 50 * earlier[0]:
            return 'better', False, False
    before = [x for x in rows if x.day <= baseline.last]
    is_new = r.role == 'new' or (not r.role and any(x.absent for x in before) and not any(x.present for x in before))
    return sign_of_new(r) if is_new else sign_of_known(rows, r)


def sign_of_new(r):
    if r.matrix in ('lytic', 'mixed') and not r.sclerosing:
        return 'worse', False, False
    if r.soft:
        return 'worse', False, False
    sclerosis = r.matrix == 'blastic' or r.sclerosing
    if not sclerosis and not r.functional:
        return 'worse', False, False
    return 'flare_like', sclerosis, r.changes == {'stable'}


def sign_of_known(rows, r):
    was = next((x.matrix for x in rows if x.matrix), '')
    if r.sclerosing:
        return ('better' if was != 'blastic' and r.state != 'progressed' else 'flare_like'), True, False
    if r.state == 'progressed' or r.changes & {'larger', 'more_numerous'}:
        forms_bone = was in ('blastic', 'mixed') or any(x.sclerosing for x in rows if x.day < r.day)
        return ('flare_like' if forms_bone or r.functional else 'worse'), forms_bone, False
    if r.changes & {'smaller', 'uptake_down'}:
        return 'better', False, False
    if 'uptake_up' in r.changes:
        return 'flare_like', False, False
    return 'same', False, False


ORDER = ['unseen', 'gone', 'same', 'flare_like', 'better', 'worse']


def words_respond(patient, visit):
    others = [r for r in patient.rows if visit.has(r) and r.organ != 'bone']
    worse = any(not r.absent and (r.state == 'progressed' or r.role == 'new' or r.changes & {'larger', 'more_numerous'})
                for r in others)
    return not worse and any('smaller' in r.changes for r in others)


def assess(patient, elsewhere):
    """Response at each visit; `elsewhere` is the response outside bone."""
    all_visits = visits(patient.rows)
    result = []
    for i, visit in enumerate(all_visits):
        result.append('-' if i == 0 else judge(patient, all_visits[0], visit, elsewhere[i]))
    return result


def judge(patient, baseline, visit, elsewhere):
    signs = []
    for id in sorted({r.id for r in patient.rows}):
        rows = [r for r in patient.rows if r.id == id]
        organ = next((r.organ for r in rows if r.organ), '')
        if organ != 'bone' or not any(r.present for r in rows if r.day <= visit.last):
            continue
        strongest = ('unseen', False, False)
        for r in rows:
            if visit.has(r):
                s = sign(rows, r, baseline)
                if ORDER.index(s[0]) > ORDER.index(strongest[0]):
                    strongest = s
        signs.append(strongest)
    kinds = [s[0] for s in signs]
    if not signs:
        return '-'
    if 'worse' in kinds:
        return 'PD'
    if 'flare_like' in kinds:
        if elsewhere == 'PD':
            return 'PD'
        if 'better' in kinds:
            return 'PR'
        if elsewhere in ('CR', 'PR') or (elsewhere != 'SD' and words_respond(patient, visit)):
            return 'PR' if any(s[1] for s in signs if s[0] == 'flare_like') else 'SD'
        return 'SD' if all(s[2] for s in signs if s[0] == 'flare_like') else 'NE'
    if 'better' in kinds:
        return 'PR'
    if all(k == 'gone' for k in kinds):
        return 'CR'
    if 'same' in kinds:
        return 'PR' if 'gone' in kinds else 'SD'
    return 'NE'
