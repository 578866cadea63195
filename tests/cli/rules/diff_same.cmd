boneflare rules diff builtin data/same.json | tail -n +4
