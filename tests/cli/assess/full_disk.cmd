boneflare assess examples/satoh2021 --format json > /dev/full
