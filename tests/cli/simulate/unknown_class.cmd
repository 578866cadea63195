boneflare simulate --out x --class nothing
