boneflare simulate --calibrate --out x
