boneflare evaluate examples/debondt2020 > /dev/full
