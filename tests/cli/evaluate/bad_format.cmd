boneflare evaluate examples/debondt2020 --format xml
