boneflare explain no/such/folder
