# SPDX-License-Identifier: Apache-2.0
"""PERCIST 1.0 written down once more: the hottest lesion on FDG-PET now against the hottest at baseline."""
from fractions import Fraction

from timeline import visits


def glowing(rows):
    return [r for r in rows if r.present and r.uptake != 'none']


def hottest(rows):
    return max((r.suv for r in glowing(rows) if r.suv is not None), default=None)


def assess(patient):
    when = visits(patient.rows)
    pet = [[r for r in patient.rows if r.modality == 'fdg_pet' and r.state != 'not_evaluable' and v.has(r)] for v in when]
    if not when or hottest(pet[0]) is None or not any(pet[1:]):
        return ['-'] * len(when)
    baseline = hottest(pet[0])
    words = ['-']
    for rows in pet[1:]:
        now = hottest(rows)
        looked_at = {r.id for r in rows if r.state != 'equivocal'}
        if any(r.role == 'new' for r in glowing(rows)):
            words.append('PMD')
        elif rows and not glowing(rows) and {r.id for r in glowing(pet[0])} <= looked_at:
            words.append('CMR')
        elif now is None:
            words.append('NE')
        elif baseline - now >= Fraction('0.8') and (baseline - now) * 100 >= 30 * baseline:
            words.append('PMR')
        elif now - baseline >= Fraction('0.8') and (now - baseline) * 100 >= 30 * baseline:
            words.append('PMD')
        else:
            words.append('SMD')
    return words
