boneflare rules
