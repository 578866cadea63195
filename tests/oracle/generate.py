# SPDX-License-Identifier: Apache-2.0
"""Random case folders for the oracles: seeded, and biased towards thresholds and odd combinations."""
import csv
import pathlib
import random

LESION = ['patient', 'date', 'lesion', 'site', 'organ', 'role', 'matrix', 'modality', 'longest_mm', 'short_mm', 'state',
          'change', 'soft_tissue_mm', 'slice_mm', 'count', 'suv_max', 'uptake']
LAB = ['patient', 'date', 'analyte', 'value', 'unit', 'ref_low', 'ref_high']


def plain(value):
    return f'{value:.4f}'.rstrip('0').rstrip('.')


def near(random, value):
    """A threshold, or half a per cent beside it."""
    return value * random.choice([0.995, 1, 1.005])


def size_after(random, before):
    """Mostly at, or a hair beside, the thresholds of 30 % and 20 % and 5 mm."""
    if random.random() < 0.2:
        return before + near(random, 5)
    factor = random.choice([0, 0.3, 0.5, 0.7, 0.7, 0.9, 1, 1, 1.1, 1.2, 1.2, 1.25, 1.5])
    return max(0, before * near(random, factor) if random.random() < 0.7 else random.choice([9.95, 10, 10.05]))


SIZES = [4, 5, 8, 9.95, 10, 10.05, 12, 14.9, 15, 15.1, 18, 19.9, 20, 20, 20.1, 25, 30, 33.3, 40, 50, 50, 60, 80]
ORGANS = ['lung', 'liver', 'lymph_node', 'bone', 'brain', 'adrenal', 'pleura']
CHANGES = ['', '', '', 'larger', 'smaller', 'stable', 'denser', 'sclerosed', 'sclerotic_rim', 'filled_in', 'lytic_growth',
           'soft_tissue_mass', 'uptake_up', 'uptake_down', 'less_dense', 'more_numerous', 'sclerosed;larger',
           'uptake_up;denser']


class Lesion:
    def __init__(self, random, index, plainly):
        self.random = random
        self.plainly = plainly  # measured targets, nothing odd: for the limits on their number and the best response
        self.id = f'L{index}'
        self.organ = random.choice(['lung', 'lung', 'liver', 'lymph_node', 'bone', 'bone', 'bone', 'brain', 'other', ''])
        self.site = random.choice(['s1', 's2', 's3', 'skeleton' if self.organ == 'bone' else 's4', self.id])
        self.role = random.choice(['target', 'target', 'target', 'non_target', 'non_target', 'new', 'new', ''])
        self.matrix = random.choice(['lytic', 'blastic', 'mixed', 'marrow', '', 'soft'] if self.organ == 'bone' else ['soft', ''])
        self.modality = random.choice(['ct', 'ct', 'ct', 'ct', 'mri', 'xray', 'fdg_pet', 'bone_scan', 'ultrasound', 'psma_pet'])
        self.mm = random.choice(SIZES)
        self.sized = random.random() < 0.85
        self.thick = random.choice(['', '', '', '4.97', '5', '5.03', '6', '8'])
        if self.thick and random.random() < 0.5:
            self.mm = near(random, 2 * float(self.thick))
        if plainly:
            self.organ, self.role, self.modality, self.sized = random.choice(ORGANS), 'target', 'ct', True
            self.matrix = 'lytic' if self.organ == 'bone' else 'soft'
            self.mm = random.choice([20, 25, 30, 40, 50])
        self.first = True
        self.late = not plainly and (self.role == 'new' or random.random() < 0.12)

    def plain_row(self, patient, day, follow_up):
        """A number, smaller or larger together with the others, so that responses are common."""
        if follow_up:
            self.mm = max(0, self.mm * near(self.random, self.random.choice([0.7, 0.7, 1, 1, 1.2])))
        column = {'lymph_node': 'short_mm', 'bone': 'soft_tissue_mm'}.get(self.organ, 'longest_mm')
        return {'patient': patient, 'date': f'd{day}', 'lesion': self.id, 'site': self.site, 'organ': self.organ,
                'role': 'target', 'matrix': self.matrix, 'modality': 'ct', 'state': 'measured', 'change': '',
                column: plain(self.mm)}

    def row(self, patient, day, follow_up):
        r = self.random
        if self.plainly:
            return self.plain_row(patient, day, follow_up)
        state = r.choice(['measured'] * 5 + ['present'] * 3 + ['absent', 'too_small', 'not_evaluable', 'equivocal', 'progressed'])
        if not follow_up and r.random() < 0.85:
            state = r.choice(['measured', 'present'])
        modality = self.modality if r.random() < 0.85 else r.choice(['ct', 'fdg_pet', 'mri', 'bone_scan'])
        if follow_up and not self.first:
            self.mm = size_after(r, self.mm)
        self.first = False
        give = self.sized and state not in ('absent', 'not_evaluable', 'equivocal') and r.random() < 0.9
        if self.organ == 'bone' and r.random() < 0.5:
            give = False
        if state == 'measured' and not give:
            state = 'present'
        if state == 'too_small' and r.random() < 0.6:
            give = False
        mm = plain(self.mm) if give else ''
        column = {'lymph_node': 'short_mm', 'bone': 'soft_tissue_mm'}.get(self.organ, 'longest_mm')
        role = self.role if r.random() < 0.9 else r.choice(['', 'non_target'])
        matrix = self.matrix if r.random() < 0.8 else r.choice(['', 'blastic', 'lytic'])
        row = {'patient': patient, 'date': f'd{day}', 'lesion': self.id, 'site': self.site, 'organ': self.organ,
               'role': role, 'matrix': matrix if self.organ == 'bone' else self.matrix, 'modality': modality,
               'state': state, 'change': r.choice(CHANGES) if follow_up else '', 'slice_mm': self.thick}
        row[column] = mm
        return row


def study_days(random):
    """Around the windows: 28 days before, 42 days of stable disease, 28 days to confirmation."""
    days = [random.choice([-3, 0, -20, -1])]
    at = random.choice([41, 42, 43, random.randint(20, 90)])
    for _ in range(random.randint(1, 4)):
        days.append(at)
        at += random.choice([27, 28, 29, random.randint(16, 80)])
    if random.random() < 0.1:
        days[0] = random.choice([3, 5])
    if random.random() < 0.3:
        days.insert(0, days[0] - random.choice([27, 28, 29, 50]) if days[0] <= 0 else -40)
    return days


def lesion_rows(random, patient):
    plainly = random.random() < 0.3
    lesions = [Lesion(random, i, plainly) for i in range(random.randint(1, 8))]
    days = study_days(random)
    rows, used = [], set()
    for at in days:
        for lesion in lesions:
            if (lesion.late and at <= 5) or random.random() < (0.01 if plainly else 0.1):
                continue
            for day in {at, at + random.choice([0, 0, 0, 1, 14, 15])} if random.random() < 0.3 else {at}:
                row = lesion.row(patient, day, at > 5)
                key = (row['lesion'], day)
                if key not in used:
                    used.add(key)
                    rows.append(row)
    random.shuffle(rows)
    return rows, days


# analyte: unit, reference range, multiples of the limit where grades begin, and of the baseline
LABS = {
    'ALP': ('U/L', '40', '100', [1, 2, 2.5, 5, 20]),
    'GGT': ('U/L', '', '50', [1, 2, 2.5, 5, 20]),
    'ALT': ('U/L', '', '40', [1, 1.5, 3, 5, 20]),
    'AST': ('U/L', '', '40', [1, 1.5, 3, 5, 20]),
    'BIL': ('mg/dL', '', '1', [1, 1.5, 2, 3, 10]),
    'ALB': ('g/dL', '3.8', '5', [0.5, 0.6, 0.8, 0.9]),
    'ALP_3': ('%', '', '', [0.1, 0.351, 0.6, 0.9]),
}
CALCIUM = {'mg/dL': ('8.5', '10.5', [8.5, 10.5, 11.5, 12.5, 13.5, 8, 7, 6]),
           'mmol/L': ('2.03', '2.60', [2.03, 2.6, 2.9, 3.1, 3.4, 2.0, 1.75, 1.5])}


def calcium_row(random, patient, day):
    unit = random.choice(list(CALCIUM))
    low, high, values = CALCIUM[unit]
    return {'patient': patient, 'date': f'd{day}', 'analyte': 'CA', 'value': plain(near(random, random.choice(values))),
            'unit': unit, 'ref_low': low, 'ref_high': high}


def lab_rows(random, patient):
    rows, baseline = [], {}
    for day in sorted(random.sample([-5, 0, 14, 29, 56], random.randint(0, 4))):
        for analyte, (unit, low, high, steps) in LABS.items():
            if random.random() < 0.3:
                continue
            base = float(high or 100)
            if day > 0 and random.random() < 0.5:
                base = baseline.get(analyte, base)
            value = near(random, base * random.choice(steps)) if random.random() < 0.9 else base * 0.6
            if analyte in ('ALB', 'ALP_3'):
                value = float(high or 100) * random.choice(steps)
            sign = random.choice([''] * 12 + ['<', '>']) if analyte != 'ALP_3' else ''
            ranged = random.random() < 0.85
            if day <= 0:
                baseline[analyte] = value = min(value, 3 * base)
            rows.append({'patient': patient, 'date': f'd{day}', 'analyte': analyte, 'value': sign + plain(value),
                         'unit': unit, 'ref_low': low if ranged else '', 'ref_high': high if ranged else ''})
        if random.random() < 0.6:
            rows.append(calcium_row(random, patient, day))
    return rows


def write(path, name, header, rows):
    with open(pathlib.Path(path) / name, 'w', newline='', encoding='utf-8') as file:
        writer = csv.DictWriter(file, header, restval='', lineterminator='\n')
        writer.writeheader()
        writer.writerows(rows)


def many_new(random, patient):
    """A stable target and many measured new lesions, of which few change: for the limits on new targets."""
    rows, at = [], 56
    sizes = {f'N{i}': random.choice([20, 25, 30, 40]) for i in range(random.randint(2, 9))}
    organs = {id: random.choice(['lung', 'liver', 'brain', 'adrenal']) for id in sizes}
    days = [-1] + [at + 35 * i for i in range(random.randint(2, 4))]
    for n, day in enumerate(days):
        rows.append({'patient': patient, 'date': f'd{day}', 'lesion': 'A', 'site': 's1', 'organ': 'pleura', 'role': 'target',
                     'matrix': 'soft', 'modality': 'ct', 'state': 'measured', 'longest_mm': '50'})
        for id in sizes if n else ():
            if n > 1 and random.random() < 0.25:
                sizes[id] += random.choice([1, 2, near(random, 5)])
            rows.append({'patient': patient, 'date': f'd{day}', 'lesion': id, 'site': id, 'organ': organs[id],
                         'role': 'new', 'matrix': 'soft', 'modality': 'ct', 'state': 'measured',
                         'longest_mm': plain(sizes[id])})
    return rows


def bone_scans(random, patient):
    """New foci on scans around the flare window of 84 days and the 42 days to confirmation, beside a soft-tissue target."""
    modality = random.choice(['bone_scan', 'bone_scan', 'ct'])
    days = [-1, random.choice([41, 56, 56, 83, 84, 85, 120])]
    while random.random() < 0.85 and len(days) < 6:
        days.append(days[-1] + random.choice([41, 42, 43, 30, 60, 84]))
    rows, known, mm = [], {'B0': 1}, 40
    soft, hidden = random.random() < 0.7, random.random() < 0.3
    for n, day in enumerate(days):
        if soft:
            mm = max(0, mm * random.choice([0.3, 0.7, 1, 1, 1.1]) if n else mm)
            if n and random.random() < (0.6 if hidden else 0.15):
                mm = 0
            rows.append({'patient': patient, 'date': f'd{day}', 'lesion': 'A', 'site': 's1', 'organ': 'lung', 'role': 'target',
                         'matrix': 'soft', 'modality': 'ct', 'state': 'measured' if mm else 'absent', 'longest_mm': plain(mm) if mm else ''})
        if n and random.random() < 0.12:
            continue
        for i in range(random.choice([0, 0, 0, 1, 1, 2, 2, 3]) if n and not hidden else 0):
            known[f'B{n}{i}'] = random.choice([1, 1, 1, 1, 2, 3])
        for id in known:
            if n and id == 'B0' and random.random() < 0.3:
                known[id] += random.choice([0, 1, 2, -1])
            state = 'present' if random.random() < (0.8 if n else 1) else random.choice(['absent', 'absent', 'not_evaluable', 'equivocal'])
            if hidden and id == 'B0':
                state = 'absent'
            if random.random() < 0.05:
                continue
            stated = known[id] if known[id] > 1 or random.random() < 0.3 else ''
            rows.append({'patient': patient, 'date': f'd{day}', 'lesion': id, 'site': id, 'organ': 'bone',
                         'role': '' if id == 'B0' or random.random() < 0.05 else 'new', 'matrix': 'blastic',
                         'modality': modality if random.random() < 0.95 else 'ct', 'state': state, 'count': stated if stated == '' or stated > 0 else ''})
    return rows


def pet_scans(random, patient):
    """FDG uptake at, or a hair beside, 30 % and 0.8 units from the hottest lesion at baseline."""
    rows, days = [], [-1, 56, 112, 168][:random.randint(2, 4)]
    base = random.choice([2, 2, 2.5, 4, 10])
    for n, day in enumerate(days):
        top = base if n == 0 else random.choice([base * near(random, 0.7), base * near(random, 1.3), base * 0.702, base * 1.298, base - near(random, 0.8),
                                                 base + near(random, 0.8), base, 0])
        gone = n > 0 and random.random() < 0.2
        for i in range(3):
            if n and random.random() < 0.05:
                continue
            state = 'absent' if gone or (n and random.random() < 0.1) else random.choice(['present'] * 9 + ['equivocal', 'not_evaluable'])
            value = top if i == 0 else top * random.choice([0.5, 0.9])
            rows.append({'patient': patient, 'date': f'd{day}', 'lesion': f'S{i}', 'site': f's{i}', 'organ': 'lung',
                         'matrix': 'soft', 'modality': random.choice(['fdg_pet'] * 9 + ['ct']), 'state': state,
                         'suv_max': plain(value) if value > 0 and state == 'present' and random.random() < 0.9 else '',
                         'uptake': random.choice(['', '', '', 'high', 'low', 'none']) if n else ''})
        if n and random.random() < 0.1:
            rows.append({'patient': patient, 'date': f'd{day}', 'lesion': f'N{n}', 'site': 's9', 'organ': 'liver', 'role': 'new',
                         'matrix': 'soft', 'modality': 'fdg_pet', 'state': random.choice(['present', 'equivocal'])})
    return rows


def psa_values(random, patient):
    """PSA around 50 % down, 25 % and 2 ng/mL up, 21 days between values, 84 days after the start."""
    day, base = random.choice([-3, 0]), random.choice([4, 8, 10, 20])
    rows, lowest = [], base
    value = base
    for n in range(random.randint(1, 6)):
        rows.append({'patient': patient, 'date': f'd{day}', 'analyte': 'PSA', 'value': plain(value), 'unit': 'ng/mL', 'ref_high': '4'})
        lowest = min(lowest, value)
        day = random.choice([83, 84, 85]) if n == 0 and random.random() < 0.3 else max(day, 0) + random.choice([20, 21, 22, 30])
        value = max(0.1, random.choice([base * near(random, 0.5), base * 0.498, lowest * near(random, 1.25), lowest * 1.249,
                                        lowest + near(random, 2), value, base * 0.7, base * 2]))
    return rows


def marker_values(random, patient, analyte, limit, factors, gaps, starts):
    """A marker around the limits of its criterion: factors of baseline, lowest value and limit, days between values."""
    day, base = random.choice(starts), limit * random.choice([0.6, 1, 1.01, 1.99, 2, 3, 6])
    rows, lowest, value = [], base, base
    for n in range(random.randint(1, 7)):
        rows.append({'patient': patient, 'date': f'd{day}', 'analyte': analyte[0], 'value': plain(value), 'unit': analyte[1],
                     'ref_high': plain(limit)})
        lowest = min(lowest, value)
        day = max(day, 0) + random.choice(gaps)
        of = random.choice([base, base, lowest, lowest, limit])
        value = max(0.1, random.choice([value, of * near(random, random.choice(factors)), of * random.choice(factors), limit]))
    return rows


def folder(path, count, seed):
    """Writes `count` patients."""
    generator = random.Random(seed)
    patients, lesions, labs, notes, therapy = [], [], [], [], []
    for i in range(count):
        id = f'p{i:05d}'
        rows, days = lesion_rows(generator, id)
        patients.append({'patient': id})
        therapy.append({'patient': id, 'drug': 'gefitinib', 'intent': 'anticancer', 'start': 'd0'})
        lesions += rows
        labs += lab_rows(generator, id)
        if generator.random() < 0.3:
            notes.append({'patient': id, 'date': f'd{generator.choice(days) + generator.choice([0, 0, 5, 20])}',
                          'topic': 'response', 'value': generator.choice(['CR', 'PR', 'SD', 'PD', 'mixed'])})
    generator = random.Random(-seed)
    for kind, make in (('n', many_new), ('b', bone_scans), ('f', pet_scans)):
        for i in range(count // 8):
            id = f'{kind}{i:05d}'
            patients.append({'patient': id})
            therapy.append({'patient': id, 'drug': 'gefitinib', 'intent': 'anticancer', 'start': 'd0'})
            lesions += make(generator, id)
    for i in range(count // 4):
        id = f's{i:05d}'
        patients.append({'patient': id})
        therapy.append({'patient': id, 'drug': 'gefitinib', 'intent': 'anticancer', 'start': 'd0'})
        lesions += [{'patient': id, 'date': f'd{day}', 'lesion': 'A', 'site': 's1', 'organ': 'lung', 'role': 'target',
                     'modality': 'ct', 'state': 'measured', 'longest_mm': '50'} for day in (-1, 50, 100, 150)]
        labs += psa_values(generator, id)
    generator = random.Random(1000 - seed)
    for kind, analyte, limit, factors, gaps, starts in (
            ('o', ('CA125', 'U/mL'), 35, [0.3, 0.5, 0.5, 2, 2, 1.99], [6, 7, 8, 20, 27, 28, 29, 35], [-15, -14, -13, -3, 0]),
            ('e', ('CEA', 'ng/mL'), 5, [0.3, 0.5, 0.5, 1.3, 1.3, 1.299], [14, 20, 27, 28, 29, 41, 42, 43], [-3, 0])):
        for i in range(count // 4):
            id = f'{kind}{i:05d}'
            patients.append({'patient': id})
            therapy.append({'patient': id, 'drug': 'gefitinib', 'intent': 'anticancer', 'start': 'd0'})
            lesions += [{'patient': id, 'date': f'd{day}', 'lesion': 'A', 'site': 's1', 'organ': 'lung', 'role': 'target',
                         'modality': 'ct', 'state': 'measured', 'longest_mm': '50'} for day in (-1, 30, 60, 100, 150)]
            labs += marker_values(generator, id, analyte, limit, factors, gaps, starts)
    write(path, 'patients.csv', ['patient'], patients)
    write(path, 'therapy.csv', ['patient', 'drug', 'intent', 'start'], therapy)
    write(path, 'lesions.csv', LESION, lesions)
    write(path, 'labs.csv', LAB, labs)
    write(path, 'notes.csv', ['patient', 'date', 'topic', 'value'], notes)
