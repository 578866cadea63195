boneflare cohort examples/shi2021_table2 --criterion who1979
