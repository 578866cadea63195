boneflare convert examples/debondt2020 --to case-folder --out nowhere/o; ls
