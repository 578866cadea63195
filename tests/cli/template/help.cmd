boneflare template --help
