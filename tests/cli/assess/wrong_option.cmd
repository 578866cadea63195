boneflare assess examples/kaneko2017 --quick
