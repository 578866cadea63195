boneflare explain
