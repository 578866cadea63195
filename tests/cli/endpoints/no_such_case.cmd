boneflare endpoints examples/nowhere
