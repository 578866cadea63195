boneflare --help
