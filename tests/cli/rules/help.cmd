boneflare rules --help
