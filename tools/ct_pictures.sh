#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The pictures of docs/ct.md, made anew: tools/ct_pictures.sh BUILD_FOLDER. Two scans are made up (ct-phantom), compared, and the report
# page is taken as a picture by Chromium. Fonts are the machine's. Then what counts as bone in a chest with contrast agent.
set -euo pipefail
build=$(cd "$1" && pwd)
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
docs=$tools/../docs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$build/apps/cli/boneflare" ct-phantom --out pair --seed 7 --in-bone 0 --pixel 0.75 --length 312 --slice 1.25
"$build/apps/cli/boneflare" ct pair/baseline.nii.gz pair/followup.nii.gz --out ct --baseline-date 2019-04-04 --date 2019-06-01 --score 75
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=0.7 --window-size=1180,2020 \
    --screenshot="$docs/ct-report.png" "file://$work/ct/report.html" 2>/dev/null

ninja -C "$build" bench/ct_skeleton
"$build/apps/cli/boneflare" ct-phantom --out plain --seed 1 --lesions 0
"$build/apps/cli/boneflare" ct-phantom --out enhanced --seed 1 --lesions 0 --contrast 300
for chest in plain enhanced; do "$build/bench/ct_skeleton" $chest/baseline.nii.gz out $chest/bone.nii.gz; done
"$tools/ct_contrast_picture.py" enhanced/baseline.nii.gz enhanced/bone.nii.gz plain/bone.nii.gz "$docs/ct-contrast.png"
