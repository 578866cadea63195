# SPDX-License-Identifier: Apache-2.0
"""Rows of a case folder as the oracles read them, and visits as docs/criteria.md defines them."""
import csv
import dataclasses
import pathlib
from fractions import Fraction

FUNCTIONAL = {'bone_scan', 'fdg_pet', 'psma_pet', 'naf_pet'}
SEES_MARROW = {'mri', 'fdg_pet', 'psma_pet', 'naf_pet'}
SCLEROSING = {'sclerosed', 'denser', 'sclerotic_rim', 'filled_in'}
DESTROYING = {'lytic_growth', 'soft_tissue_mass'}


@dataclasses.dataclass(frozen=True)
class Row:
    day: int
    id: str
    site: str
    organ: str
    role: str
    matrix: str
    modality: str
    longest: Fraction | None
    short: Fraction | None
    soft: Fraction | None
    state: str
    changes: frozenset
    slice: Fraction | None
    order: int
    count: Fraction | None
    suv: Fraction | None
    uptake: str

    def mm(self):
        """What is summed: short axis of a node, soft-tissue part in bone, else the longest diameter."""
        return {'lymph_node': self.short, 'bone': self.soft}.get(self.organ, self.longest)

    present = property(lambda self: self.state not in ('absent', 'not_evaluable', 'equivocal'))
    absent = property(lambda self: self.state == 'absent')
    functional = property(lambda self: self.modality in FUNCTIONAL)
    sclerosing = property(lambda self: bool(self.changes & SCLEROSING))


@dataclasses.dataclass(frozen=True)
class Lab:
    day: int
    analyte: str
    value: Fraction
    sign: str  # '', '<' or '>'
    unit: str
    low: Fraction | None
    high: Fraction | None


@dataclasses.dataclass
class Patient:
    id: str
    rows: list
    labs: list
    notes: list  # (day, topic, value)
    clinical: list  # (day, item, value)


@dataclasses.dataclass(frozen=True)
class Visit:
    first: int
    last: int

    def has(self, row):
        return self.first <= row.day <= self.last


def number(text):
    return Fraction(text) if text else None


def day(text):
    return int(text.removeprefix('d'))


def table(folder, name):
    path = pathlib.Path(folder) / name
    if not path.exists():
        return []
    with open(path, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


def read(folder):
    patients = {row['patient']: Patient(row['patient'], [], [], [], []) for row in table(folder, 'patients.csv')}
    for order, r in enumerate(table(folder, 'lesions.csv')):
        patients[r['patient']].rows.append(
            Row(day(r['date']), r['lesion'], r['site'], r['organ'], r['role'], r['matrix'], r['modality'],
                number(r['longest_mm']), number(r['short_mm']), number(r['soft_tissue_mm']), r['state'],
                frozenset(w for w in r['change'].split(';') if w), number(r['slice_mm']), order,
                number(r['count']), number(r['suv_max']), r['uptake']))
    for r in table(folder, 'labs.csv'):
        sign = r['value'][0] if r['value'][0] in '<>' else ''
        patients[r['patient']].labs.append(Lab(day(r['date']), r['analyte'], Fraction(r['value'].lstrip('<>')), sign,
                                               r['unit'], number(r['ref_low']), number(r['ref_high'])))
    for r in table(folder, 'notes.csv'):
        patients[r['patient']].notes.append((day(r['date']), r['topic'], r['value']))
    for r in table(folder, 'clinical.csv'):
        patients[r['patient']].clinical.append((day(r['date']), r['item'], r['value']))
    for patient in patients.values():
        patient.rows.sort(key=lambda row: (row.day, row.id, row.order))
    return patients


WINDOW = 14
BASELINE_WINDOW = 28


def visits(rows):
    """The baseline first: the last four weeks of imaging up to day 0. Later studies within 14 days of the first make a visit."""
    days = sorted({row.day for row in rows})
    before = [d for d in days if d <= 0]
    result = []
    if before:
        close = [d for d in before if before[-1] - d <= BASELINE_WINDOW]
        result.append(Visit(close[0], close[-1]))
    rest = [d for d in days if d > 0]
    while rest:
        group = [d for d in rest if d - rest[0] <= WINDOW]
        result.append(Visit(group[0], group[-1]))
        rest = rest[len(group):]
    return result


def had_shown(rows, now):
    """Absence counts from the kind of study (anatomy, activity) that had shown the lesion, or when nothing had."""
    earlier = [row for row in rows if row.day < now.day and row.present]
    return not earlier or any(row.functional == now.functional for row in earlier)
