boneflare convert examples/debondt2020 --to case-folder --out o --evaluator INVESTIGATOR; ls
