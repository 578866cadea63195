boneflare assess examples/shi2021_table2 --patient row1 --patient nobody --format json >/dev/null
