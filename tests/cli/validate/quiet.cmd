boneflare validate --quiet data/broken
