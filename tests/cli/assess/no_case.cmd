boneflare assess
