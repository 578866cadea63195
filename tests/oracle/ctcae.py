# SPDX-License-Identifier: Apache-2.0
"""CTCAE v5 grades and liver injury written down once more, term by term."""
from fractions import Fraction as F

USUAL = {'ALT': F(40), 'AST': F(40)}
CA_MG = {'mg/dL': F(1), 'mmol/L': F('4.0078')}


def upper(labs, lab):
    """(limit, assumed): the row's own, that of the same analyte on another day (ALP: only on the same scale), a usual one."""
    if lab.high is not None:
        return lab.high, False
    if lab.analyte != 'ALP':
        other = [x.high for x in labs if x.analyte == lab.analyte and (x.high is not None or x.low is not None)]
        if other and other[0] is not None:
            return other[0], True
    return USUAL.get(lab.analyte), lab.analyte in USUAL


def scale(lab):
    """ALP has two scales; here a printed upper limit of 100 tells one, and a row without a range tells none."""
    return lab.analyte == 'ALP' and lab.high is not None


def baseline(labs, lab):
    before = [x for x in labs if x.analyte == lab.analyte and scale(x) == scale(lab) and x.day <= 0 and not x.sign]
    return before[-1] if before else None


def above(lab, value, at, inclusive=False):
    if lab.sign == '<' or at is None:
        return False
    return value > at or (value == at and (inclusive or lab.sign == '>'))


def below(lab, value, at):
    if lab.sign == '>' or at is None:
        return False
    return value < at or (value == at and lab.sign == '<')


# ULN multiples, baseline multiples, does grade 1 of the second include its beginning?
LIVER = {
    'ALP': ('Alkaline phosphatase increased', ('1', '2.5', '5', '20'), ('2', '2.5', '5', '20'), True),
    'GGT': ('GGT increased', ('1', '2.5', '5', '20'), ('2', '2.5', '5', '20'), True),
    'ALT': ('Alanine aminotransferase increased', ('1', '3', '5', '20'), ('1.5', '3', '5', '20'), True),
    'AST': ('Aspartate aminotransferase increased', ('1', '3', '5', '20'), ('1.5', '3', '5', '20'), True),
    'BIL': ('Blood bilirubin increased', ('1', '1.5', '3', '10'), ('1', '1.5', '3', '10'), False),
}


def highest(passed):
    return max((g for g, reached in enumerate(passed, 1) if reached), default=0)


def grade_liver(labs, lab):
    term, ulns, bases, inclusive = LIVER[lab.analyte]
    limit, _ = upper(labs, lab)
    base = baseline(labs, lab)
    if base is not None:
        base_limit, _ = upper(labs, base)
        if base_limit is not None and base.value > base_limit:
            if lab.day <= 0:
                return None
            grade = highest([above(lab, lab.value, F(k) * base.value, inclusive and k is bases[0]) for k in bases])
            return term, grade, 'baseline'
    if limit is None:
        return None
    return term, highest([above(lab, lab.value, F(k) * limit) for k in ulns]), 'limit'


def grade_calcium(labs, lab):
    """Two terms: high and low. Corrected for the albumin of the day (g/dL)."""
    factor = CA_MG[lab.unit]
    value = lab.value * factor
    albumin = [x for x in labs if x.analyte == 'ALB' and x.day == lab.day]
    if albumin and not albumin[0].sign:
        value += F('0.8') * (4 - albumin[0].value)
    molar = lab.unit == 'mmol/L'
    high = [F(x) * factor for x in (('2.9', '3.1', '3.4') if molar else ('11.5', '12.5', '13.5'))]
    low = [F(x) * factor for x in (('2.0', '1.75', '1.5') if molar else ('8.0', '7.0', '6.0'))]
    other = [x for x in labs if x.analyte == 'CA' and (x.high is not None or x.low is not None)]
    ref = lab if lab.high is not None or lab.low is not None else (other[0] if other else lab)
    uln = ref.high * CA_MG[ref.unit] if ref.high is not None else None
    lln = ref.low * CA_MG[ref.unit] if ref.low is not None else None
    yield 'Hypercalcemia', highest([above(lab, value, x) for x in (uln, *high)]), 'limit'
    yield 'Hypocalcemia', highest([below(lab, value, x) for x in (lln, *low)]), 'limit'


def grades(patient):
    """{(day, analyte, term): (grade, branch)} of at least 1."""
    result = {}
    for lab in patient.labs:
        found = []
        if lab.analyte in LIVER:
            graded = grade_liver(patient.labs, lab)
            found = [graded] if graded else []
        elif lab.analyte == 'CA':
            found = grade_calcium(patient.labs, lab)
        for term, grade, branch in found:
            if grade:
                result[lab.day, lab.analyte, term] = (grade, branch)
    return result


def liver(patient):
    """{day: (pattern, entry, hy)} for every day with an ALT or AST; the nearest bilirubin within two weeks."""
    result = {}
    for day in sorted({x.day for x in patient.labs}):
        today = {x.analyte: x for x in patient.labs if x.day == day}
        if not ('ALT' in today or 'AST' in today):
            continue
        near = [x for x in patient.labs if x.analyte == 'BIL' and abs(x.day - day) <= 14]
        if near and 'BIL' not in today:
            today['BIL'] = min(near, key=lambda x: abs(x.day - day))

        def times(analyte):
            lab = today.get(analyte)
            limit = upper(patient.labs, lab)[0] if lab else None
            return lab.value / limit if lab and limit else None

        def at_least(analyte, k, multiple):
            return multiple is not None and today[analyte].sign != '<' and multiple >= k

        def raised(analyte):
            return times(analyte) is not None and today[analyte].sign != '<' and times(analyte) > 1

        alp, alt, ast, bil = times('ALP'), times('ALT'), times('AST'), times('BIL')
        share = today.get('ALP_3')
        known = share is not None and not share.sign
        liver_alp = alp * (100 - share.value) / 100 if known and alp is not None else alp
        bone = any(r.organ == 'bone' and r.present and r.day <= day for r in patient.rows)
        ggt_known = times('GGT') is not None
        bone_source = raised('ALP') and not known and not raised('GGT') and (ggt_known or bone)
        amino = 'ALT' if 'ALT' in today else 'AST'
        exact = 'ALP' in today and not today[amino].sign and not today['ALP'].sign
        ratio = times(amino) / liver_alp if exact and liver_alp and times(amino) is not None else None
        alp_raised = liver_alp is not None and today['ALP'].sign != '<' and liver_alp > 1
        if not raised(amino) and not alp_raised:
            pattern = 'none'
        elif bone_source or ratio is None:
            pattern = 'unknown'
        else:
            pattern = 'hepatocellular' if ratio >= 5 else 'cholestatic' if ratio <= 2 else 'mixed'
        alp_2 = not bone_source and at_least('ALP', 2, liver_alp)
        entry = (at_least('ALT', 5, alt) or alp_2 or (at_least('ALT', 3, alt) and at_least('BIL', 2, bil)))
        hy = ((at_least('ALT', 3, alt) or at_least('AST', 3, ast)) and at_least('BIL', 2, bil) and not alp_2)
        result[day] = (pattern, entry, hy)
    return result
