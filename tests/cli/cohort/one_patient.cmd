boneflare cohort examples/satoh2021
