boneflare explain examples/satoh2021 --out e.txt && head -1 e.txt
