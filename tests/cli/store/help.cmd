boneflare store --help
