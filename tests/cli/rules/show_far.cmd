boneflare rules show zzzzzzzzzzzz
