boneflare cohort examples/response --by
