boneflare explain examples/satoh2021 --out no/such/e.txt
