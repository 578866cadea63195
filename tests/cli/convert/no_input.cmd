boneflare convert --to case-folder --out o
