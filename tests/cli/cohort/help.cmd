boneflare cohort --help
