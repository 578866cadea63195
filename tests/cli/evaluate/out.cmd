boneflare evaluate examples/debondt2020 --out x.txt && head -1 x.txt
