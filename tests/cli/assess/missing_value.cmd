boneflare assess examples/kaneko2017 --as-of
