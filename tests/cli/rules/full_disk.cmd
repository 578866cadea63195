boneflare rules list > /dev/full
