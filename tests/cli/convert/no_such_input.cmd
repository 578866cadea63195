boneflare convert examples/nowhere --to case-folder --out o; ls
