boneflare rules list --rules data/fixed.json
