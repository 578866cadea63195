boneflare evaluate examples/debondt2020 --ablation --question-only --format markdown | head -28
