boneflare explain examples/satoh2021 --rules none.json
