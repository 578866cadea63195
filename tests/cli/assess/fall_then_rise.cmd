boneflare assess examples/isolated_alp | grep -A9 ^MARKERS
