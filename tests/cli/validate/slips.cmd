boneflare validate examples/shi2021_table2 | grep -A 4 "row 7, date"
