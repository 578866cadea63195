boneflare rules list --rules data/none.json
