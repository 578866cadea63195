boneflare endpoints examples/response > /dev/full
