boneflare convert examples/debondt2020 --to excel --out o; ls
