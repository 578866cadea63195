boneflare template mine && head -q -n 1 mine/*.csv
