boneflare cohort examples/shi2021_table2 --format xml
