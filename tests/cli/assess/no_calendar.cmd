boneflare assess examples/kaneko2017 --as-of 2017-05-01
