boneflare serve --help
