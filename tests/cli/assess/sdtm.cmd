boneflare assess data/sdtm --as-of 2019-03-06 --format json | cut -c1-400 | sed 's/"sha256":"[0-9a-f]*"/"sha256":"..."/'
