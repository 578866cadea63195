boneflare explain examples/shi2021_table2 --patient row2 --json | cut -c1-160
