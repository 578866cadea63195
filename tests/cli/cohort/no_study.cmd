boneflare cohort
