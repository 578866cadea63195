boneflare evaluate examples/debondt2020 --truth
