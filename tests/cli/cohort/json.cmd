boneflare cohort examples/response --format json
