boneflare endpoints examples/response --patient B --format json
