boneflare cohort examples/response > /dev/full
