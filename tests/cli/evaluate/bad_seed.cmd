boneflare evaluate examples/debondt2020 --seed -1
