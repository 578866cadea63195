boneflare assess examples/kaneko2017 --format json --for patient
