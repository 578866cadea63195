boneflare evaluate --markers examples/shi2021_patient1 --format decision-svg
