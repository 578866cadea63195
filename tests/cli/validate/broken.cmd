boneflare validate data/broken
