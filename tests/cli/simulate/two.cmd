boneflare simulate --patients 2 --class egfr_tki_3 --seed 7 --out x && cut -d, -f1-9,18- x/truth.csv && boneflare validate x/cases
