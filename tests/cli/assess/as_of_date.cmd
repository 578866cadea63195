boneflare assess examples/shi2021_patient1 --as-of 2018-04-04 --format json | cut -c1-120; boneflare assess examples/shi2021_patient1 --as-of 2018-04 --format json | cut -c1-120
