boneflare simulate --out x --scenario calm
