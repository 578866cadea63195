boneflare evaluate --markers examples/shi2021_patient1 examples/shi2021_patient2
