boneflare simulate --patients 40 --seed 1 --threads 1 --out x && boneflare simulate --patients 40 --seed 1 --threads 3 --out y && diff -r x y && echo the same bytes
