boneflare assess examples/kaneko2017 --as-of 04/05/2019
