boneflare cohort examples/shi2021_table2 --out tables > /dev/null && cd tables && ls && cat adrs.csv adtr.csv adtte.csv landmark.csv
