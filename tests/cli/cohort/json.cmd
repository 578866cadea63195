boneflare cohort examples/response --format json | sed 's/"sha256":"[0-9a-f]*"/"sha256":"-"/'
