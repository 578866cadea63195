boneflare validate data/broken > /dev/full
