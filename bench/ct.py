#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""CT registration beside elastix and plastimatch, and detection: ct.py BUILD_FOLDER [--data DIR] [--peers] [--chest] [--froc] [--lungs] [--contrast]

Without a switch everything is run. --peers: the real lung pair (DIR/elastix_lung_pair) and a pair made from its baseline, each by
boneflare, elastix and plastimatch; the peers get the same mask of bone. --chest: a made-up chest of 480 x 400 x 100 voxels, the same
three. --froc: lesions found over false marks, on seeds that were not used for tuning. --lungs: nodules. --contrast: made-up chests in phases of
contrast agent, with and without lesions. elastix and
plastimatch are Debian packages (apt install elastix plastimatch), installed by whoever runs this, not by ./check.
Where one is missing it is left out. Times are of a whole process: the smallest of three runs for boneflare, one run for the others.
"""
import argparse
import array
import math
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ELASTIX = '''(FixedInternalImagePixelType "float")
(MovingInternalImagePixelType "float")
(UseDirectionCosines "true")
(Registration "MultiResolutionRegistration")
(Interpolator "LinearInterpolator")
(ResampleInterpolator "FinalBSplineInterpolator")
(FinalBSplineInterpolationOrder 1)
(Resampler "DefaultResampler")
(FixedImagePyramid "FixedSmoothingImagePyramid")
(MovingImagePyramid "MovingSmoothingImagePyramid")
(Optimizer "AdaptiveStochasticGradientDescent")
(Metric "AdvancedNormalizedCorrelation")
(NumberOfResolutions 4)
(AutomaticParameterEstimation "true")
(ErodeMask "false")
(NewSamplesEveryIteration "true")
(ImageSampler "RandomCoordinate")
(HowToCombineTransforms "Compose")
(DefaultPixelValue -2048)
(WriteResultImage "{write}")
(ResultImageFormat "mha")
(ResultImagePixelType "short")
'''
RIGID = ELASTIX.format(write="false") + '''(Transform "EulerTransform")
(AutomaticScalesEstimation "true")
(AutomaticTransformInitialization "true")
(AutomaticTransformInitializationMethod "GeometricalCenter")
(MaximumNumberOfIterations 250)
(NumberOfSpatialSamples 4096)
'''
SPLINE = ELASTIX.format(write="true") + '''(Transform "BSplineTransform")
(FinalGridSpacingInPhysicalUnits {knots})
(MaximumNumberOfIterations 500)
(NumberOfSpatialSamples 8192)
'''
PLASTIMATCH = '''[GLOBAL]
fixed={fixed}
moving={moving}
fixed_roi={mask}
xform_out={folder}/plm.txt
img_out={folder}/plm.mha
img_out_type=short
default_value=-2048
[STAGE]
xform=translation
impl=itk
optim=rsg
max_its=60
res=4 4 2
[STAGE]
xform=rigid
optim=versor
max_its=60
res=4 4 2
[STAGE]
xform=bspline
impl=plastimatch
metric=mse
optim=lbfgsb
max_its=50
grid_spac=100 100 100
res=4 4 2
regularization_lambda=0.02
[STAGE]
grid_spac=50 50 50
res=2 2 1
[STAGE]
grid_spac=25 25 25
res=1 1 1
'''


def measured(command, **more):
    """Output, wall seconds, CPU seconds and peak MB of one process."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.STDOUT, **more)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        out.seek(0)
        text = out.read().decode(errors="replace")
    return text, status, time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def read_points(path):
    rows = [[float(x) for x in line.split(",")] for line in path.read_text().splitlines()[1:]]
    return rows[::max(1, len(rows) // 2000)]


def spread(errors):
    errors = sorted(errors)
    n = len(errors)
    return (f"{sum(errors) / n:.3f} | {errors[n * 9 // 10]:.3f} | {errors[n * 99 // 100]:.3f} | "
            f"{100 * sum(e < 1 for e in errors) / n:.1f} %")


def fit_of(program, fixed, warped):
    text = subprocess.run([program, "fit", fixed, warped], check=True, capture_output=True, text=True).stdout
    return re.search(r"dice (\S+) ncc_bone (\S+)", text).groups()


def row(name, wall, cpu, memory, fit, errors):
    print(f"| {name} | {wall:.1f} | {cpu:.1f} | {memory:.0f} | {fit[0]} | {fit[1]} | {errors} |", flush=True)


def ours(program, pair, points):
    runs = [measured([program, pair[1], pair[0]] + ([points] if points else [])) for _ in range(3)]
    text, _, wall, cpu, memory = min(runs, key=lambda r: r[2])
    fit = re.search(r"fit as they are: .*?dice (\S+) ncc_bone (\S+)", text).groups()
    errors = "- | - | - | -"
    found = re.search(r"TRE: mean (\S+) p90 (\S+) p99 (\S+) share_under_1mm (\S+)", text)
    if found:
        errors = " | ".join(found.groups()[:3]) + f" | {100 * float(found.group(4)):.1f} %"
    row("boneflare", wall, cpu, memory, fit, errors)
    print(f"  ({text.splitlines()[0]}; {text.splitlines()[2]})")


def elastix(program, pair, mask, points, folder, knots):
    (folder / "rigid.txt").write_text(RIGID)
    (folder / "spline.txt").write_text(SPLINE.format(knots=knots))
    text, status, wall, cpu, memory = measured(["elastix", "-f", pair[1], "-m", pair[0], "-fMask", mask, "-out", folder,
                                                "-p", folder / "rigid.txt", "-p", folder / "spline.txt", "-threads", 2])
    if status:
        print("elastix failed:", text[-300:])
        return
    errors = "- | - | - | -"
    if points:
        rows = read_points(points)
        (folder / "in.txt").write_text(f"point\n{len(rows)}\n" + "".join(f"{r[0]} {r[1]} {r[2]}\n" for r in rows))
        subprocess.run(["transformix", "-def", folder / "in.txt", "-out", folder, "-tp", folder / "TransformParameters.1.txt"],
                       check=True, stdout=subprocess.DEVNULL)
        out = re.findall(r"OutputPoint = \[ (\S+) (\S+) (\S+) \]", (folder / "outputpoints.txt").read_text())
        errors = spread([math.dist([float(x) for x in o], r[3:]) for o, r in zip(out, rows)])
    row("elastix", wall, cpu, memory, fit_of(program, pair[1], folder / "result.1.mha"), errors)


def displacement(path):
    """A vector field in MetaImage, as a function from a place to its nearest vector."""
    data = path.read_bytes()
    head, _, _ = data.partition(b"ElementDataFile = LOCAL\n")
    body = data[len(head) + len(b"ElementDataFile = LOCAL\n"):]
    keys = dict(line.split(" = ", 1) for line in head.decode().splitlines() if " = " in line)
    size = [int(x) for x in keys["DimSize"].split()]
    spacing = [float(x) for x in keys.get("ElementSpacing", keys.get("ElementSize")).split()]
    origin = [float(x) for x in keys.get("Offset", keys.get("Origin", keys.get("Position"))).split()]
    values = array.array("f", body)

    def at(mm):
        index = [min(max(round((m - o) / s), 0), n - 1) for m, o, s, n in zip(mm, origin, spacing, size)]
        first = 3 * ((index[2] * size[1] + index[1]) * size[0] + index[0])
        return values[first:first + 3]
    return at


def plastimatch(program, pair, mask, points, folder):
    (folder / "plm.cfg").write_text(PLASTIMATCH.format(fixed=pair[1], moving=pair[0], mask=mask, folder=folder))
    text, status, wall, cpu, memory = measured(["plastimatch", "register", folder / "plm.cfg"],
                                               env={**os.environ, "OMP_NUM_THREADS": "2"})
    if status:
        print("plastimatch failed:", text[-300:])
        return
    errors = "- | - | - | -"
    if points:
        subprocess.run(["plastimatch", "xf-convert", "--input", folder / "plm.txt", "--output", folder / "vf.mha", "--output-type", "vf",
                        "--fixed", pair[1]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if (folder / "vf.mha").exists():
            field = displacement(folder / "vf.mha")
            errors = spread([math.dist([a + b for a, b in zip(r[:3], field(r[:3]))], r[3:]) for r in read_points(points)])
    row("plastimatch", wall, cpu, memory, fit_of(program, pair[1], folder / "plm.mha"), errors)


def compare(title, program, pair, points, knots):
    print(f"\n{title}\n\n| | wall s | CPU s | peak MB | Dice > 200 HU | NCC in bone | TRE mean mm | p90 | p99 | < 1 mm |\n"
          "|---|---|---|---|---|---|---|---|---|---|", flush=True)
    ours(program, pair, points)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        mask = folder / "mask.nii.gz"
        subprocess.run([program, "mask", pair[1], mask], check=True)
        if shutil.which("elastix"):
            elastix(program, pair, mask, points, folder, knots)
        if shutil.which("plastimatch"):
            plastimatch(program, pair, mask, points, folder)


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("build", type=pathlib.Path)
    reader.add_argument("--data", type=pathlib.Path, default=HERE.parent.parent / "shared/data/ct")
    for part in ("peers", "chest", "froc", "lungs", "contrast"):
        reader.add_argument(f"--{part}", action="store_true")
    args = reader.parse_args()
    everything = not (args.peers or args.chest or args.froc or args.lungs or args.contrast)
    subprocess.run(["ninja", "-C", args.build, "bench/ct_register", "bench/ct_detect", "bench/ct_lungs", "apps/cli/boneflare"], check=True,
                   stdout=subprocess.DEVNULL)
    program, detect = args.build / "bench/ct_register", args.build / "bench/ct_detect"
    boneflare = args.build / "apps/cli/boneflare"
    lung = args.data / "elastix_lung_pair"
    real = [next(lung.glob("*_3DCT_lung_baseline.mha"), None), next(lung.glob("*_3DCT_lung_followup.mha"), None)]
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as name:
        made = pathlib.Path(name)
        if (everything or args.peers) and real[0]:
            compare("real pair of half a thorax, 115 x 166 x 131 voxels", program, real, None, 10)
            subprocess.run([boneflare, "ct-phantom", real[0], "--out", made / "half", "--seed", "101", "--joints", "0", "--noise", "12"],
                           check=True, stdout=subprocess.DEVNULL)
            compare("pair made from its baseline, seed 101, 2.5 mm", program,
                    [made / "half/baseline.nii.gz", made / "half/followup.nii.gz"], made / "half/points.csv", 16)
        if everything or args.chest:
            subprocess.run([boneflare, "ct-phantom", "--out", made / "chest", "--seed", "101", "--joints", "0"], check=True,
                           stdout=subprocess.DEVNULL)
            compare("made-up chest, seed 101, 480 x 400 x 100 voxels of 2.5 mm", program,
                    [made / "chest/baseline.nii.gz", made / "chest/followup.nii.gz"], made / "chest/points.csv", 16)
        if everything or args.froc:
            enhanced = args.data / "chest_contrast_2_5mm"
            runs = [("made-up chest, 2.5 mm", [117, 119, 2.5]), ("made-up chest with joints, 2.5 mm", [117, 119, 2.5, "joints", 0.5]),
                    ("made-up chest, 5 mm", [117, 119, 5])]
            if real[0]:
                runs += [("half a real thorax, known motion, 2.5 mm", [117, 124, 2.5, real[0]]),
                         ("the same with joints and a softer kernel", [117, 119, 2.5, real[0], "joints", 0.5, "blur", 0.8]),
                         ("the same, 5 mm", [117, 119, 5, real[0]]),
                         ("real pair, lesions put into the follow-up", [117, 119, 2.5, *real])]
            if enhanced.exists():
                runs += [("enhanced chest without a lesion", [117, 119, 2.5, enhanced, "lesions", 0]),
                         ("enhanced chest", [117, 119, 2.5, enhanced])]
            for title, arguments in runs:
                text, status, wall, cpu, _ = measured([detect, *arguments])
                print(f"\n{title} ({cpu:.0f} CPU s)\n{text if not status else 'failed: ' + text}", flush=True)
        if everything or args.contrast:
            for before, after in ((300, 300), (300, 150), (300, 0), (0, 300)):
                for lesions in (0, 40):
                    text, status, _, cpu, _ = measured([detect, 311, 313, 2.5, "lesions", lesions, "contrast", before, after])
                    print(f"\nmade-up chest, aorta of {before} and {after} HU, {lesions} lesions ({cpu:.0f} CPU s)\n"
                          f"{text if not status else 'failed: ' + text}", flush=True)
        if everything or args.lungs:
            scans = ["made"] + [str(e) for e in [args.data / "chest_contrast_2_5mm"] if e.exists()]
            for scan in scans:
                for nodules in (0, 100):
                    text, *_ = measured([args.build / "bench/ct_lungs", scan, nodules, 101])
                    print(f"\n{pathlib.Path(scan).name}, {nodules} nodules\n{text}", flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
