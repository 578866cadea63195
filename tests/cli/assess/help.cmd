boneflare assess --help
