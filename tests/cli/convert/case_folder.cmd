boneflare convert examples/debondt2020 --to case-folder --out o && for t in o/*.csv; do sort "$t" | cmp - <(sort "examples/debondt2020/${t#o/}") || echo "$t differs"; done
