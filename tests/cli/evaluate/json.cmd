boneflare evaluate examples/debondt2020 --format json --seed 7 | sed 's/[0-9a-f]\{64\}/-/' | head -c 1500
