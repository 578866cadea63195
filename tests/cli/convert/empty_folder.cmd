mkdir o && boneflare convert examples/debondt2020 --to case-folder --out o --json && ls o
