boneflare validate nowhere
