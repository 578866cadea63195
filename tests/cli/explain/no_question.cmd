boneflare explain examples/satoh2021
