boneflare rules print
