#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the synthetic study beside this file: make.py FOLDER. No patient in it ever lived.

57 synthetic patients so that every margin printed in Shi 2021 (Research Square rs-518758) holds: treatments, responses, flares,
sexes, ages, stages, EGFR, bone metastases, days of the flares, patients with serial ALP. What is not printed is drawn from a
seeded generator: sizes, laboratory values between the printed ones, and all times but the four printed dates of progression.
The seven with a flare carry the printed rows of Table 2 as statements, slips included; their images lie on the printed day counts.
"""
import csv
import datetime
import math
import pathlib
import random
import sys

SEED = 518758
CUTOFF = datetime.date(2020, 3, 31)  # of follow-up; not printed
CT_EVERY, CYCLE = 42, 21             # days: "follow-up was performed every six weeks"; before each cycle
SERIAL_DAYS = range(CYCLE, 169, CYCLE)  # "over five months"

BEV, PD1, PC, TKI = "bev", "pd1", "pc", "tki"
DRUGS = {BEV: [("bevacizumab", "vegf"), ("paclitaxel", "chemotherapy"), ("carboplatin", "chemotherapy")],
         PD1: [("PD-1 inhibitor", "ici"), ("pemetrexed", "chemotherapy"), ("carboplatin", "chemotherapy")],
         PC: [("pemetrexed", "chemotherapy"), ("carboplatin", "chemotherapy")],
         TKI: [("first-generation EGFR-TKI", "egfr_tki_1")]}
LABEL = {arm: " + ".join(sorted(name for name, _ in drugs)) for arm, drugs in DRUGS.items()}

# Table 1: arm -> response -> patients.
TABLE_1 = {BEV: {"PR": 17, "SD": 15, "PD": 3}, PD1: {"PR": 1, "SD": 1, "PD": 3},
           PC: {"PR": 2, "SD": 2, "PD": 1, "CR": 1}, TKI: {"PR": 4, "SD": 5, "PD": 2}}

# Table 2, in its order: arm, start, response, progression, date of the flare, days as printed; the shape of ALP (Figure 2:
# four rose first, three only fell; which is which is not printed but for the two patients told in words).
TABLE_2 = [(PD1, "2019-02-22", "PR", "", "2019-04-04", 45, "fall"), (BEV, "2018-06-11", "SD", "2018-12-07", "2019-10-08", 120, "fall"),
           (TKI, "2019-01-09", "SD", "", "2019-02-21", 45, "fall"), (TKI, "2019-01-08", "PR", "", "2019-02-18", 42, "rise"),
           (BEV, "2018-10-22", "PR", "2019-04", "2018-11-26", 41, "rise"),
           (BEV, "2018-03-12", "PR", "2018-12-27", "2018-04-24", 43, "rise"),
           (BEV, "2018-04-10", "SD", "2019-02-19", "2018-08-13", 125, "rise")]
TABLE_2_PD = {2: "2018-12-07", 5: "2019-04-15", 6: "2018-12-27", 7: "2019-02-19"}  # the day in April 2019 is not printed

# Bone metastases without a flare, by arm: not printed; any split that keeps 13 with benefit, 5 with progression and 5 without
# serial markers would do.
BONE_BENEFIT = {BEV: {"PR": 5, "SD": 4}, PD1: {"SD": 1}, PC: {"PR": 1, "SD": 1}, TKI: {"PR": 1}}
BONE_PROGRESSION = {BEV: {"PD": 2}, PD1: {"PD": 2}, TKI: {"PD": 1}}
BONE_UNFOLLOWED = {BEV: {"PR": 1, "SD": 1}, PC: {"SD": 1}, TKI: {"PR": 1, "SD": 1}}

SITES = ["T8 vertebra", "L3 vertebra", "left ilium", "right 6th rib", "sacrum", "left scapula", "T11 vertebra", "right femur"]

COLUMNS = {"patients": "patient sex age tumour histology stage death_date note source",
           "therapy": "patient drug class intent start stop line reason_stopped source",
           "lesions": "patient date lesion site organ role matrix modality longest_mm short_mm state change source",
           "labs": "patient date analyte value unit ref_low ref_high source",
           "clinical": "patient date item value source",
           "molecular": "patient date gene variant result source",
           "notes": "patient date topic value stated_day text source"}
SYNTHETIC = "synthetic"


class Study:
    def __init__(self):
        self.random = random.Random(SEED)
        self.tables = {name: [] for name in COLUMNS}

    def add(self, table, **cells):
        self.tables[table].append(cells)

    # random() alone is the same in every version of Python: the rest is made of it.
    def uniform(self, low, high):
        return low + (high - low) * self.random.random()

    def normal(self, mean, sd):
        return mean + sd * math.sqrt(-2 * math.log(1 - self.random.random())) * math.cos(2 * math.pi * self.random.random())

    def whole(self, low, high):
        return int(self.uniform(low, high + 1))

    def shuffled(self, items):
        return [item for _, _, item in sorted((self.random.random(), i, item) for i, item in enumerate(items))]

    def exponential(self, mean):
        return -math.log(1 - self.random.random()) * mean


def subtract(total, *parts):
    left = {arm: dict(counts) for arm, counts in total.items()}
    for part in parts:
        for arm, counts in part.items():
            for response, n in counts.items():
                left[arm][response] -= n
                assert left[arm][response] >= 0, (arm, response)
    return left


def table_2_counts():
    counts = {}
    for arm, _, response, *_ in TABLE_2:
        counts.setdefault(arm, {}).setdefault(response, 0)
        counts[arm][response] += 1
    return counts


def listed(counts, kind):
    return [{"arm": arm, "response": response, "kind": kind}
            for arm, by_response in counts.items() for response, n in by_response.items() for _ in range(n)]


def plan(study):
    """The 57 patients: arm, response, kind (flare, benefit, progression, unfollowed, no bone), sex, age, stage, start."""
    flares = [{"arm": row[0], "response": row[2], "kind": "flare", "row": i + 1} for i, row in enumerate(TABLE_2)]
    rest = subtract(TABLE_1, table_2_counts(), BONE_BENEFIT, BONE_PROGRESSION, BONE_UNFOLLOWED)
    others = listed(BONE_BENEFIT, "benefit") + listed(BONE_PROGRESSION, "progression") + \
        listed(BONE_UNFOLLOWED, "unfollowed") + listed(rest, "no bone")
    patients = flares + study.shuffled(others)
    # 28 men, 29 women; the first flare is a man of 53, the third a middle-aged woman
    sexes = study.shuffled(["M"] * 27 + ["F"] * 28)
    # median 62, range 33 to 75: 28 at or below, 28 at or above; 53 and 51 are given away
    ages = study.shuffled([33, 75, 62] + [study.whole(41, 61) for _ in range(25)] + [study.whole(63, 74) for _ in range(27)])
    stage_iiib = 6
    for i, p in enumerate(patients):
        p["id"] = f"synthetic-{i + 1:02d}"
        p["sex"] = {0: "M", 2: "F"}[i] if i in (0, 2) else sexes.pop()
        p["age"] = {0: 53, 2: 51}[i] if i in (0, 2) else ages.pop()
        p["stage"] = "IV"
        if p["kind"] == "no bone" and p["response"] in ("PR", "SD") and stage_iiib:
            p["stage"], stage_iiib = "IIIB", stage_iiib - 1
        if "row" in p:
            p["start"] = datetime.date.fromisoformat(TABLE_2[i][1])
        else:
            p["start"] = datetime.date(2017, 12, 4) + datetime.timedelta(days=study.whole(0, 560))
    assert not sexes and not ages and not stage_iiib
    return patients


# ---- times ----

def set_times(study, p):
    """Progression, death and the last contact, in days. Only the four dates of Table 2 are printed."""
    follow_up = (CUTOFF - p["start"]).days
    number = p.get("row")
    if number in TABLE_2_PD:
        p["pd"] = (datetime.date.fromisoformat(TABLE_2_PD[number]) - p["start"]).days
    elif number:
        p["pd"] = None
        follow_up = min(follow_up, {1: 214, 3: 322, 4: 315}[number])
    elif p["response"] == "PD":
        p["pd"] = CT_EVERY
    else:
        mean = {"CR": 420, "PR": 190, "SD": 110}[p["response"]]
        visits = 3 + int(study.exponential(mean) / CT_EVERY)
        p["pd"] = visits * CT_EVERY if visits * CT_EVERY <= min(follow_up, 546) else None
    after = (p["pd"] or 0) + 60 + study.exponential(260 if p["response"] != "PD" else 150)
    if p["kind"] in ("benefit", "progression"):
        after = max(after, max(SERIAL_DAYS) + 5)  # followed over five months
    p["death"] = int(after) if p["pd"] and after < follow_up else None
    p["end"] = p["death"] if p["death"] else follow_up if number else min(follow_up, (p["pd"] or 504) + 90)


# ---- images ----

def visit_days(p):
    last = p["pd"] if p["pd"] else min(p["end"], 504)
    days = set(range(CT_EVERY, last + 1, CT_EVERY))
    if p["kind"] == "flare":
        flare = TABLE_2[p["row"] - 1][5]
        days = {d for d in days if abs(d - flare) > 14} | {flare}
    if p["pd"]:
        days = {d for d in days if d <= p["pd"] - 10 or d == TABLE_2[p.get("row", 1) - 1][5] and p["kind"] == "flare"} | {p["pd"]}
    return sorted(days)


def factors(study, p, days):
    """Size at each visit as a fraction of baseline, so that the best response comes out as planned."""
    depth = {"CR": 0.0, "PR": study.uniform(0.38, 0.62), "SD": study.uniform(0.82, 0.95), "PD": 1.0}[p["response"]]
    out, size = [], 1.0
    for i, day in enumerate(days):
        if p["pd"] == day:
            size = study.uniform(1.32, 1.6) if p["response"] == "PD" else min(out + [1.0]) * study.uniform(1.32, 1.5)
        elif p["response"] == "CR":
            size = 0.45 if i == 0 else 0.0
        else:
            share = [0.85, 1.0][min(i, 1)]
            size = 1 - (1 - depth) * share if i < 2 else min(out) * study.uniform(1.0, 1.04)
        out.append(size)
    return out


PRINTED_SUMS = {1: [(35, 46), (22, 10), (10, 10), (5, 7)]}  # section 3.1: node 4R short axis, liver; then stable
PRINTED_PRIMARY = {3: [38, 38, 35, 35]}                     # Figure 5: primary


def target_sizes(study, p, days):
    """Two targets: the primary, and a node (stage IIIB, the first flare) or the liver."""
    number = p.get("row")
    if number in PRINTED_SUMS:
        sizes = PRINTED_SUMS[number]
        return "node", [sizes[min(i, len(sizes) - 1)] for i in range(len(days) + 1)]
    primary, second = study.whole(30, 58), study.whole(24, 44)
    course = [1.0] + factors(study, p, days)
    if number in PRINTED_PRIMARY:
        printed = PRINTED_PRIMARY[number]
        return "one", [(printed[min(i, len(printed) - 1)], None) for i in range(len(days) + 1)]
    return "liver" if p["stage"] == "IV" else "node 7", [(round(primary * f), round(second * f)) for f in course]


def size_cells(size, node):
    if size == 0:
        return {"state": "absent"}
    return {"short_mm" if node else "longest_mm": size, "state": "measured"}


def write_targets(study, p, days):
    second, sizes = target_sizes(study, p, days)
    for i, (a, b) in enumerate(sizes):
        row = {"patient": p["id"], "date": f"d{([0] + days)[i]}" if i else "d-3", "role": "target", "matrix": "soft",
               "modality": "ct", "source": SYNTHETIC}
        if second == "node":  # printed: node 4R and liver
            study.add("lesions", **row, lesion="node_4r", site="4R", organ="lymph_node", **size_cells(a, True))
            study.add("lesions", **row, lesion="liver", site="left lateral lobe", organ="liver", **size_cells(b, False))
            continue
        study.add("lesions", **row, lesion="primary", site="lung", organ="lung", **size_cells(a, False))
        if second == "liver":
            study.add("lesions", **row, lesion="liver", site="liver", organ="liver", **size_cells(b, False))
        elif second == "node 7":
            study.add("lesions", **row, lesion="node_7", site="station 7", organ="lymph_node", **size_cells(b, True))


def bone_change(p, day):
    """What a reader writes of the bone at a visit."""
    if p["kind"] == "flare":
        flare = TABLE_2[p["row"] - 1][5]
        return {"state": "present", "change": "sclerosed;denser" if day == flare else "stable"}
    if p["kind"] == "progression":
        return {"state": "progressed", "change": "lytic_growth"}
    return {"state": "present", "change": "stable"}


def write_bone(study, p, days):
    if p["kind"] == "no bone":
        return
    site = SITES[study.whole(0, len(SITES) - 1)]
    base = {"patient": p["id"], "organ": "bone", "modality": "ct", "source": SYNTHETIC}
    study.add("lesions", **base, date="d-3", lesion="bone", site=site, role="non_target", matrix="lytic", state="present")
    for day in days:
        study.add("lesions", **base, date=f"d{day}", lesion="bone", site=site, role="non_target", matrix="", **bone_change(p, day))
    if p.get("row") == 1:  # section 3.1: T5 normal at baseline, osteogenic on the day of the flare, unchanged afterwards
        study.add("lesions", **base, date="d-3", lesion="t5", site="T5 vertebra", role="", matrix="", state="absent")
        for day in days:
            study.add("lesions", **base, date=f"d{day}", lesion="t5", site="T5 vertebra", role="new", matrix="blastic",
                      state="present", change="" if day == TABLE_2[0][5] else "stable")
    if p["kind"] == "progression":
        study.add("lesions", **base, date=f"d{p['pd']}", lesion="bone_new", site="L1 vertebra", role="new", matrix="lytic",
                  state="present")


# ---- serum ----

PRINTED_ALP = {1: {-3: (142, 2.53), 21: (144, 2.52), 42: (145, 2.55), 141: (98, 2.30), 214: (68, 2.48)},
               3: {-5: (164, 2.14), 42: (134, 2.02), 90: (69, 1.96)}}
# Percent of baseline at each planned day. Figure 1 prints no numbers: ALP falls with benefit, falls more with a flare, rises with
# progression.
SHAPES = {"benefit": [97, 93, 89, 86, 84, 82, 80, 79], "progression": [112, 126, 139, 150, 160, 168, 176, 184],
          "fall": [92, 82, 72, 64, 57, 52, 48, 46], "rise": None}


def rise_then_fall(flare):
    """Up at the flare, then down to about half; before it, unchanged."""
    out = []
    for day in SERIAL_DAYS:
        late = day - flare
        out.append(101 if late < -10 else 146 if abs(late) <= 10 else max(48, 146 - 1.9 * late))
    return out


def alp_percent(p):
    if p["kind"] != "flare":
        return SHAPES[p["kind"]]
    row = TABLE_2[p["row"] - 1]
    return rise_then_fall(row[5]) if row[6] == "rise" else SHAPES["fall"]


def lab(study, p, day, alp, calcium):
    row = {"patient": p["id"], "date": f"d{day}", "source": SYNTHETIC}
    study.add("labs", **row, analyte="ALP", value=alp, unit="U/L", ref_low=45, ref_high=125)
    study.add("labs", **row, analyte="CA", value=f"{calcium:.2f}", unit="mmol/L", ref_low="2.03", ref_high="2.60")


def between(printed, day):
    """A line between the printed values of a patient told in words; after the last one, that one."""
    days = sorted(printed)
    if day >= days[-1]:
        return printed[days[-1]]
    i = max(k for k, d in enumerate(days) if d <= day)
    share = (day - days[i]) / (days[i + 1] - days[i])
    return tuple(a + (b - a) * share for a, b in zip(printed[days[i]], printed[days[i + 1]]))


def write_printed_labs(study, p, printed):
    planned = [d for d in SERIAL_DAYS if all(abs(d - day) > 10 for day in printed)]
    for day in sorted([*printed, *planned]):
        alp, calcium = printed[day] if day in printed else between(printed, day)
        lab(study, p, day, round(alp), calcium)


def write_labs(study, p):
    if p.get("row") in PRINTED_ALP:
        write_printed_labs(study, p, PRINTED_ALP[p["row"]])
        return
    base, calcium = study.whole(120, 240), study.uniform(2.15, 2.45)
    lab(study, p, -3, base, calcium)
    if p["kind"] in ("no bone", "unfollowed"):
        return
    flare = TABLE_2[p["row"] - 1][5] if p["kind"] == "flare" else None
    for day, percent in zip(SERIAL_DAYS, alp_percent(p)):
        drawn = flare if flare and abs(day - flare) <= 10 else day  # on the day of the images
        value = round(base * (percent + study.normal(0, 1.5)) / 100)
        lab(study, p, drawn, value, calcium * (1 + study.normal(0, 0.012)))


# ---- the rest ----

def write_person(study, p):
    study.add("patients", patient=p["id"], sex=p["sex"], age=p["age"], tumour="lung", histology="adenocarcinoma", stage=p["stage"],
              death_date=f"d{p['death']}" if p["death"] else "", note="synthetic patient: no such person", source=SYNTHETIC)
    stop = f"d{p['pd'] + 3}" if p["pd"] else ""
    for drug, drug_class in DRUGS[p["arm"]]:
        study.add("therapy", **{"class": drug_class}, patient=p["id"], drug=drug, intent="anticancer", start=p["start"].isoformat(), stop=stop,
                  line=1, reason_stopped="progression" if stop else "", source=SYNTHETIC)
    if p["pd"] and p["end"] > p["pd"] + 30:
        study.add("therapy", **{"class": "chemotherapy"}, patient=p["id"], drug="docetaxel", intent="anticancer", start=f"d{p['pd'] + 14}", stop="",
                  line=2, reason_stopped="", source=SYNTHETIC)
    study.add("clinical", patient=p["id"], date="d-3", item="ecog", value=study.whole(0, 1), source=SYNTHETIC)
    if p["kind"] == "flare":
        study.add("clinical", patient=p["id"], date=f"d{TABLE_2[p['row'] - 1][5]}", item="pain", value="none", source=SYNTHETIC)
    if p["end"] > (p["pd"] or 0) and not p["death"]:
        study.add("clinical", patient=p["id"], date=f"d{p['end']}", item="ecog", value=study.whole(0, 2), source=SYNTHETIC)
    study.add("molecular", patient=p["id"], date="d-3", gene="EGFR", variant="L858R" if p.get("row") == 3 else "",
              result="positive" if p["arm"] == TKI else "negative", source=SYNTHETIC)


def write_statements_of_table_2(study, p):
    if p["kind"] != "flare":
        return
    number = p["row"]
    _, start, response, progression, flare, days, _ = TABLE_2[number - 1]
    source = f"Shi 2021, Table 2, patient {number}"
    study.add("notes", patient=p["id"], date=start, topic="start", source=source)
    if number == 1:
        study.add("notes", patient=p["id"], date="2018-02-22", topic="start", text="first dose of patient 1 in the text",
                  source="Shi 2021, section 3.1")
    study.add("notes", patient=p["id"], date=flare, topic="flare", stated_day=days, source=source)
    if progression:
        study.add("notes", patient=p["id"], date=progression, topic="progression", value="PD", source=source)
    study.add("notes", patient=p["id"], topic="response", value=response, source=source)


def published():
    """(topic, value, words, source): what the paper prints of the whole study, as boneflare can compute it."""
    abstract, results, table_1, subjects = ("Shi 2021, " + s for s in ("abstract", "section 2", "Table 1", "section 1.1"))
    yield "count", 57, "patients", abstract
    yield "count where sex=M", 28, "men", abstract
    yield "count where sex=F", 29, "women", abstract
    yield "median age", 62, "median age", abstract
    yield "range age", "33-75", "range of age", abstract
    yield "count where stage=IIIB", 6, "stage IIIB", subjects
    yield "count where stage=IV", 51, "stage IV", subjects
    yield "count where egfr=negative", 46, "EGFR negative", abstract
    yield "count where egfr=positive", 11, "EGFR positive", abstract
    yield "count where bone=yes", 30, "bone metastases at baseline", abstract
    for arm, responses in TABLE_1.items():
        yield f"count where treatment={LABEL[arm]}", sum(responses.values()), LABEL[arm], table_1
        for response, n in responses.items():
            yield f"count where treatment={LABEL[arm]} and response={response}", n, f"{response} on {LABEL[arm]}", table_1
    for response, n in (("PR", 24), ("SD", 23), ("PD", 9), ("CR", 1)):
        yield f"count where response={response}", n, f"{response} in all", table_1
    for arm, response, n in ((BEV, "PR", 2), (BEV, "SD", 2), (PD1, "PR", 1), (TKI, "PR", 1), (TKI, "SD", 1)):
        yield (f"count where treatment={LABEL[arm]} and response={response} and flare=yes", n,
               f"flares with {response} on {LABEL[arm]}", table_1)
    yield "count where flare=yes", 7, "flares", abstract
    yield "count where flare=yes and response=PR", 4, "flares with PR", table_1
    yield "count where flare=yes and response=SD", 3, "flares with SD", table_1
    yield "count where flare=yes and egfr=negative", 5, "flares on combination therapy", abstract
    yield "count where flare=yes and egfr=positive", 2, "flares on targeted therapy", abstract
    yield "fraction flare=yes where bone=yes", "7/30", "flare incidence", abstract
    yield "percent flare=yes where bone=yes", "23.33", "flare incidence, percent", abstract
    yield "median flare_day", 45, "median day of the flare", abstract
    yield "median flare_day", 45, "median day of the flare", results
    yield "range flare_day", "d41..d120", "range of the day of the flare", abstract
    yield "range flare_day", "d41..d125", "range of the day of the flare", results
    yield "fraction early=yes where flare=yes", "5/7", "flares within 50 days", results
    yield "percent early=yes where flare=yes", "71.43", "flares within 50 days, percent", results
    yield "count where bone=yes and serial=yes", 20, "with serial ALP and calcium", abstract
    yield "count where bone=yes and serial=yes", 25, "with serial ALP and calcium", results
    for course, n in (("flare", 7), ("benefit", 13), ("progression", 5)):
        yield f"count where bone=yes and serial=yes and course={course}", n, f"with serial ALP and calcium: {course}", results
    yield "fraction alp_shape=rise_then_fall where course=flare", "4/7", "ALP rose, then fell, of the flares", results
    yield "fraction alp_shape=falling where course=flare", "3/7", "ALP only fell, of the flares", results


def build(study):
    for p in plan(study):
        set_times(study, p)
        days = visit_days(p)
        write_person(study, p)
        write_targets(study, p, days)
        write_bone(study, p, days)
        write_labs(study, p)
        write_statements_of_table_2(study, p)
    for topic, value, words, source in published():
        study.add("notes", patient="*", topic=topic, value=value, text=words, source=source)


def main(folder):
    study = Study()
    build(study)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in study.tables.items():
        columns = COLUMNS[name].split()
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            out.writeheader()
            out.writerows(rows)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
