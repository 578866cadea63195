boneflare simulate --out x --patients 0
