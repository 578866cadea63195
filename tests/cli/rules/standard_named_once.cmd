boneflare rules list --standard nonsense
