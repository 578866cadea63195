boneflare convert --help
