boneflare assess examples/kaneko2017 --threads 2
