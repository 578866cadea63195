boneflare assess examples/satoh2021 --format json --review approved --reviewer "Dr. A. \"B\", 2021-03-01" | grep -o "\"review\":{[^}]*}"
