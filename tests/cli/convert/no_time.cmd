boneflare convert examples/debondt2020 --to case-folder --out o --created yesterday; ls
