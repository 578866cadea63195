mkdir o && touch o/mine && boneflare convert examples/debondt2020 --to case-folder --out o; ls . o
