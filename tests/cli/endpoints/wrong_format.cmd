boneflare endpoints examples/response --format html
