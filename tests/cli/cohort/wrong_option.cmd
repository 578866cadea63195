boneflare cohort examples/response --colour red
