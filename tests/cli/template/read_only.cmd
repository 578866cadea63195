boneflare template /proc/mine
