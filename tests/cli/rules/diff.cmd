boneflare rules diff builtin data/strict.json | tail -n +4
