boneflare endpoints examples/response --patient A
