boneflare simulate --out x --visits 1.5
