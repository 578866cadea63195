boneflare asess
