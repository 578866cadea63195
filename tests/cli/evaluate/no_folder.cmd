boneflare evaluate examples/debondt2020 --out no/such/folder/x
