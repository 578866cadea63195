boneflare validate --quiet data/broken nowhere
