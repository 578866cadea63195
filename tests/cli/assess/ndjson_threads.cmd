for n in 1 2 5; do boneflare assess --ndjson --threads $n < data/ndjson/stream.ndjson 2>&1 | sha256sum; done | sort -u | wc -l
