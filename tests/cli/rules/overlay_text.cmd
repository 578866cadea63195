boneflare rules list --rules data/number_as_text.json
