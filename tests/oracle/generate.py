# SPDX-License-Identifier: Apache-2.0
"""Random case folders for the oracles: seeded, and biased towards thresholds and odd combinations."""
import csv
import pathlib
import random

LESION = ['patient', 'date', 'lesion', 'site', 'organ', 'role', 'matrix', 'modality', 'longest_mm', 'short_mm', 'state',
          'change', 'soft_tissue_mm', 'slice_mm']
LAB = ['patient', 'date', 'analyte', 'value', 'unit', 'ref_low', 'ref_high']


def plain(value):
    return f'{value:.2f}'.rstrip('0').rstrip('.')


def size_after(random, before):
    """Mostly at, or a hair beside, the thresholds of 30 % and 20 % and 5 mm."""
    factor = random.choice([0, 0.3, 0.5, 0.7, 0.7, 0.9, 1, 1, 1.1, 1.2, 1.2, 1.25, 1.5])
    return max(0, before * factor + random.choice([0, 0, 0, -0.1, 0.1, 5, -5]))


SIZES = [4, 5, 8, 9.9, 10, 10, 12, 14.9, 15, 18, 20, 20, 25, 30, 33.3, 40, 50, 50, 60, 80]
CHANGES = ['', '', '', 'larger', 'smaller', 'stable', 'denser', 'sclerosed', 'sclerotic_rim', 'filled_in', 'lytic_growth',
           'soft_tissue_mass', 'uptake_up', 'uptake_down', 'less_dense', 'more_numerous', 'sclerosed;larger',
           'uptake_up;denser']


class Lesion:
    def __init__(self, random, index):
        self.random = random
        self.id = f'L{index}'
        self.organ = random.choice(['lung', 'lung', 'liver', 'lymph_node', 'bone', 'bone', 'bone', 'brain', 'other', ''])
        self.site = random.choice(['s1', 's2', 's3', 'skeleton' if self.organ == 'bone' else 's4', self.id])
        self.role = random.choice(['target', 'target', 'target', 'non_target', 'non_target', 'new', 'new', ''])
        self.matrix = random.choice(['lytic', 'blastic', 'mixed', 'marrow', '', 'soft'] if self.organ == 'bone' else ['soft', ''])
        self.modality = random.choice(['ct', 'ct', 'ct', 'ct', 'mri', 'xray', 'fdg_pet', 'bone_scan', 'ultrasound', 'psma_pet'])
        self.mm = random.choice(SIZES)
        self.sized = random.random() < 0.85
        self.thick = random.choice(['', '', '', '5', '6', '8'])
        self.first = True
        self.late = self.role == 'new' or random.random() < 0.12

    def row(self, patient, day, follow_up):
        r = self.random
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


def lesion_rows(random, patient):
    lesions = [Lesion(random, i) for i in range(random.randint(1, 7))]
    days = [random.choice([-3, 0, -20, -1]), *sorted(random.sample(range(20, 300), random.randint(1, 4)))]
    if random.random() < 0.1:
        days[0] = random.choice([3, 5])
    if random.random() < 0.3:
        days.insert(0, random.choice([-60, -40, -25]))
    rows, used = [], set()
    for at in days:
        for lesion in lesions:
            if (lesion.late and at <= 5) or random.random() < 0.1:
                continue
            for day in {at, at + random.choice([0, 0, 0, 1, 14, 15])} if random.random() < 0.3 else {at}:
                row = lesion.row(patient, day, at > 5)
                key = (row['lesion'], day)
                if key not in used:
                    used.add(key)
                    rows.append(row)
    random.shuffle(rows)
    return rows, days


# analyte: unit, usual range, values
LABS = {
    'ALP': ('U/L', '40', '100', [50, 100, 100.1, 150, 199, 200, 201, 250, 251, 400, 500, 501, 1000, 2001]),
    'GGT': ('U/L', '', '50', [30, 50, 51, 100, 125, 126, 250, 251, 1001]),
    'ALT': ('U/L', '', '40', [20, 40, 41, 60, 61, 80, 119, 120, 121, 200, 201, 801]),
    'AST': ('U/L', '', '40', [20, 40, 41, 60, 80, 120, 121, 200, 201]),
    'BIL': ('mg/dL', '', '1', [0.5, 1, 1.1, 1.5, 1.6, 2, 2.1, 3, 3.1, 10.1]),
    'CA': ('mg/dL', '8.5', '10.5', [5.9, 6.5, 7, 7.9, 8, 8.4, 9, 10.5, 10.6, 11.5, 11.6, 12.6, 13.6]),
    'ALB': ('g/dL', '3.8', '5', [2, 2.5, 3, 4, 4.5]),
    'ALP_3': ('%', '', '', [10, 35.1, 60, 90]),
}


def lab_rows(random, patient):
    rows = []
    for day in random.sample([-5, 0, 13, 30, 56], random.randint(0, 3)):
        for analyte, (unit, low, high, values) in LABS.items():
            if random.random() < 0.35:
                continue
            value = random.choice(values)
            sign = random.choice(['', '', '', '', '', '', '', '', '<', '>']) if analyte != 'ALP_3' else ''
            ranged = random.random() < 0.85
            if analyte == 'CA' and random.random() < 0.3:
                unit, low, high, value = 'mmol/L', '2.03', '2.60', random.choice([1.49, 1.74, 1.96, 2, 2.02, 2.03, 2.6, 2.91, 3.11, 3.41])
            rows.append({'patient': patient, 'date': f'd{day}', 'analyte': analyte, 'value': sign + plain(value),
                         'unit': unit, 'ref_low': low if ranged else '', 'ref_high': high if ranged else ''})
    return sorted(rows, key=lambda r: int(r['date'][1:]))


def write(path, name, header, rows):
    with open(pathlib.Path(path) / name, 'w', newline='', encoding='utf-8') as file:
        writer = csv.DictWriter(file, header, restval='', lineterminator='\n')
        writer.writeheader()
        writer.writerows(rows)


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
    write(path, 'patients.csv', ['patient'], patients)
    write(path, 'therapy.csv', ['patient', 'drug', 'intent', 'start'], therapy)
    write(path, 'lesions.csv', LESION, lesions)
    write(path, 'labs.csv', LAB, labs)
    write(path, 'notes.csv', ['patient', 'date', 'topic', 'value'], notes)
