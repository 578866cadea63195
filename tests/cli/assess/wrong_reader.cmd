boneflare assess examples/kaneko2017 --for nurse
