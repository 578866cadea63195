boneflare rules list --standard recist --rules data/strict.json | grep "^\*"
