boneflare evaluate --help
