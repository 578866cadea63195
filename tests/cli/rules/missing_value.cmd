boneflare rules list --rules
