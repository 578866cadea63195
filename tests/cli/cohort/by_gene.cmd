boneflare cohort examples/shi2021_table2 --by EGFR | head -4
