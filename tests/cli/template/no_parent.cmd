boneflare template nowhere/mine
