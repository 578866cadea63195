boneflare endpoints --help
