boneflare assess examples/satoh2021 --rules none.json
