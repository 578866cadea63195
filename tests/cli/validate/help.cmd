boneflare validate --help
