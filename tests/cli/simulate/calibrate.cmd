boneflare simulate --calibrate --patients 5 | tail -4; echo ${PIPESTATUS[0]}; boneflare simulate --calibrate --patients 5 --json | head -2
