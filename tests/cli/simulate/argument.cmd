boneflare simulate case --out x
