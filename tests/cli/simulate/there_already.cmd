boneflare simulate --patients 1 --out x && boneflare simulate --patients 1 --out x; echo $?; ls
