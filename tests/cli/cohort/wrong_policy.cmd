boneflare cohort examples/shi2021_table2 --policy cr_then_pr=maybe
