mkdir empty && boneflare validate empty
