boneflare assess examples/shi2021_patient1 examples/shi2021_table2 --format json | cut -c1-95
