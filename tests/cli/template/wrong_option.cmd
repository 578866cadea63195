boneflare template --force mine
