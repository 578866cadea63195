boneflare cohort examples/satoh2021 --out t > /dev/null && cat t/adlb.csv
