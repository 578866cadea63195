boneflare rules list --rules data/twice.json
