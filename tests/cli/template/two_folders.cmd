boneflare template a b
