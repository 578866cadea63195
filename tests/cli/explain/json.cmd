boneflare explain examples/shi2021_patient2 --as-of d43 --json
