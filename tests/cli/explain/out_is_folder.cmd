mkdir folder; boneflare explain examples/debondt2020 --out folder
