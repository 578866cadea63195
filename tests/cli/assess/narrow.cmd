boneflare assess examples/satoh2021 | awk "{ if (length > longest) longest = length } END { print longest <= 100 }"; boneflare assess examples/satoh2021 | grep -c $(printf "\033") || true
