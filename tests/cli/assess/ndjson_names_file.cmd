boneflare assess --ndjson data/ndjson/stream.ndjson
