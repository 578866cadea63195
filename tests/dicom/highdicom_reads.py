#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Segmentation and the report of findings are read by highdicom: highdicom_reads.py BONEFLARE MAKE.PY BUILD_FOLDER

highdicom comes from PyPI into BUILD_FOLDER as requirements.txt says; without pip or a registry the test is skipped, and says why. The
follow-up is a folder of slices, and then one Enhanced CT file of many frames. dciodvfy must find no error in what refers to either.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / 'tools'))
import npm
import pypi

CLI, MAKE, BUILD = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
BALLS = '100 120 75 8 800 100 120 117 7 40'.split()
number = 0

READ = r'''
import json, sys, highdicom, numpy
seg = highdicom.seg.segread(sys.argv[1])
enhanced = sys.argv[3] == "enhanced"
sources = seg.get_source_image_uids()
say = {"type": seg.segmentation_type.value, "sources": len(sources)}
say["labels"] = [seg.get_segment_description(n).tracking_id for n in seg.segment_numbers]
if enhanced:
    pixels = seg.get_pixels_by_source_frame(sources[0][2], list(range(1, 51)), combine_segments=True, assert_missing_frames_are_empty=True)
else:
    by_name = sorted(u[2] for u in sources)
    pixels = seg.get_pixels_by_source_instance(sorted(by_name, key=lambda u: int(u.split(".")[-1])), combine_segments=True)
say["voxels"] = [int((pixels == n).sum()) for n in seg.segment_numbers]
say["middle"] = [[round(float(c), 2) for c in numpy.argwhere(pixels == n).mean(axis=0)] for n in seg.segment_numbers]
say["shape"] = list(pixels.shape)
volume = seg.get_volume(combine_segments=True)
say["spacing"] = [float(s) for s in volume.spacing]
inside = numpy.argwhere(volume.array == 1).mean(axis=0)
say["first_mm"] = [round(float(v), 1) for v in volume.map_indices_to_reference(inside[None])[0]]
report = highdicom.sr.srread(sys.argv[2])
say["groups"] = []
for group in report.content.get_volumetric_roi_measurement_groups():
    say["groups"].append({"id": group.tracking_identifier, "numbers": {m.name.meaning: m.value for m in group.get_measurements()},
                          "segments": sum(1 for item in group.referenced_segment if item.ValueType == "IMAGE") if group.referenced_segment else 0})
print(json.dumps(say))
'''


def check(good, what, skip=''):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {what}{' # SKIP ' + skip if skip else ''}", flush=True)


def run(*words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, errors='replace', timeout=120)


def verify(out):
    if not shutil.which('dciodvfy'):
        return check(True, 'dciodvfy', 'dciodvfy is not installed')
    for name in ('findings.dcm', 'measurements.dcm'):
        said = run('dciodvfy', out / name)
        errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith('Error')]
        check(not errors, f"dciodvfy: {name} {'; '.join(errors)}")


def look(folder, python, after, what):
    out = folder / f'out-{what}'
    done = run(CLI, 'ct', folder / 'before', after, '--out', out)
    check(done.returncode == 0, f'{what}: compared {done.stderr.strip()}')
    verify(out)
    done = run(python, '-c', READ, out / 'findings.dcm', out / 'measurements.dcm', what)
    check(done.returncode == 0, f'{what}: highdicom reads both {done.stderr.strip()[-300:]}')
    if done.returncode:
        return None
    said = json.loads(done.stdout)
    told = json.loads((out / 'ct.json').read_text(encoding='utf-8'))['findings']
    check(said['type'] == 'BINARY' and said['labels'] == [f['id'] for f in told] == ['ct1', 'ct2'], f"{what}: segments {said['labels']}")
    check(said['shape'] == [50, 54, 67] and said['sources'] == (1 if what == 'enhanced' else 50), f"{what}: on the images {said['shape']}")
    check(said['spacing'] == [3, 3, 3], f"{what}: as a volume of {said['spacing']} mm")
    for place, f, voxels in zip(said['middle'], told, said['voxels']):
        mm = [place[2] * 3 - 100, place[1] * 3 - 80, place[0] * 3]
        check(max(abs(a - b) for a, b in zip(mm, f['centre_mm'])) < 3, f"{what}: {f['id']} lies at {mm}")
        check(abs(voxels * 27 - f['volume_mm3']) < 0.35 * f['volume_mm3'], f"{what}: {f['id']} holds {voxels * 27} mm3")
    check(max(abs(a - b) for a, b in zip(said['first_mm'], told[0]['centre_mm'])) < 3, f"{what}: in the patient at {said['first_mm']}")
    for group, f in zip(said['groups'], told):
        check(group['id'] == f['id'] and group['segments'] == 1 and abs(group['numbers']['Volume'] - f['volume_mm3']) <= 0.5,
              f"{what}: {group['id']} measures {group['numbers']['Volume']} mm3")
    return said


def look_at_both(folder, python):
    for name, words in (('before', []), ('after', ['--date', '20190601', *BALLS]), ('after.dcm', ['--date', '20190601', *BALLS])):
        run(sys.executable, MAKE, folder / name, *words)
    slices = look(folder, python, folder / 'after', 'slices')
    frames = look(folder, python, folder / 'after.dcm', 'enhanced')
    if slices and frames:
        check(slices['voxels'] == frames['voxels'] and slices['middle'] == frames['middle'], 'the same masks on slices and on frames')


try:
    interpreter = pypi.python(HERE / 'requirements.txt', BUILD, 'highdicom')
except npm.Skip as missing:
    print(f'1..0 # SKIP {missing}')
    sys.exit(0)
with tempfile.TemporaryDirectory() as name:
    look_at_both(pathlib.Path(name), interpreter)
print(f'1..{number}')
