boneflare endpoints examples/response --policy sticky_pr=maybe
