boneflare assess --ndjson --threads 2 < data/ndjson/stream.ndjson | cut -c1-110
