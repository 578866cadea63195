boneflare endpoints examples/response --policy sticky=yes
