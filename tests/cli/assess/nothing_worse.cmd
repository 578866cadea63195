boneflare assess examples/response --patient A --as-of d1 | sed -n 3,5p; boneflare assess examples/response --patient A --as-of d1 --for patient | sed -n 3,6p
