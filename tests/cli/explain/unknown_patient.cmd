boneflare explain examples/shi2021_table2 --patient nobody
