boneflare rules list --frobnicate
