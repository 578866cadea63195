boneflare endpoints examples/response --polices x
