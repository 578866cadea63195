boneflare ct --help
