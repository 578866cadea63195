boneflare simulate --out x --world flat
