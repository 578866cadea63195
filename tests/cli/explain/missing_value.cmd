boneflare explain examples/satoh2021 --patient
