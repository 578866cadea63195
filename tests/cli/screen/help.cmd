boneflare screen --help
