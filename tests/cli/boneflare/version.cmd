boneflare --version
