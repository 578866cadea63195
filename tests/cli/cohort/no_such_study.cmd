boneflare cohort examples/nothing
