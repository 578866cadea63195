boneflare endpoints examples/response --format csv
