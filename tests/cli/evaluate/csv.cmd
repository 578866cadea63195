boneflare evaluate examples/debondt2020 --format csv --threads 2 | grep -E '^(set|part)|always|recist11' | head -60
