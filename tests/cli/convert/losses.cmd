boneflare convert examples/debondt2020 --to sdtm-csv --out o; boneflare convert examples/debondt2020 --to sdtm-csv --out o2 --json | tail -4; cat o/tu.csv
