boneflare endpoints examples/response --policy
