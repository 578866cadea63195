boneflare rules list --standard scale | sed "s/^sha256 [0-9a-f]\{64\}$/sha256 .../"
