boneflare endpoints examples/response --patient Z --format csv
