boneflare assess examples/kaneko2017 --review done
