boneflare endpoints examples/response --criterion who1979
