boneflare simulate --help
