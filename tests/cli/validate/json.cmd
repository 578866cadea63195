boneflare validate --json data/broken
