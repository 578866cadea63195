boneflare simulate --out x --what
