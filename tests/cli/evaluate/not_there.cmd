boneflare evaluate no/such/set
