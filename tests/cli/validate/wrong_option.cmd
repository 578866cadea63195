boneflare validate --verbose examples/kaneko2017
