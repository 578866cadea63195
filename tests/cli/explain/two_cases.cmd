boneflare explain examples/satoh2021 examples/kaneko2017
