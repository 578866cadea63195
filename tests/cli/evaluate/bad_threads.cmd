boneflare evaluate examples/debondt2020 --threads many
