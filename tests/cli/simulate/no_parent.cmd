boneflare simulate --patients 1 --out no/such/place; echo $?; ls
