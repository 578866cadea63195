boneflare rules list --rules data/empty.json
