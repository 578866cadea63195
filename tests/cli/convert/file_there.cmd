touch o && boneflare convert examples/debondt2020 --to case-folder --out o; ls -l o | cut -c1-10
