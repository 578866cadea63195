boneflare cohort examples/shi2021_table2 --by shoe_size
