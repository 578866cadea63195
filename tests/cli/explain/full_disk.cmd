boneflare explain examples/satoh2021 > /dev/full
