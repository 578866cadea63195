boneflare explain --help
