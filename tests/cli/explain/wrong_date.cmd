boneflare explain examples/satoh2021 --as-of 04/05/2019
