boneflare rules list --rules data/unknown_rule.json
