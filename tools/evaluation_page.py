#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/evaluation.md: verdicts and criteria measured against the truth of simulated patients and of published cases.

    evaluation_page.py PROGRAM [--patients N] [--check] [--root DIR]

One command makes the whole page from fixed seeds. --check makes its last part again, the small one, and compares that with the page.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# Seeds that no parameter was set with. Parameters of the program are set with seeds from 77000 on.
HELD_BACK, WRONG, SMALL = range(20261401, 20261409), range(20261451, 20261459), 20261124
ABLATED = 2  # draws that are measured again without each group of evidence
COMPARED = ['recist11', 'irecist', 'pcwg3', 'mda2004', 'alp_jung', 'always_wait', 'always_continue']
SMALL_MARK = '## A small version, made again by a test'


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f'{program} {" ".join(map(str, arguments))} exits {done.returncode}: {done.stderr}')
    return done.stdout


def simulate(program, folder, world, seed, patients):
    run(program, 'simulate', '--out', folder, '--world', world, '--seed', seed, '--patients', patients)
    return folder


def wrong(result):
    return result['stop_well'] + result['keep_ill'] + result['wait_ill']


def share(number):
    return f'{100 * number["value"]:.0f} % ({100 * number["low"]:.0f}-{100 * number["high"]:.0f})' if number else '-'


def rounded(number, places=2):
    return f'{number["value"]:.{places}f} ({number["low"]:.{places}f} to {number["high"]:.{places}f})' if number else '-'


def targets(found):
    """The targets, and what was reached."""
    whole = found['groups'][0]
    classes = [g for g in found['groups'] if g['by'] == 'class' and g['questions']]
    yield '| target | reached | |'
    yield '|---|---|---|'
    slope = whole['slope']
    good = slope and 0.9 <= slope['value'] <= 1.1
    yield f'| calibration slope 0.9 to 1.1 | slope {rounded(slope)}, intercept {rounded(whole["intercept"])} | {"met" if good else "**not met**"} |'
    abstention = whole['methods']['boneflare']['abstention']
    yield f'| abstention under 25 % | {share(abstention)} | {"met" if abstention and abstention["value"] < 0.25 else "**not met**"} |'
    for method in COMPARED:
        better = [g['name'] for g in classes if wrong(g['methods']['boneflare']) < wrong(g['methods'][method])]
        worse = [g['name'] for g in classes if wrong(g['methods']['boneflare']) > wrong(g['methods'][method])]
        tied = [g['name'] for g in classes if g['name'] not in better + worse]
        said = f'fewer in {len(better)} of {len(classes)} classes'
        said += f'; more in {", ".join(worse)}' if worse else ''
        said += f'; as many in {", ".join(tied)}' if tied else ''
        yield f'| fewer wrong decisions than {method} in every class | {said} | {"met" if len(better) == len(classes) else "**not met**"} |'


def failures(found):
    """Where boneflare is worse than the best of the others."""
    rows = []
    for g in found['groups']:
        if g['by'] == 'all' or not g['questions']:
            continue
        own = wrong(g['methods']['boneflare'])
        best = min(COMPARED, key=lambda m, g=g: wrong(g['methods'][m]))
        if own >= wrong(g['methods'][best]):
            rows.append(f'- {g["by"]} {g["name"]}: {own} wrong of {g["questions"]} questions, {best} {wrong(g["methods"][best])}; '
                        f'wrong stops {g["methods"]["boneflare"]["stop_well"]}, progressions kept '
                        f'{g["methods"]["boneflare"]["keep_ill"] + g["methods"]["boneflare"]["wait_ill"]}.')
    return rows or ['- In no class and no window of time does another method make as few wrong decisions.']


def price(found):
    """What few wrong decisions cost: progression that is left open, and found late."""
    whole = found['groups'][0]
    own = whole['methods']['boneflare']

    def days(method, key):
        return f'{whole["methods"][method][key]["value"]:.0f}'

    return (f'Few wrong decisions have a price. Of {whole["progressions"]} questions with true progression boneflare stops at '
            f'{own["stop_ill"]}, leaves {own["wait_ill"]} open and keeps the drug at {own["keep_ill"]}. Its sensitivity of '
            f'{share(own["sensitivity"])} is that of the calls that decide; the right answer comes soon after '
            f'{share(own["right_soon_progression"])} of the progressions. A patient has '
            f'{days("boneflare", "days_missed")} days of progression missed (recist11 {days("recist11", "days_missed")}, mda2004 '
            f'{days("mda2004", "days_missed")}, always_wait {days("always_wait", "days_missed")}) and '
            f'{days("boneflare", "days_lost")} effective days lost (recist11 {days("recist11", "days_lost")}, mda2004 '
            f'{days("mda2004", "days_lost")}, always_wait {days("always_wait", "days_lost")}).')


def without_definitions(markdown):
    return markdown.split('\n### What is counted')[0].strip() + '\n'


def definitions(markdown):
    return markdown.split('\n### What is counted')[1].strip() + '\n'


def draws(program, top, kind, seeds, patients):
    """A folder for each draw of the population's parameters."""
    return [simulate(program, top / f'{kind}-{seed}', kind, seed, patients) for seed in seeds]


def world(program, folders):
    """All draws as one set; intervals draw patients."""
    found = json.loads(run(program, 'evaluate', *folders, '--format', 'json'))
    return found, run(program, 'evaluate', *folders, '--format', 'markdown')


def ablation(program, folders):
    page = run(program, 'evaluate', *folders, '--ablation', '--question-only', '--format', 'markdown')
    return without_definitions(page[page.index('### Without a group of evidence'):])


def spread(program, folders, seeds):
    """Slope and intercept of each draw alone: how far they move from one population to the next."""
    yield '| seed | questions | progressions | slope | intercept | boneflare abstains | wrong decisions |'
    yield '|---|---|---|---|---|---|---|'
    for seed, folder in zip(seeds, folders):
        whole = json.loads(run(program, 'evaluate', folder, '--question-only', '--format', 'json'))['groups'][0]
        own = whole['methods']['boneflare']
        yield (f'| {seed} | {whole["questions"]} | {whole["progressions"]} | {rounded(whole["slope"])} | {rounded(whole["intercept"])} '
               f'| {share(own["abstention"])} | {share(own["wrong"])} |')


def markers(program, root, top):
    """Shapes named in people without bone metastasis, when the data are there."""
    data = root.parent / 'shared/data'
    source = data / 'sdtm/lb_liver_bone.csv'
    if not source.exists():
        return None
    folder = top / 'lb'
    folder.mkdir()
    (folder / 'lb.csv').write_bytes(source.read_bytes())
    (folder / 'dm.csv').write_bytes((data / 'sdtm/dm.csv').read_bytes())
    return run(program, 'evaluate', '--markers', folder, '--format', 'markdown')


def small(program, top):
    folder = simulate(program, top / 'small', 'held-back', SMALL, 20)
    text = run(program, 'evaluate', folder, '--format', 'markdown')
    return (f'{SMALL_MARK}\n\nTwenty patients of the held-back world, seed {SMALL}: only to see that the page is what the program '
            f'says.\n\n{without_definitions(text)}')


HEAD = '''# Evaluation

How often the verdict is right, on patients whose truth is known. No open data hold bone lesions, ALP and outcome together, so
the truth is simulated ([simulator](simulator.md)), and the number of wrong decisions below is that of a model of patients, not of
patients. This page is written by one command from fixed seeds:

    tools/evaluation_page.py build/apps/cli/boneflare

The reported patients are from seeds {held} (world `held-back`: the same equations with population parameters drawn anew for each seed) and
{wrong} (world `wrong`: other kinetics and other noise, on purpose), {patients} patients each, counted together: one draw is one population, and
has one to three progressions in some classes. No parameter was set with them; whoever sets one uses seeds from 77000 on.
Earlier pages reported seeds 20261122, 20261123, 20261201, 20261202, 20261211, 20261212, 20261301 and 20261302. They are retired: they had been looked at while the verdict was worked on.
Your own labelled set: `boneflare evaluate SET`, see boneflare-evaluate(1).

## What is counted

{definitions}
Sensitivity, specificity and predictive values are of progression, among the calls that decide. The probability is that of
progression against flare, at the questions. Decision curves follow Vickers and Elkin, slope and intercept Cox's recalibration.
'''

MARKERS = '''## Shapes of markers in people without bone metastasis

The courses of 254 people in an Alzheimer study (CDISC pilot, `sdtm/lb_liver_bone.csv`). Nothing happened to their bone: each rise that
is named is a false alarm. `boneflare evaluate --markers FOLDER` counts them; no number of the comparison was set on them.
'''

LIMITS = '''## What this does not show

- A simulator repeats the beliefs of those who wrote it: the verdict and the simulator share literature. The wrong world is a check
  of that, not a cure.
- Questions of one patient are not independent; intervals draw patients, not questions.
- Criteria were not made for this question. PCWG3 is for prostate cancer, iRECIST for immunotherapy; they stand here because they wait.
- Always waiting and always continuing act alike: they differ in abstention only.
- Where it fails, in this and in tuning cohorts: the first eight weeks, where progression is rare and its probability too high (a
  patient with every sign of it at six weeks is not called healing by the time alone); chemotherapy and checkpoint inhibitors (few data: four in ten
  stay open); after six months, where probabilities are too extreme and new lesions are left open by rule; progression without
  new lesions, growth or a rising marker, which is called healing that goes on. Under chemotherapy it is
  hardly better than waiting. In the wrong world probabilities are too extreme, a third stays open, and days 57 to 91 are worse than waiting.
'''


def draw(program, root, folders):
    for kind in ('reliability', 'decision'):
        (root / f'docs/evaluation-{kind}.svg').write_text(run(program, 'evaluate', *folders, '--question-only', '--format', f'{kind}-svg'),
                                                          encoding='utf-8')


def page(program, root, patients):
    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        held_folders = draws(program, top, 'held-back', HELD_BACK, patients)
        held, held_page = world(program, held_folders)
        draw(program, root, held_folders)
        bad_folders = draws(program, top, 'wrong', WRONG, patients)
        bad, bad_page = world(program, bad_folders)
        published = run(program, 'evaluate', *sorted(p.parent for p in (root / 'tests/cases/published').glob('*/patients.csv')),
                        '--format', 'markdown')
        shapes = markers(program, root, top)
        parts = [HEAD.format(held=f'{HELD_BACK[0]} to {HELD_BACK[-1]}', wrong=f'{WRONG[0]} to {WRONG[-1]}', patients=patients, definitions=definitions(held_page)),
                 '## Targets, held-back world', '', *targets(held), '', 'Where another method makes as few wrong decisions, or fewer:', '',
                 *failures(held), '', price(held), '', '## Held-back world', '', '![Reliability](evaluation-reliability.svg)', '', '![Decision curve](evaluation-decision.svg)', '',
                 without_definitions(held_page),
                 ablation(program, held_folders[:ABLATED]), f'(The first {ABLATED} draws.)', '',
                 '### Each draw alone', '', *spread(program, held_folders, HELD_BACK), '',
                 '## Wrong world', '', *targets(bad), '', 'Where another method makes as few wrong decisions, or fewer:', '',
                 *failures(bad), '', price(bad), '', without_definitions(bad_page),
                 '### Each draw of the wrong world alone', '', *spread(program, bad_folders, WRONG), '',
                 '## Published cases', '',
                 'The cases of [published cases](published-cases.md), by their label; the first question of each.', '',
                 re.split(r'\n### Calibration', published)[0].strip(), '']
        if shapes:
            parts += [MARKERS, shapes]
        parts += [LIMITS, small(program, top)]
    return '\n'.join(parts)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument('program')
    arguments.add_argument('--patients', type=int, default=400)
    arguments.add_argument('--check', action='store_true')
    arguments.add_argument('--root', type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    chosen = arguments.parse_args()
    program, target = str(pathlib.Path(chosen.program).resolve()), chosen.root / 'docs/evaluation.md'
    if not chosen.check:
        target.write_text(page(program, chosen.root, chosen.patients), encoding='utf-8')
        return
    with tempfile.TemporaryDirectory() as name:
        text = small(program, pathlib.Path(name))
    written = target.read_text(encoding='utf-8') if target.exists() else ''
    if SMALL_MARK not in written or written[written.index(SMALL_MARK):].strip() != text.strip():
        sys.exit(f'{target} is not what the program says now: run tools/evaluation_page.py {chosen.program}')


if __name__ == '__main__':
    main()
