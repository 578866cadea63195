boneflare simulate --out x --format xml
