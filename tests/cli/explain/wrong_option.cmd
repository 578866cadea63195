boneflare explain examples/satoh2021 --bold
