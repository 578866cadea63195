boneflare explain examples/debondt2020 --as-of d56
