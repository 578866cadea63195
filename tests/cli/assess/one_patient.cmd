boneflare assess examples/shi2021_table2 --patient row3 --format json | wc -l
