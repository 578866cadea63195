touch mine && boneflare template mine
